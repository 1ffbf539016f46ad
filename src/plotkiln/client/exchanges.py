"""What passes between an act of the client and whatever carries it out: requests, answers, pauses.

An act is a generator. It yields a `Call` and is sent the `Answer`, or yields a `Pause` and is sent
None; what it returns is the act's result. It opens no connection and sleeps nowhere, so that the
same act serves programs that block and programs that await.
"""

import random
import time
from collections.abc import Generator, Mapping
from typing import Any, TypeVar

import msgspec

from plotkiln.errors import UnavailableError

__all__ = ["Answer", "Call", "Deadline", "Pause", "Steps", "Unanswered", "asked", "once"]

T = TypeVar("T")

#: Statuses that say: not now, but later.
_LATER = frozenset({429, 503})

#: Seconds that are let pass at least, should the server want to be asked again at once; twice as
#: many after each try that it sends away so, and in the end no more than these.
_LEAST_PAUSE, _ENOUGH = 0.5, 8.0

#: Spreads the next tries of many clients that were sent away at once.
_jitter = random.SystemRandom()


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One request."""

    method: str
    #: Below the server's address, with its slash, percent-encoded.
    path: str
    query: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}
    body: bytes = b""
    #: Whether to send it twice does no more than to send it once.
    repeatable: bool = False
    #: Seconds that the answer may take; None: the client's own.
    within: float | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer; its body is whole, and its content coding undone."""

    status: int
    #: By names in small letters.
    headers: Mapping[str, str]
    body: bytes

    @property
    def good(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300

    @property
    def retry_after(self) -> float:
        """Seconds after which to ask again, as far as the server says so; else 1."""
        text = self.headers.get("retry-after", "")
        return float(text) if text.isdecimal() else 1.0


class Pause(msgspec.Struct, frozen=True):
    """A time in which nothing is to be done."""

    seconds: float


#: An act in progress.
Steps = Generator[Call | Pause, Any, T]


class Unanswered(UnavailableError):
    """The server did not answer."""

    #: Whether there was a connection, which broke.
    broken = False


class Deadline:
    """When an act is given up."""

    def __init__(self, seconds: float | None) -> None:
        """Begin to count; None: it is never given up."""
        self.seconds = seconds
        self._end = float("inf") if seconds is None else time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds that are left; 0 when it is over, infinite where there is no end."""
        return max(0.0, self._end - time.monotonic())


def once(call: Call) -> Steps[Answer]:
    """Send a call, and once more where the connection broke on one that may be repeated.

    Servers close idle connections, and may do so while a request is on its way.
    """
    try:
        answer: Answer = yield call
    except Unanswered as error:
        if not (error.broken and call.repeatable):
            raise
        answer = yield call
    return answer


def asked(call: Call, deadline: Deadline) -> Steps[Answer]:
    """Send a call, if it may be repeated again and again while the server says that it cannot now.

    Returns the last answer once the deadline would pass before the server wants to be asked again.
    """
    least = _LEAST_PAUSE
    while True:
        answer = yield from once(call)
        if answer.status not in _LATER or not call.repeatable:
            return answer
        wanted = answer.retry_after
        if wanted < least:
            wanted, least = least, min(least * 2, _ENOUGH)
        pause = wanted * _jitter.uniform(1.0, 1.25)
        if pause >= deadline.left:
            return answer
        yield Pause(pause)
