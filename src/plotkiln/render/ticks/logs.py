"""Ticks on a logarithmic axis: powers of ten, or 1-2-5 where the axis spans few of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from plotkiln.render.ticks.numbers import LinearScale
from plotkiln.render.ticks.writing import NumberWriting, power_of_ten

__all__ = ["LogScale"]

#: Powers of ten from this to that exponent are written as plain numbers.
LEAST_PLAIN, MOST_PLAIN = -4, 6
#: Powers of ten are short and alike: so many times more of them are easily read.
CROWD = 1.5
#: Minor ticks over more decades than this are a smear.
MOST_MINOR_DECADES = 10


@dataclass(frozen=True, slots=True)
class LogScale:
    """A logarithmic axis from `low` to `high`, both positive."""

    low: float
    high: float
    writing: NumberWriting

    def positions(self, most: int) -> list[float]:
        """Return at most about `most` positions: every n-th power of ten, or finer ones."""
        first, last = self._decades()
        count = last - first + 1
        if count >= 3 or (count == 2 and most < 5):
            step = math.ceil(count / (max(most, 1) * CROWD))
            return [10.0**exponent for exponent in range(first, last + 1) if exponent % step == 0]
        fine = [at for at in self._multiples((1, 2, 5)) if self.low <= at <= self.high]
        if 3 <= len(fine) <= most:
            return fine
        if most < 3:
            return fine[:: max(len(fine) // max(most, 1), 1)]
        return LinearScale(self.low, self.high, self.writing).positions(most)

    def minor(self, positions: Sequence[float]) -> list[float]:
        """Return 2, 3, … 9 times each power of ten, unless the axis spans too many of them."""
        if math.log10(self.high) - math.log10(self.low) > MOST_MINOR_DECADES:
            return []
        taken = set(positions)
        multiples = self._multiples(range(1, 10))
        return [at for at in multiples if self.low <= at <= self.high and at not in taken]

    def labels(self, positions: Sequence[float]) -> list[str]:
        """Write each position with the digits it needs; far powers of ten as 10ⁿ."""
        if self.writing.format is not None or not positions:
            return self.writing.write(positions)
        least, most = math.log10(min(positions)), math.log10(max(positions))
        if least >= LEAST_PLAIN and most <= MOST_PLAIN:
            return [text for at in positions for text in self.writing.write([at])]
        if all(_is_power(at) for at in positions):
            written = [power_of_ten(round(math.log10(at))) for at in positions]
            return [f"{self.writing.prefix}{text}{self.writing.suffix}" for text in written]
        return self.writing.write(positions)

    def fraction(self, value: float) -> float:
        """Return where a value stands on the axis, from 0 at `low` to 1 at `high`."""
        low, high = math.log10(self.low), math.log10(self.high)
        return (math.log10(value) - low) / (high - low) if high > low else 0.5

    def _decades(self) -> tuple[int, int]:
        low, high = math.log10(self.low), math.log10(self.high)
        return math.ceil(low - 1e-9), math.floor(high + 1e-9)

    def _multiples(self, digits: Sequence[int]) -> list[float]:
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        exponents = range(max(first, -323), min(last, 307) + 1)
        return [digit * 10.0**exponent for exponent in exponents for digit in digits]


def _is_power(value: float) -> bool:
    exponent = math.log10(value)
    return abs(exponent - round(exponent)) < 1e-9
