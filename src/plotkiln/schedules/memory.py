"""Until when each schedule was seen to, in SQLite: a start knows what was missed meanwhile."""

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
"""


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
        await self._database.write(
            lambda connection: connection.execute("DELETE FROM schedules WHERE name = ?", (name,))
        )

    async def put(self, name: str, seen: Seen) -> None:
        """Remember it of one schedule."""
        await self._database.write(
            lambda connection: connection.execute(
                "INSERT INTO schedules (name, cron, until) VALUES (?, ?, ?) ON CONFLICT (name)"
                " DO UPDATE SET cron = excluded.cron, until = excluded.until",
                (name, seen.cron, seen.until.timestamp()),
            )
        )


def _all(connection: sqlite3.Connection) -> Mapping[str, Seen]:
    rows = connection.execute("SELECT name, cron, until FROM schedules").fetchall()
    return {name: Seen(cron, datetime.fromtimestamp(until, UTC)) for name, cron, until in rows}
