"""When to try again what failed."""

import random
import time

__all__ = ["Retries"]


class Retries:
    """The pauses before the store is tried again: short after a long time of health."""

    def __init__(self, first: float, longest: float) -> None:
        self._first = first
        self._longest = longest
        self._pause = first
        self._began = 0.0

    def begin(self) -> None:
        """Note the beginning of a try."""
        self._began = time.monotonic()

    def pause(self) -> float:
        """Return the seconds to wait after a try: doubled each time, in part by chance."""
        if time.monotonic() - self._began > self._longest:
            self._pause = self._first
        pause = self._pause
        self._pause = min(2 * self._pause, self._longest)
        return pause * random.uniform(0.5, 1)  # noqa: S311 -- spreads the load of many processes
