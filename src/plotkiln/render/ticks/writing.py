"""How numbers are written beside ticks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["NumberWriting", "power_of_ten"]

#: From here on thousands are separated: below, the number may well be a year.
LEAST_SEPARATED = 10_000
#: From here on, and below its inverse, numbers are written with a power of ten.
LEAST_POWER = 1e9
LEAST_DECIMAL = 1e-4
#: No number of an axis needs more digits after the point.
MOST_DECIMALS = 12

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class NumberWriting:
    """The way in which one axis writes its numbers."""

    #: Python's format language; None for as many digits as the ticks need.
    format: str | None = None
    prefix: str = ""
    suffix: str = ""

    def write(self, values: Sequence[float]) -> list[str]:
        """Write the numbers of one axis alike: same decimals, same power of ten."""
        if self.format is not None:
            texts = [format(value, self.format) for value in values]
        else:
            texts = _alike(values)
        return [self._dressed(text) for text in texts]

    def _dressed(self, text: str) -> str:
        """Add prefix and suffix; the sign comes before the prefix: −€5."""
        sign, digits = ("−", text[1:]) if text[:1] in {"-", "−"} else ("", text)
        return f"{sign}{self.prefix}{digits}{self.suffix}"


def power_of_ten(exponent: int) -> str:
    """Write a power of ten: 10⁻³."""
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"


def _alike(values: Sequence[float]) -> list[str]:
    biggest = max((abs(value) for value in values), default=0.0)
    if biggest and not LEAST_DECIMAL <= biggest < LEAST_POWER:
        return _with_power(values, math.floor(math.log10(biggest)))
    separator = "," if biggest >= LEAST_SEPARATED else ""
    decimals = _decimals(values)
    return [f"{value + 0.0:{separator}.{decimals}f}".replace("-", "−") for value in values]


def _with_power(values: Sequence[float], exponent: int) -> list[str]:
    scaled = [_scaled(value, exponent) for value in values]
    decimals = _decimals(scaled)
    written = [f"{value:.{decimals}f}".replace("-", "−") for value in scaled]
    return [
        f"{text}×{power_of_ten(exponent)}" if float(text.replace("−", "-")) else "0"
        for text in written
    ]


def _scaled(value: float, exponent: int) -> float:
    # in two steps: 10**-308 is already inexact, 10**308 times ten is infinite
    half = exponent // 2
    return value / 10.0**half / 10.0 ** (exponent - half)


def _decimals(values: Sequence[float]) -> int:
    """Return the least number of decimals that tells the values apart and shows each in full."""
    steps = [abs(b - a) for a, b in pairwise(values) if a != b]
    slack = min(steps, default=max((abs(value) for value in values), default=1.0)) * 1e-3
    for decimals in range(MOST_DECIMALS):
        if all(abs(round(value, decimals) - value) <= slack for value in values):
            return decimals
    return MOST_DECIMALS
