"""Many small writes in few transactions."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from plotkiln.errors import StoreUnavailable
from plotkiln.state import Database
from plotkiln.state.grouped import GroupedWrites

pytestmark = pytest.mark.anyio

SCHEMA = "CREATE TABLE IF NOT EXISTS numbers (value INTEGER PRIMARY KEY) STRICT"


def numbers(connection: sqlite3.Connection) -> list[int]:
    """Return all numbers."""
    return [value for (value,) in connection.execute("SELECT value FROM numbers ORDER BY value")]


async def add(writes: GroupedWrites, number: int) -> int:
    """Add one number."""

    def write(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO numbers VALUES (?)", (number,))
        return number

    return await writes.write(write)


async def test_each_write_is_by_itself(tmp_path: Path) -> None:
    """Of writes that share a transaction one that fails takes no other along."""
    async with Database(tmp_path / "state.sqlite") as database:
        await database.script(SCHEMA)
        async with GroupedWrites(database) as writes:
            given = [1, 2, 2, 3]
            ends = await asyncio.gather(
                *(add(writes, number) for number in given), return_exceptions=True
            )
        assert [end if isinstance(end, int) else type(end) for end in ends] == [
            1,
            2,
            sqlite3.IntegrityError,
            3,
        ]
        assert await database.read(numbers) == [1, 2, 3]


async def test_leaving_commits_what_waits(tmp_path: Path) -> None:
    """Every write that was begun before the end gets its answer; one after it is refused."""
    async with Database(tmp_path / "state.sqlite") as database:
        await database.script(SCHEMA)
        async with GroupedWrites(database) as writes:
            under_way = [asyncio.create_task(add(writes, number)) for number in range(1200)]
            await asyncio.sleep(0)
        assert await asyncio.gather(*under_way) == list(range(1200))
        assert await database.read(numbers) == list(range(1200))
        with pytest.raises(StoreUnavailable, match="is not open"):
            await add(writes, -1)


async def test_a_caller_may_leave(tmp_path: Path) -> None:
    """A caller that is cancelled leaves the others to their answers."""
    async with Database(tmp_path / "state.sqlite") as database:
        await database.script(SCHEMA)
        async with GroupedWrites(database) as writes:
            leaving, staying = (asyncio.create_task(add(writes, number)) for number in (1, 2))
            await asyncio.sleep(0)
            leaving.cancel()
            assert await staying == 2
            assert await add(writes, 3) == 3
        assert leaving.cancelled()
