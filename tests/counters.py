"""Opens the totals under test, as any number of processes would."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from plotkiln.counter.embedded import EmbeddedTotals
from plotkiln.counter.redis import RedisTotals
from plotkiln.counter.totals import Totals
from plotkiln.counter.window import Window
from plotkiln.state import Database
from plotkiln.state.redis import open_redis

__all__ = ["Clock", "TotalsOpener", "embedded_opener", "redis_opener"]


class Clock:
    """A clock that a test turns on."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """Return seconds since 1970."""
        return self.now


#: Opens the same totals time and again, with a dedupe window in hours.
TotalsOpener = Callable[[Clock, float], AbstractAsyncContextManager[Totals]]


def embedded_opener(folder: Path) -> TotalsOpener:
    """Return what opens one SQLite file."""

    @asynccontextmanager
    async def opened(clock: Clock, hours: float) -> AsyncIterator[Totals]:
        async with (
            Database(folder / "counters.sqlite", synchronous="FULL") as database,
            EmbeddedTotals(database, Window(hours), clock=clock) as totals,
        ):
            yield totals

    return opened


def redis_opener(url: str) -> TotalsOpener:
    """Return what opens one Redis."""

    @asynccontextmanager
    async def opened(clock: Clock, hours: float) -> AsyncIterator[Totals]:
        async with open_redis(url) as redis:
            yield RedisTotals(redis, Window(hours), clock=clock)

    return opened
