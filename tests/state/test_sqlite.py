import asyncio
import sqlite3
import sys
from pathlib import Path

import pytest

from plotkiln.errors import StoreUnavailable
from plotkiln.state import Commits, Database

pytestmark = pytest.mark.anyio

SCHEMA = """
CREATE TABLE IF NOT EXISTS numbers (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO numbers VALUES ('one', 0);
"""

COUNTER = """
import asyncio, sys
from pathlib import Path
from plotkiln.state import Database

async def count():
    async with Database(Path(sys.argv[1])) as database:
        await database.script(sys.argv[2])
        for _ in range(20):
            await database.write(lambda c: c.execute("UPDATE numbers SET value = value + 1"))

asyncio.run(count())
"""


def increase(connection: sqlite3.Connection) -> None:
    """Add one to the only row."""
    connection.execute("UPDATE numbers SET value = value + 1")


def total(connection: sqlite3.Connection) -> int:
    """Return the only row's value."""
    found: int = connection.execute("SELECT value FROM numbers").fetchone()[0]
    return found


async def test_a_written_value_is_read_after_opening_again(tmp_path: Path) -> None:
    """What was committed is there for the next who opens the file, whose folder is created."""
    path = tmp_path / "new" / "folder" / "state.db"
    async with Database(path) as database:
        await database.script(SCHEMA)
        await database.write(increase)
    async with Database(path, synchronous="FULL") as database:
        await database.script(SCHEMA)
        assert await database.read(total) == 1


async def test_an_error_inside_rolls_back(tmp_path: Path) -> None:
    """A transaction that raises leaves nothing behind, and the connection goes on working."""

    def increase_and_fail(connection: sqlite3.Connection) -> None:
        increase(connection)
        raise LookupError("on purpose")

    async with Database(tmp_path / "state.db") as database:
        await database.script(SCHEMA)
        with pytest.raises(LookupError):
            await database.write(increase_and_fail)
        await database.write(increase)
        assert await database.read(total) == 1


async def test_a_broken_rule_is_no_outage(tmp_path: Path) -> None:
    """A violated constraint passes as SQLite's own error: the store is well."""
    async with Database(tmp_path / "state.db") as database:
        await database.script(SCHEMA)
        with pytest.raises(sqlite3.IntegrityError):
            await database.write(lambda c: c.execute("INSERT INTO numbers VALUES ('one', 1)"))


async def test_a_cancelled_writer_leaves_a_whole_transaction(tmp_path: Path) -> None:
    """Cancelling whoever waits for a write neither tears it nor blocks the next."""
    async with Database(tmp_path / "state.db") as database:
        await database.script(SCHEMA)
        writer = asyncio.create_task(database.write(increase))
        await asyncio.sleep(0)
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
        await database.write(increase)
        assert await database.read(total) in {1, 2}


async def test_processes_that_open_a_new_file_at_once_all_count(tmp_path: Path) -> None:
    """Four processes create one database together, write 20 times each, and none is refused."""
    path = tmp_path / "state.db"
    command = [sys.executable, "-c", COUNTER, str(path), SCHEMA]
    counters = [await asyncio.create_subprocess_exec(*command) for _ in range(4)]
    assert [await counter.wait() for counter in counters] == [0] * 4
    async with Database(path) as database:
        assert await database.read(total) == 80


async def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    """Another file in the database's place is reported with its path."""
    path = tmp_path / "state.db"
    path.write_bytes(b"not a database, by any means" * 100)
    with pytest.raises(StoreUnavailable, match=r"state\.db"):
        async with Database(path):
            pass


async def test_a_folder_that_cannot_be_is_unavailable(tmp_path: Path) -> None:
    """A file where the folder should be is reported, not raised as an error of the system."""
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(StoreUnavailable, match="data"):
        async with Database(tmp_path / "data" / "state.db"):
            pass


async def test_a_closed_database_is_unavailable(tmp_path: Path) -> None:
    """Whoever comes after the end is told so."""
    async with Database(tmp_path / "state.db") as database:
        await database.script(SCHEMA)
    with pytest.raises(StoreUnavailable, match="not open"):
        await database.read(total)


async def test_commits_are_noticed_and_reads_are_not(tmp_path: Path) -> None:
    """The number changes with a commit of whatever connection, and with nothing else."""
    path = tmp_path / "state.db"
    async with Database(path) as database, Database(path) as other:
        await database.script(SCHEMA)
        with Commits(path) as commits:
            number = commits.number()
            await database.read(total)
            assert commits.number() == number
            await database.write(increase)
            after = commits.number()
            await other.write(increase)
            assert len({number, after, commits.number()}) == 3


async def test_commits_of_what_is_no_database_are_unavailable(tmp_path: Path) -> None:
    """Another file in the database's place is reported with its path."""
    path = tmp_path / "state.db"
    path.write_bytes(b"not a database, by any means" * 100)
    with Commits(path) as commits, pytest.raises(StoreUnavailable, match=r"state\.db"):
        commits.number()
