"""A file that several open at once for the first time, each to switch it to its log."""

import asyncio
from pathlib import Path

import pytest

from plotkiln.state import Database

pytestmark = pytest.mark.anyio


async def opened(path: Path) -> int:
    """Open the file, make the table, and count what is in it."""
    async with Database(path) as database:
        await database.script("CREATE TABLE IF NOT EXISTS numbers (value INTEGER) STRICT;")
        rows = await database.read(lambda c: c.execute("SELECT * FROM numbers").fetchall())
        return len(rows)


async def test_a_new_file_is_opened_by_many_at_once(tmp_path: Path) -> None:
    """Nobody is told that the file is locked because somebody else came first."""
    for number in range(60):
        path = tmp_path / f"{number}.db"
        assert await asyncio.gather(*(opened(path) for _ in range(6))) == [0] * 6
