"""Topics: what one can listen to."""

import re
from collections.abc import Collection, Sequence

from plotkiln.errors import Fault, ForbiddenError, SchemaError
from plotkiln.identity import Principal, Scope

__all__ = ["MOST_TOPICS", "TOPIC", "check_permitted", "checked_topics"]

#: Topics of one socket.
MOST_TOPICS = 64

#: All of a kind, or one thing of it.
TOPIC = r"^(jobs|styles|artifacts)(/[^/\s]{1,200})?$"

#: What whoever listens to a kind must be allowed.
_SCOPES = {"jobs": Scope.JOBS, "styles": Scope.STYLES_READ, "artifacts": Scope.RENDER}

_TOPIC = re.compile(TOPIC.strip("^$"))


def checked_topics(given: Sequence[object], *, place: str) -> frozenset[str]:
    """Return what is asked for; raises `SchemaError` with every fault, by its place."""
    faults = [
        Fault(f"{place}[{number}]", "expected jobs, jobs/ID, styles, styles/NAME, or artifacts")
        for number, topic in enumerate(given)
        if not (isinstance(topic, str) and _TOPIC.fullmatch(topic))
    ]
    if len(given) > MOST_TOPICS:
        faults.append(Fault(place, f"at most {MOST_TOPICS} topics: listen to a kind as a whole"))
    if faults:
        raise SchemaError(faults=faults)
    return frozenset(map(str, given))


def check_permitted(principal: Principal, topics: Collection[str]) -> None:
    """Raise `ForbiddenError` where somebody may not listen to all of these; it names those."""
    denied = [topic for topic in sorted(topics) if not principal.may(_scope_of(topic))]
    if denied:
        missing = sorted({_scope_of(topic) for topic in denied})
        raise ForbiddenError(
            f"You may not listen to {', '.join(denied)}: this needs the scope "
            f"{' and '.join(missing)}.",
            scope=" ".join(missing),
        )


def _scope_of(topic: str) -> Scope:
    return _SCOPES[topic.partition("/")[0]]
