"""What this process takes, and for whom: counted in memory."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping

from plotkiln.account import Entry, Kind, day_of
from plotkiln.service.starts import process_age
from plotkiln.traces import facts

__all__ = ["Tally"]


class Tally:
    """Counts for whom workers draw, and for how long the process lives."""

    def __init__(
        self,
        service: str,
        *,
        clock: Callable[[], float] = time.time,
        age: Callable[[], float] = process_age,
    ) -> None:
        """Take the service that the process is a pod of; `age` tells for how long it has lived."""
        self.service = service
        #: Reads for how many seconds workers have waited so far.
        self.idle: Callable[[], float] = lambda: 0.0
        self._clock = clock
        self._age = age
        self._amounts: defaultdict[tuple[Kind, str], float] = defaultdict(float)
        self._in_all: defaultdict[Kind, float] = defaultdict(float)

    @property
    def born(self) -> float:
        """When the process began, in seconds since 1970."""
        return self._clock() - self._age()

    @property
    def in_all(self) -> Mapping[Kind, float]:
        """What was taken so far, of each kind."""
        return self._in_all

    def worked(self, seconds: float) -> None:
        """Add seconds of a worker, for whoever had it work."""
        self._add("busy", _asking(), seconds)

    def served(self, source: str) -> None:
        """Add a picture, from where `Drawn.source` says, for whoever was given it."""
        self._add("pictures", _asking(), 1)
        if source == "drawn":
            self._add("drawn", _asking(), 1)

    def take(self) -> list[Entry]:
        """Return what was counted since the last time."""
        for kind, so_far in _read(pod=self._age(), idle=self.idle()):
            self._add(kind, self.service, so_far - self._in_all[kind])
        day, amounts = day_of(self._clock()), self._amounts
        self._amounts = defaultdict(float)
        return [Entry(day, kind, who, amount) for (kind, who), amount in amounts.items() if amount]

    def _add(self, kind: Kind, who: str, amount: float) -> None:
        self._amounts[kind, who] += amount
        self._in_all[kind] += amount


def _read(*, pod: float, idle: float) -> tuple[tuple[Kind, float], ...]:
    return ("pod", pod), ("idle", idle)


def _asking() -> str:
    """Return on whose behalf this runs."""
    return facts().get("principal", "anonymous")
