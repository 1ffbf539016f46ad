"""Records of secrets in SQLite."""

import sqlite3
import time
from collections.abc import Callable

from plotkiln.identity.records import Kind
from plotkiln.state import Database

__all__ = ["SqliteRecords"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS identity_records (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    value BLOB NOT NULL,
    expires REAL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS identity_records_by_expiry ON identity_records (expires)
    WHERE expires IS NOT NULL;
"""

_GET = """
SELECT value FROM identity_records
WHERE kind = ? AND name = ? AND (expires IS NULL OR expires > ?)
"""
_PUT = "INSERT OR REPLACE INTO identity_records (kind, name, value, expires) VALUES (?, ?, ?, ?)"
_ADD = _PUT.replace("REPLACE", "IGNORE")
_CHANGE = "UPDATE identity_records SET value = ?, expires = ? WHERE kind = ? AND name = ?"
_SWEEP = "DELETE FROM identity_records WHERE expires <= ?"
_TAKE = """
DELETE FROM identity_records
WHERE kind = ? AND name = ? AND (expires IS NULL OR expires > ?) RETURNING value
"""
_NAMES = """
SELECT name FROM identity_records
WHERE kind = ? AND (expires IS NULL OR expires > ?) ORDER BY name
"""


class SqliteRecords:
    """Records by kind and name, in one file for all processes of one machine."""

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def open(self) -> None:
        """Create the table where it is missing."""
        await self._database.script(SCHEMA)

    async def get(self, kind: Kind, name: str) -> bytes | None:
        """Return one record, None where there is none or its time is over."""
        return await self._database.read(
            lambda connection: _value(connection.execute(_GET, (kind, name, self._now())))
        )

    async def put(self, kind: Kind, name: str, value: bytes, *, expires: float | None) -> None:
        """Keep a record until `expires`, in epoch seconds, for good if None; replace an older."""
        await self._written(_PUT, (kind, name, value, expires))

    async def add(self, kind: Kind, name: str, value: bytes, *, expires: float | None) -> bool:
        """Keep a record where there is none, in one step; say whether there was none."""
        return await self._written(_ADD, (kind, name, value, expires))

    async def change(self, kind: Kind, name: str, value: bytes, *, expires: float | None) -> bool:
        """Replace a record where there is one, in one step; say whether there was one."""
        return await self._written(_CHANGE, (value, expires, kind, name))

    async def take(self, kind: Kind, name: str) -> bytes | None:
        """Read and remove one record in one step: of several takers one gets it, the rest None."""
        return await self._database.write(
            lambda connection: _value(connection.execute(_TAKE, (kind, name, self._now())))
        )

    async def remove(self, kind: Kind, name: str) -> bool:
        """Remove one record; say whether it was there."""
        return await self.take(kind, name) is not None

    async def names(self, kind: Kind) -> list[str]:
        """Return the names of all records of a kind whose time is not over, sorted."""
        rows = await self._database.read(
            lambda connection: connection.execute(_NAMES, (kind, self._now())).fetchall()
        )
        return [name for (name,) in rows]

    async def sweep(self) -> int:
        """Delete the records whose time is over; return how many they were."""
        return await self._database.write(self._delete_old)

    async def _written(self, statement: str, row: tuple[object, ...]) -> bool:
        """Write one record, and say whether that was done.

        What is over goes at the same time: nothing piles up, and nothing of it is in the way.
        """

        def write(connection: sqlite3.Connection) -> bool:
            self._delete_old(connection)
            return connection.execute(statement, row).rowcount > 0

        return await self._database.write(write)

    def _delete_old(self, connection: sqlite3.Connection) -> int:
        return connection.execute(_SWEEP, (self._now(),)).rowcount


def _value(rows: sqlite3.Cursor) -> bytes | None:
    row: tuple[bytes] | None = rows.fetchone()
    return None if row is None else row[0]
