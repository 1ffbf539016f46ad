"""Every ledger keeps the same promises."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from plotkiln.account import Entry, Ledger
from plotkiln.account.ledger_redis import RedisLedger
from plotkiln.account.ledger_sqlite import SqliteLedger
from plotkiln.state import Database
from plotkiln.state.redis import open_redis

pytestmark = pytest.mark.anyio

NOW = 1_800_000_000.0
TODAY, BEFORE = "2027-01-15", "2027-01-14"


@asynccontextmanager
async def in_sqlite(path: Path) -> AsyncIterator[Ledger]:
    """Open a ledger in a file."""
    async with Database(path) as database:
        yield SqliteLedger(database, now=lambda: NOW)


@asynccontextmanager
async def in_redis(url: str) -> AsyncIterator[Ledger]:
    """Open a ledger in a Redis."""
    async with open_redis(url) as redis:
        yield RedisLedger(redis, now=lambda: NOW)


@pytest.fixture(params=["sqlite", "redis"])
async def ledgers(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[tuple[Ledger, Ledger]]:
    """Open each kind of ledger in turn, by two processes."""
    if request.param == "redis":
        opener = partial(in_redis, request.getfixturevalue("redis_url"))
    else:
        opener = partial(in_sqlite, tmp_path / "state.sqlite")
    async with opener() as one, opener() as other:
        yield one, other


async def test_amounts_add_up(ledgers: tuple[Ledger, Ledger]) -> None:
    """What several processes add at once is all there, by day, kind and name."""
    entries = [
        Entry(TODAY, "busy", "user:a:b", 0.25),
        Entry(TODAY, "busy", "key:日", 1.5),
        Entry(BEFORE, "pod", "plot", 8.0),
    ]
    await asyncio.gather(
        *(ledgers[number % 2].add(f"batch {number}", entries) for number in range(20))
    )
    for ledger in ledgers:
        assert sorted(await ledger.read(TODAY), key=str) == [
            Entry(TODAY, "busy", "key:日", 30.0),
            Entry(TODAY, "busy", "user:a:b", 5.0),
        ]
        assert Entry(BEFORE, "pod", "plot", 160.0) in await ledger.read(BEFORE)


async def test_a_batch_counts_once(ledgers: tuple[Ledger, Ledger]) -> None:
    """What is sent again, since its answer was lost, adds nothing."""
    for ledger in ledgers:
        await ledger.add("the same", [Entry(TODAY, "drawn", "anonymous", 1)])
    assert await ledgers[0].read(TODAY) == [Entry(TODAY, "drawn", "anonymous", 1)]


async def test_the_first_start_is_kept(ledgers: tuple[Ledger, Ledger]) -> None:
    """Of all starts of a service the earliest is known, whoever told of it first."""
    for at in (NOW + 5, NOW, NOW + 9):
        await ledgers[0].started("plot", at)
    await ledgers[1].started("live", NOW + 1)
    assert await ledgers[1].starts() == {"plot": NOW, "live": NOW + 1}


async def test_an_empty_ledger_is_read(ledgers: tuple[Ledger, Ledger]) -> None:
    """Where nothing was added there is nothing, and no failure."""
    assert (await ledgers[0].read(BEFORE), await ledgers[0].starts()) == ([], {})
