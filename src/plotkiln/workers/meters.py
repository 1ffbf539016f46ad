"""Meters: for how long there was how much of something."""

import time
from collections.abc import Callable

__all__ = ["Meter"]


class Meter:
    """Adds up seconds, as many at a time as there are of what it counts."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin at none; `clock` tells seconds and never goes back."""
        self._clock = clock
        #: How many there are now.
        self.level = 0
        self._total = 0.0
        self._since = clock()

    @property
    def seconds(self) -> float:
        """The seconds so far."""
        return self._total + self.level * (self._clock() - self._since)

    def change(self, by: int) -> None:
        """Note that there are so many more from now on."""
        self._total, self._since = self.seconds, self._clock()
        self.level += by
