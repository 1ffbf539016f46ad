"""Every store of records keeps the same promises."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from counters import Clock
from plotkiln.errors import StoreUnavailable
from plotkiln.identity import Scope
from plotkiln.identity.records import Records, read_record, record_name
from plotkiln.identity.records_redis import RedisRecords
from plotkiln.identity.records_sqlite import SqliteRecords
from plotkiln.state import Database
from plotkiln.state.redis import open_redis

pytestmark = pytest.mark.anyio

NAME, OTHER = record_name("one secret"), record_name("another")
SOON = 4_000_000_000.0


@asynccontextmanager
async def in_sqlite(
    path: Path, now: Callable[[], float] = time.time
) -> AsyncIterator[SqliteRecords]:
    """Open records in a file."""
    async with Database(path) as database:
        records = SqliteRecords(database, now=now)
        await records.open()
        yield records


@asynccontextmanager
async def in_redis(url: str) -> AsyncIterator[Records]:
    """Open records in a Redis."""
    async with open_redis(url) as redis:
        yield RedisRecords(redis)


@pytest.fixture(params=["sqlite", "redis"])
async def records(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Records]:
    """Open each kind of store in turn."""
    if request.param == "sqlite":
        async with in_sqlite(tmp_path / "state.sqlite") as in_file:
            yield in_file
    else:
        async with in_redis(request.getfixturevalue("redis_url")) as shared:
            yield shared


async def test_a_record_is_found_under_its_kind_and_name(records: Records) -> None:
    """What was put is what is got, byte for byte, under that kind and name alone."""
    await records.put("session", NAME, b"\x00one\xff", expires=SOON)
    assert await records.get("session", NAME) == b"\x00one\xff"
    assert await records.get("ticket", NAME) is None
    assert await records.get("session", OTHER) is None


async def test_a_later_record_replaces_an_earlier(records: Records) -> None:
    """Under one name there is one record, and its time is the later one's."""
    await records.put("key", NAME, b"old", expires=SOON)
    await records.put("key", NAME, b"new", expires=None)
    assert await records.get("key", NAME) == b"new"
    assert await records.names("key") == [NAME]


async def test_a_record_is_over_at_its_time(records: Records) -> None:
    """A record whose time is over is not got, not taken, not named."""
    await records.put("session", NAME, b"value", expires=1.0)
    assert await records.get("session", NAME) is None
    assert await records.take("session", NAME) is None
    assert await records.names("session") == []
    assert not await records.remove("session", NAME)


async def test_a_record_put_with_a_time_that_is_over_replaces_one_that_is_good(
    records: Records,
) -> None:
    """Putting a record that is over ends the one that was there."""
    await records.put("key", NAME, b"value", expires=None)
    await records.put("key", NAME, b"value", expires=1.0)
    assert await records.get("key", NAME) is None


async def test_a_record_is_added_where_there_is_none(records: Records) -> None:
    """Of many that add one, one does; what is there stays, and what is over is none."""
    values = [bytes([number]) for number in range(20)]
    added = await asyncio.gather(
        *(records.add("key-name", NAME, value, expires=SOON) for value in values)
    )
    (winner,) = (value for value, was in zip(values, added, strict=True) if was)
    assert await records.get("key-name", NAME) == winner
    assert not await records.add("key-name", NAME, b"late", expires=None)
    assert await records.remove("key-name", NAME)
    assert await records.add("key-name", NAME, b"over", expires=1.0)
    assert await records.get("key-name", NAME) is None
    assert await records.add("key-name", NAME, b"new", expires=None)


async def test_a_record_is_changed_where_there_is_one(records: Records) -> None:
    """What was removed is not brought back; what is there has the new value and time."""
    assert not await records.change("key", NAME, b"new", expires=SOON)
    assert await records.get("key", NAME) is None
    await records.put("key", NAME, b"old", expires=None)
    assert await records.change("key", NAME, b"new", expires=SOON)
    assert await records.get("key", NAME) == b"new"
    assert await records.change("key", NAME, b"over", expires=1.0)
    assert await records.get("key", NAME) is None
    assert not await records.change("key", NAME, b"new", expires=None)


