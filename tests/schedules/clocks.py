"""Clocks that tests set."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

__all__ = ["SetClock"]


class SetClock:
    """Shows what it is set to; whoever sleeps moves it on, by as much and an error, to an end."""

    def __init__(self, moment: datetime, *, errors: Iterator[float] | None = None) -> None:
        """Begin at a moment; `errors` are the seconds by which each sleep takes longer."""
        self.moment = moment
        self.end = moment
        self.slept: list[float] = []
        self._errors = errors
        self._ended = asyncio.Event()

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment

    async def sleep(self, seconds: float) -> None:
        """Move on; at the end, for ever."""
        self.slept.append(seconds)
        error = next(self._errors, 0.0) if self._errors else 0.0
        self.moment += timedelta(seconds=max(seconds + error, 0.001))
        if self.moment > self.end:
            self._ended.set()
            await asyncio.Event().wait()
        await asyncio.sleep(0)

    async def run_until(self, end: datetime) -> None:
        """Wait until a sleeper has moved it past an end."""
        self.end = end
        await self._ended.wait()
