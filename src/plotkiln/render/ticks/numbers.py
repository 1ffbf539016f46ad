"""Ticks on a linear axis of numbers: round positions, written in as few characters as needed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.ticker import MaxNLocator

from plotkiln.render.ticks.writing import NumberWriting

__all__ = ["LinearScale"]


@dataclass(frozen=True, slots=True)
class LinearScale:
    """A linear axis of numbers from `low` to `high`."""

    low: float
    high: float
    writing: NumberWriting
    #: Whether every value on the axis is a whole number: then no tick stands between two of them.
    whole: bool = False

    def positions(self, most: int) -> list[float]:
        """Return at most about `most` round positions within the axis."""
        locator = MaxNLocator(max(most, 1), steps=[1, 2, 2.5, 5, 10], integer=self.whole)
        found = [float(value) for value in locator.tick_values(self.low, self.high)]
        slack = (self.high - self.low) * 1e-9
        inside = [at + 0.0 for at in found if self.low - slack <= at <= self.high + slack]
        return list(dict.fromkeys(inside))

    def minor(self, _positions: Sequence[float]) -> list[float]:
        """Return no minor ticks: between linear ticks the eye interpolates."""
        return []

    def labels(self, positions: Sequence[float]) -> list[str]:
        """Write each position."""
        return self.writing.write(positions)

    def fraction(self, value: float) -> float:
        """Return where a value stands on the axis, from 0 at `low` to 1 at `high`."""
        span = self.high - self.low
        return (value - self.low) / span if span and math.isfinite(span) else 0.5