@pytest.mark.parametrize("how", ["put", "add", "change"])
async def test_a_record_is_good_until_its_time(how: str, records: Records) -> None:
    """It is there before its time, and soon after it is not, whatever wrote it."""
    end = time.time() + 0.5
    if how == "change":
        await records.put("session", NAME, b"", expires=None)
    await getattr(records, how)("session", NAME, b"value", expires=end)
    await records.put("session", OTHER, b"", expires=end + 600)
    found = await records.get("session", NAME)
    assert found == b"value" or time.time() >= end
    async with asyncio.timeout(30):
        while found is not None:
            found = await records.get("session", NAME)
    assert time.time() > end - 0.1
    assert await records.get("session", OTHER) == b""


class Held(msgspec.Struct):
    """What a record may hold."""

    name: str
    scopes: frozenset[Scope] = frozenset()


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (None, None),
        (b'{"name":"a","scopes":["jobs"]}', Held("a", frozenset({Scope.JOBS}))),
        (b'{"name":"a","scopes":["jobs","reports"],"later":1}', Held("a", frozenset({Scope.JOBS}))),
        (b'{"name":"a"}', Held("a")),
        (b'{"name":1,"scopes":["jobs"]}', None),
        (b'{"name":"a","scopes":{"jobs":1}}', None),
        (b'{"name":"a","scopes":[["jobs"]],"b":1}', Held("a")),
        (b"[]", None),
        (b"\xff", None),
        (b"", None),
        (b"[" * 100_000, None),
    ],
)
async def test_what_another_release_wrote_is_read_as_far_as_it_can_be(
    value: bytes | None, held: Held | None
) -> None:
    """Scopes that are not known let nobody do anything; what has another form is passed over."""
    assert read_record(value, Held) == held


async def test_of_many_takers_one_gets_it(records: Records) -> None:
    """A ticket is taken once, however many ask at the same time."""
    await records.put("ticket", NAME, b"value", expires=SOON)
    taken = await asyncio.gather(*(records.take("ticket", NAME) for _ in range(20)))
    assert [value for value in taken if value is not None] == [b"value"]


async def test_a_removed_record_is_gone(records: Records) -> None:
    """Removing says whether there was anything to remove."""
    await records.put("key", NAME, b"value", expires=None)
    assert await records.remove("key", NAME)
    assert not await records.remove("key", NAME)
    assert await records.get("key", NAME) is None


async def test_names_are_of_one_kind_and_sorted(records: Records) -> None:
    """Names come sorted; other kinds are not among them."""
    names = sorted(record_name(str(number)) for number in range(50))
    await asyncio.gather(*(records.put("key", name, b"", expires=SOON) for name in names))
    await records.put("session", OTHER, b"", expires=SOON)
    assert await records.names("key") == names


async def test_a_sweep_removes_what_is_over(tmp_path: Path) -> None:
    """The embedded store forgets what is over, and keeps the rest."""
    clock = Clock()
    async with in_sqlite(tmp_path / "state.sqlite", clock) as records:
        await records.put("session", NAME, b"", expires=clock.now + 10)
        await records.put("session", OTHER, b"", expires=clock.now + 30)
        await records.put("key", NAME, b"", expires=None)
        clock.now += 20
        assert await records.sweep() == 1
        assert await records.sweep() == 0
        assert await records.names("session") == [OTHER]
        assert await records.names("key") == [NAME]


async def test_a_write_sweeps_as_well(tmp_path: Path) -> None:
    """What is over does not pile up in a server that nobody sweeps."""
    clock = Clock()
    async with in_sqlite(tmp_path / "state.sqlite", clock) as records:
        await records.put("session", NAME, b"", expires=clock.now + 10)
        clock.now += 20
        await records.put("ticket", NAME, b"", expires=clock.now + 10)
        assert await records.sweep() == 0


async def test_processes_share_records(tmp_path: Path) -> None:
    """What one process put, another one takes."""
    file = tmp_path / "state.sqlite"
    async with in_sqlite(file) as one, in_sqlite(file) as other:
        await one.put("ticket", NAME, b"value", expires=SOON)
        assert await other.take("ticket", NAME) == b"value"
        assert await one.get("ticket", NAME) is None


async def test_a_store_that_fails_says_so() -> None:
    """A Redis that is not there is a store that does not answer, for every method."""
    async with in_redis("redis://127.0.0.1:9/0") as records:
        for call in (
            records.get("key", NAME),
            records.put("key", NAME, b"", expires=None),
            records.add("key", NAME, b"", expires=None),
            records.change("key", NAME, b"", expires=None),
            records.take("key", NAME),
            records.remove("key", NAME),
            records.names("key"),
        ):
            with pytest.raises(StoreUnavailable):
                await call
