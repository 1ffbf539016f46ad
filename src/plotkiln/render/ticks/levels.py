"""Ticks at given levels: as many of them as there is room for."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from plotkiln.render.ticks.writing import NumberWriting

__all__ = ["LevelScale"]


@dataclass(frozen=True, slots=True)
class LevelScale:
    """An axis of numbers from the first of some rising levels to the last."""

    levels: Sequence[float]
    writing: NumberWriting

    @property
    def low(self) -> float:
        """The least level."""
        return self.levels[0]

    @property
    def high(self) -> float:
        """The greatest level."""
        return self.levels[-1]

    def positions(self, most: int) -> list[float]:
        """Return at most `most` levels: every n-th of them."""
        return list(self.levels[:: math.ceil(len(self.levels) / max(most, 1))])

    def minor(self, _positions: Sequence[float]) -> list[float]:
        """Return no minor ticks."""
        return []

    def labels(self, positions: Sequence[float]) -> list[str]:
        """Write each position."""
        return self.writing.write(positions)

    def fraction(self, value: float) -> float:
        """Return where a value stands on the axis, from 0 to 1."""
        span = self.high - self.low
        return (value - self.low) / span if span else 0.5
