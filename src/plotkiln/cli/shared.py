"""What processes share: charts, jobs, counters, names, handled events; in Redis or in SQLite."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from plotkiln.account import Ledger
from plotkiln.artifacts import Artifacts, Charts, SqliteArtifacts, SqliteCharts
from plotkiln.artifacts.last_good import LastGood, SqliteLastGood
from plotkiln.counter.embedded import EmbeddedTotals
from plotkiln.counter.totals import Totals
from plotkiln.counter.window import Window
from plotkiln.events.replies import EmbeddedReplies, Replies
from plotkiln.jobs import JobStore
from plotkiln.settings import Settings
from plotkiln.state import Database

__all__ = ["SharedStores", "open_job_store", "open_ledger", "open_shared", "open_totals"]


#: Seconds for which the last good picture of a spec is known where its bytes are kept for good.
_YEAR = 365 * 86400.0


class SharedStores(msgspec.Struct, frozen=True, kw_only=True):
    """One of each."""

    charts: Charts
    last_good: LastGood
    artifacts: Artifacts
    totals: Totals
    #: None: no event is remembered.
    replies: Replies | None
    jobs: JobStore


@asynccontextmanager
async def open_shared(settings: Settings, database: Database) -> AsyncIterator[SharedStores]:
    """Open them where the settings say; `database` is the one for small embedded things."""
    if settings.redis_url:
        async with _in_redis(settings) as shared:
            yield shared
    else:
        async with _in_sqlite(settings, database) as shared:
            yield shared


@asynccontextmanager
async def open_totals(settings: Settings) -> AsyncIterator[Totals]:
    """Open the counters alone."""
    window = Window(settings.counter_window)
    if settings.redis_url:
        from plotkiln.counter.redis import RedisTotals
        from plotkiln.state.redis import open_redis

        async with open_redis(settings.redis_url) as redis:
            yield RedisTotals(redis, window)
    else:
        async with (
            # FULL: what was counted is said to the world at once
            Database(settings.data / "counters.sqlite", synchronous="FULL") as database,
            EmbeddedTotals(database, window) as totals,
        ):
            yield totals


@asynccontextmanager
async def open_job_store(settings: Settings) -> AsyncIterator[JobStore]:
    """Open the jobs alone."""
    if settings.redis_url:
        from plotkiln.jobs.redis import RedisJobs
        from plotkiln.state.redis import open_redis

        async with open_redis(settings.redis_url) as redis:
            yield RedisJobs(redis)
    else:
        from plotkiln.jobs.sqlite import SqliteJobs

        async with (
            # FULL: what was accepted is promised
            Database(settings.data / "jobs.sqlite", synchronous="FULL") as database,
            SqliteJobs(database) as jobs,
        ):
            yield jobs


@asynccontextmanager
async def open_ledger(settings: Settings, database: Database) -> AsyncIterator[Ledger]:
    """Open the account's ledger alone; nothing is asked for before it is written, or read."""
    if settings.redis_url:
        from plotkiln.account.ledger_redis import RedisLedger
        from plotkiln.state.redis import open_redis

        async with open_redis(settings.redis_url) as redis:
            yield RedisLedger(redis)
    else:
        from plotkiln.account.ledger_sqlite import SqliteLedger

        yield SqliteLedger(database)


@asynccontextmanager
async def _in_redis(settings: Settings) -> AsyncIterator[SharedStores]:
    from plotkiln.artifacts.charts_redis import RedisCharts
    from plotkiln.artifacts.last_good_redis import RedisLastGood
    from plotkiln.artifacts.names_redis import RedisArtifacts
    from plotkiln.counter.redis import RedisTotals
    from plotkiln.events.replies_redis import RedisReplies
    from plotkiln.jobs.redis import RedisJobs
    from plotkiln.state.redis import open_redis

    window = settings.events_window * 3600
    async with open_redis(settings.redis_url) as redis:
        yield SharedStores(
            charts=RedisCharts(redis),
            last_good=RedisLastGood(redis, keep=_kept(settings)),
            artifacts=RedisArtifacts(redis),
            totals=RedisTotals(redis, Window(settings.counter_window)),
            replies=RedisReplies(redis, window=window) if window else None,
            jobs=RedisJobs(redis),
        )


@asynccontextmanager
async def _in_sqlite(settings: Settings, database: Database) -> AsyncIterator[SharedStores]:
    artifacts, window = SqliteArtifacts(database), settings.events_window * 3600
    charts, last_good = SqliteCharts(database), SqliteLastGood(database, keep=_kept(settings))
    replies = EmbeddedReplies(database, window=window) if window else None
    for store in (charts, last_good, artifacts, replies):
        if store is not None:
            await store.open()
    async with open_totals(settings) as totals, open_job_store(settings) as jobs:
        yield SharedStores(
            charts=charts,
            last_good=last_good,
            artifacts=artifacts,
            totals=totals,
            replies=replies,
            jobs=jobs,
        )


def _kept(settings: Settings) -> float:
    """Return for how many seconds the last good picture is known: as long as its bytes are."""
    return settings.artifacts_max_age * 3600 or _YEAR
