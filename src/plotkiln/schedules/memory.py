"""Until when each schedule was seen to, in SQLite: a start knows what was missed meanwhile.

What was told is remembered by itself, too: a clock that is set back shows the same times again.
"""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from plotkiln.state import Database

__all__ = ["Seen", "SeenSchedules"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS schedules (
    name TEXT PRIMARY KEY,
    cron TEXT NOT NULL,
    until REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS schedules_told (
    name TEXT NOT NULL,
    moment REAL NOT NULL,
    PRIMARY KEY (name, moment)
) STRICT;
"""

#: The most moments that are remembered of a schedule: those that were told last.
_MOST_TOLD = 1000


class Seen(msgspec.Struct, frozen=True):
    """What is known of one schedule."""

    #: Its expression and time zone: with others it begins anew.
    cron: str
    #: No instant until then is due any more.
    until: datetime


class SeenSchedules:
    """What was seen to, by the schedule's name; raises `StoreUnavailable` when SQLite fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self) -> None:
        """Create the table where it is missing."""
        await self._database.script(SCHEMA)

    async def all(self) -> Mapping[str, Seen]:
        """Return what is known of every schedule."""
        return await self._database.read(_all)

    async def forget(self, name: str) -> None:
        """Forget one schedule, if it is known: should it come back, it begins anew."""
        await self._database.write(lambda connection: _forget(connection, name))

    async def begin(self, name: str, seen: Seen) -> None:
        """Remember that one schedule begins, and nothing of what was before."""

        def begin(connection: sqlite3.Connection) -> None:
            _forget(connection, name)
            _tell(connection, name, seen)

        await self._database.write(begin)

    async def put(self, name: str, seen: Seen) -> None:
        """Remember until when one schedule was seen to."""
        await self._database.write(lambda connection: _put(connection, name, seen))

    async def tell(self, name: str, seen: Seen) -> None:
        """Remember it, and that the instant at its end was told."""
        await self._database.write(lambda connection: _tell(connection, name, seen))

    async def last(self, name: str, moment: datetime) -> datetime | None:
        """Return the last that was told until a moment, or the begin; None where none is known."""
        query = "SELECT max(moment) FROM schedules_told WHERE name = ? AND moment <= ?"
        (last,) = await self._database.read(
            lambda connection: connection.execute(query, (name, moment.timestamp())).fetchone()
        )
        return None if last is None else datetime.fromtimestamp(last, UTC)

    async def told(self, name: str, after: datetime, until: datetime) -> frozenset[datetime]:
        """Return what was told of one schedule after a moment, until another."""
        query = "SELECT moment FROM schedules_told WHERE name = ? AND moment > ? AND moment <= ?"
        given = (name, after.timestamp(), until.timestamp())
        rows = await self._database.read(
            lambda connection: connection.execute(query, given).fetchall()
        )
        return frozenset(datetime.fromtimestamp(moment, UTC) for (moment,) in rows)


def _all(connection: sqlite3.Connection) -> Mapping[str, Seen]:
    rows = connection.execute("SELECT name, cron, until FROM schedules").fetchall()
    return {name: Seen(cron, datetime.fromtimestamp(until, UTC)) for name, cron, until in rows}


def _forget(connection: sqlite3.Connection, name: str) -> None:
    connection.execute("DELETE FROM schedules WHERE name = ?", (name,))
    connection.execute("DELETE FROM schedules_told WHERE name = ?", (name,))


def _put(connection: sqlite3.Connection, name: str, seen: Seen) -> None:
    connection.execute(
        "INSERT INTO schedules (name, cron, until) VALUES (?, ?, ?) ON CONFLICT (name)"
        " DO UPDATE SET cron = excluded.cron, until = excluded.until",
        (name, seen.cron, seen.until.timestamp()),
    )


def _tell(connection: sqlite3.Connection, name: str, seen: Seen) -> None:
    _put(connection, name, seen)
    connection.execute(
        "INSERT OR REPLACE INTO schedules_told (name, moment) VALUES (?, ?)",
        (name, seen.until.timestamp()),
    )
    connection.execute(  # in the order in which they were told, whatever the clock said
        "DELETE FROM schedules_told WHERE rowid IN"
        " (SELECT rowid FROM schedules_told WHERE name = ? ORDER BY rowid DESC LIMIT -1 OFFSET ?)",
        (name, _MOST_TOLD),
    )
