"""How much one principal may ask for: so many requests a minute, so many renders at once."""

import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from plotkiln.errors import LimitReached
from plotkiln.identity import ANONYMOUS, NOBODY, Principal
from plotkiln.service.metrics import Metrics

__all__ = ["UNLIMITED", "Limits", "RenderTurns", "RequestRates", "SocketTurns"]

#: Principals whose requests are remembered; whoever asked longest ago is forgotten first.
_MOST = 10_000

#: The least requests that may come at once: a page of pictures.
_LEAST_BURST = 20

#: Sign-ins a minute that one address may begin.
_SIGN_INS = 600

#: What events are sent by: brokers wait for nobody's rate, and bound themselves what they deliver.
_EVENTS = "event:"

#: Whom no limit is for: nobody can be told from others by name alone.
_FREE = frozenset({ANONYMOUS.name, NOBODY.name})


class RequestRates:
    """A token bucket for each principal: a quarter of a minute's worth at once, then steadily.

    In this process's memory alone, a full bucket not at all: each process of a cluster counts by
    itself.
    """

    def __init__(
        self, per_minute: int, *, most: int = _MOST, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Take the requests of a minute; 0: no bound. `most` principals are remembered."""
        self._per_second = per_minute / 60
        self._burst = max(_LEAST_BURST, per_minute / 4)
        self._most = most
        self._now = now
        #: Name → requests that are left, and when they were counted; the latest last.
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> None:
        """Count one request; raises `LimitReached` where there are none left for now."""
        if not self._per_second:
            return
        now = self._now()
        left, counted = self._left.pop(name, (self._burst, now))
        left = min(self._burst, left + (now - counted) * self._per_second)
        self._left[name] = (max(0.0, left - 1) if left >= 1 else left, now)
        if len(self._left) > self._most:
            self._left.popitem(last=False)
        if left < 1:
            wait = math.ceil((1 - left) / self._per_second)
            raise LimitReached(_TOO_MANY, reason="rate", retry_after=max(1, wait))


class _Turns:
    """Counts what each principal has under way in this process."""

    #: Which limit this is, what is told where it is reached, and when to come again, in seconds.
    _reason: ClassVar[str]
    _told: ClassVar[str]
    _later: ClassVar[int]

    def __init__(self, most: int) -> None:
        """Take how much there may be of one principal; 0: no bound."""
        self._most = most
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Count one while inside; raises `LimitReached` where there are enough."""
        if _is_free(name) or not self._most:
            yield
            return
        if self._under_way[name] >= self._most:
            told = self._told.format(self._most)
            raise LimitReached(told, reason=self._reason, retry_after=self._later)
        self._under_way[name] += 1
        try:
            yield
        finally:
            self._under_way[name] -= 1
            if not self._under_way[name]:
                del self._under_way[name]


class RenderTurns(_Turns):
    """Counts the renders of each principal that run or wait."""

    _reason = "concurrency"
    _told = (
        "{} drawings of yours run or wait already; ask again once one of them is done, or send"
        " jobs."
    )
    _later = 1


class SocketTurns(_Turns):
    """Counts the sockets that each principal has open."""

    _reason = "sockets"
    _told = "{} sockets of yours are open already; close one, or ask GET /jobs meanwhile."
    _later = 30


class Limits:
    """What requests of principals are held to before anything is done for them."""

    def __init__(self, rates: RequestRates, metrics: Metrics) -> None:
        self._rates = rates
        self._metrics = metrics
        self._sign_ins = RequestRates(_SIGN_INS)

    def admit(self, principal: Principal, path: str) -> None:
        """Count a request; raises `LimitReached`.

        Signed addresses have a rate each: their readers are many, and know nothing of each other.
        """
        if _is_free(principal.name):
            return
        self._rates.take(f"{principal.name} {path}" if principal.is_signed else principal.name)

    def admit_stranger(self, address: str) -> None:
        """Count a sign-in that begins; raises `LimitReached`.

        Each leaves a record for some minutes, and nobody knows yet who asks: they are told apart by
        the address that they come from, behind a gateway not at all.
        """
        self._sign_ins.take(address)

    def refused(self, error: LimitReached) -> None:
        """Count a refusal, whoever made it."""
        self._metrics.count("limits_refused", error.reason)


def _is_free(name: str) -> bool:
    return name in _FREE or name.startswith(_EVENTS)


#: For where there is no identity, and whoever draws for themselves.
UNLIMITED = RenderTurns(0)

_TOO_MANY = "You ask more often than one principal may; wait as long as Retry-After says."
