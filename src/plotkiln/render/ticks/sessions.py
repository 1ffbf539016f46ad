"""Ticks on a time axis of sessions, which stand at 0, 1, 2, … whatever time lies between them."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from plotkiln.render.ticks.times import TimeScale, begins_month

__all__ = ["SessionScale"]


@dataclass(frozen=True, slots=True)
class SessionScale:
    """An axis of sessions from the place `low` to the place `high`."""

    low: float
    high: float
    #: Days since 1970-01-01T00:00Z, in rising order.
    sessions: Sequence[float]
    #: As of a `TimeScale`.
    format: str | None = None
    between: str = "\n"
    #: What is written at a place: the month or the day that begins, else the session's own time.
    _moments: dict[float, float] = field(default_factory=dict)

    def positions(self, most: int) -> list[float]:
        """Return the places of at most `most` sessions: each the first from a round moment on."""
        moments = self._times().positions(most)
        monthly = all(begins_month(at) for at in moments)
        daily = all(at == math.floor(at) for at in moments)
        self._moments.clear()
        for at in moments:
            place = bisect_left(self.sessions, at)
            if place < len(self.sessions) and self.low <= place <= self.high:
                own = math.floor(self.sessions[place]) if daily else self.sessions[place]
                self._moments.setdefault(float(place), at if monthly else float(own))
        if not self._moments and most:
            place = min(max(round(self.low + 0.5), 0), len(self.sessions) - 1)
            self._moments[float(place)] = self.sessions[place]
        return list(self._moments)

    def minor(self, _positions: Sequence[float]) -> list[float]:
        """Return no minor ticks."""
        return []

    def labels(self, positions: Sequence[float]) -> list[str]:
        """Write each position that `positions` returned last."""
        return self._times().labels([self._moments[at] for at in positions])

    def fraction(self, value: float) -> float:
        """Return where a place stands on the axis, from 0 at `low` to 1 at `high`."""
        span = self.high - self.low
        return (value - self.low) / span if span else 0.5

    def _times(self) -> TimeScale:
        places = np.arange(len(self.sessions))
        low, high = np.interp([self.low, self.high], places, self.sessions)
        # From the day's begin on, so that the first day of sessions within days has a tick.
        return TimeScale(math.floor(low), float(high), self.format, self.between)
