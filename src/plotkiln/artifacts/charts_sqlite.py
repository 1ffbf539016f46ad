"""Stored charts in SQLite."""

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from plotkiln.artifacts.charts import Chart, quota_reached
from plotkiln.state import Database

__all__ = ["SqliteCharts"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS charts (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    spec BLOB NOT NULL,
    spec_digest TEXT NOT NULL,
    style TEXT,
    format TEXT,
    created REAL NOT NULL,
    expires REAL,
    template TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS charts_by_expiry ON charts (expires) WHERE expires IS NOT NULL;
CREATE INDEX IF NOT EXISTS charts_of_owner ON charts (owner, expires) WHERE expires IS NOT NULL;
CREATE TABLE IF NOT EXISTS chart_usage (owner TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT;
"""

#: They keep the sum of each owner's specs, whichever process writes: nobody has to add them up.
_COUNTED = """
CREATE TRIGGER charts_counted AFTER INSERT ON charts BEGIN
    INSERT INTO chart_usage VALUES (NEW.owner, length(NEW.spec))
    ON CONFLICT (owner) DO UPDATE SET bytes = bytes + excluded.bytes;
END
"""
_UNCOUNTED = """
CREATE TRIGGER charts_uncounted AFTER DELETE ON charts BEGIN
    UPDATE chart_usage SET bytes = bytes - length(OLD.spec) WHERE owner = OLD.owner;
END
"""
_SO_FAR = "INSERT INTO chart_usage SELECT owner, sum(length(spec)) FROM charts GROUP BY owner"

#: Rows that are looked at to tell when there is room.
_MOST_LOOKED_AT = 10_000


class SqliteCharts:
    """Charts by id, in one file for all processes of one machine."""

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def open(self) -> None:
        """Create the table where it is missing, and what it lacks where it is older."""
        await self._database.script(SCHEMA)
        await self._database.write(_add_template)
        await self._database.write(_begin_counting)

    async def get(self, id: str) -> Chart | None:  # noqa: A002 -- the field's word
        """Return one chart, None where there is none or it has expired."""
        row = await self._database.read(lambda connection: self._select(connection, id))
        if row is None:
            return None
        owner, spec, spec_digest, style, format_, template = row
        return Chart(
            id=id,
            owner=owner,
            spec=spec,
            spec_digest=spec_digest,
            style=style,
            format=format_,
            template=template,
        )

    async def put(self, chart: Chart, *, keep: float | None, quota: int = 0) -> None:
        """Store a chart for `keep` seconds from now, for ever if None; never shorten its time.

        Raises `LimitReached` where all charts of its owner would be more than `quota` bytes.
        """
        expires = None if keep is None else self._now() + keep

        def put(connection: sqlite3.Connection) -> None:
            before = _usage(connection, chart.owner)
            self._upsert(connection, chart, expires)
            if quota and _usage(connection, chart.owner) > before:
                self._check(connection, chart, quota)

        await self._database.write(put)

    async def usage(self, owner: str) -> int:
        """See `Charts.usage`."""
        return await self._database.read(lambda connection: _usage(connection, owner))

    async def sweep(self) -> int:
        """Delete the charts whose time is over; return how many they were."""
        return await self._database.write(
            lambda connection: (
                connection.execute("DELETE FROM charts WHERE expires <= ?", (self._now(),)).rowcount
            )
        )

    def _check(self, connection: sqlite3.Connection, chart: Chart, quota: int) -> None:
        """Raise `LimitReached` beyond the quota, which takes back what was written before."""
        if _usage(connection, chart.owner) <= quota:
            return
        connection.execute("DELETE FROM charts WHERE expires <= ?", (self._now(),))
        above = _usage(connection, chart.owner) - quota
        if above > 0:
            raise quota_reached(quota, self._room_in(connection, chart, above))

    def _room_in(self, connection: sqlite3.Connection, chart: Chart, needed: int) -> float | None:
        """Return the seconds until so many bytes of others have expired, None where they never do.

        A chart larger than the quota never has room.
        """
        for expires, size in connection.execute(
            "SELECT expires, length(spec) FROM charts"
            " WHERE owner = ? AND id != ? AND expires IS NOT NULL ORDER BY expires LIMIT ?",
            (chart.owner, chart.id, _MOST_LOOKED_AT),
        ):
            needed -= size
            if needed <= 0:
                return float(expires) - self._now()
        return None

    def _select(self, connection: sqlite3.Connection, id: str) -> tuple[Any, ...] | None:  # noqa: A002
        row: tuple[Any, ...] | None = connection.execute(
            "SELECT owner, spec, spec_digest, style, format, template FROM charts"
            " WHERE id = ? AND (expires IS NULL OR expires > ?)",
            (id, self._now()),
        ).fetchone()
        return row

    def _upsert(self, connection: sqlite3.Connection, chart: Chart, expires: float | None) -> None:
        connection.execute(
            "INSERT INTO charts"
            " (id, owner, spec, spec_digest, style, format, created, expires, template)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET expires = CASE"
            " WHEN charts.expires IS NULL OR excluded.expires IS NULL THEN NULL"
            " ELSE max(charts.expires, excluded.expires) END",
            (
                chart.id,
                chart.owner,
                chart.spec,
                chart.spec_digest,
                chart.style,
                chart.format,
                self._now(),
                expires,
                chart.template,
            ),
        )


def _usage(connection: sqlite3.Connection, owner: str) -> int:
    found = connection.execute("SELECT bytes FROM chart_usage WHERE owner = ?", (owner,)).fetchone()
    return int(found[0]) if found else 0


def _begin_counting(connection: sqlite3.Connection) -> None:
    query = "SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND name = 'charts_counted'"
    if connection.execute(query).fetchone() is None:
        for statement in (_COUNTED, _UNCOUNTED, _SO_FAR):
            connection.execute(statement)


def _add_template(connection: sqlite3.Connection) -> None:
    columns = {row[1] for row in connection.execute("PRAGMA table_info(charts)")}
    if "template" not in columns:
        connection.execute("ALTER TABLE charts ADD COLUMN template TEXT")
