"""How long the client bears with a server that is busy, or away."""

from plotkiln.client.exchanges import (
    Answer,
    Call,
    Deadline,
    Pause,
    Steps,
    Unanswered,
    asked,
)

__all__ = ["GRACE", "PATIENCE", "got", "outlived"]

#: Seconds for which a call that says 429 or 503 is tried again.
PATIENCE = 30.0

#: Seconds beyond those that an answer is held back, until the connection counts as dead.
GRACE = 10.0

#: Seconds for which a server may be away while its job is followed: a restart, a new pod.
_AWAY = 60.0
#: Seconds between two looks whether it is back.
_LOOK_EVERY = 1.0


def got(path: str, query: dict[str, str] | None = None) -> Steps[Answer]:
    """Ask for something, with the usual patience."""
    call = Call(method="GET", path=path, query=query or {}, repeatable=True)
    return (yield from asked(call, Deadline(PATIENCE)))


def outlived(call: Call, deadline: Deadline) -> Steps[Answer]:
    """Send a call, again and again while no server answers, or one that is about to end."""
    away = Deadline(min(_AWAY, deadline.left))
    while True:
        try:
            answer = yield from asked(call, away)
        except Unanswered:
            if away.left <= _LOOK_EVERY:
                raise
        else:
            if answer.status not in {502, 504} or away.left <= _LOOK_EVERY:
                return answer
        yield Pause(_LOOK_EVERY)
