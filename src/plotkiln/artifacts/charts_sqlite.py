"""Stored charts in SQLite."""

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from plotkiln.artifacts.charts import Chart
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
"""


class SqliteCharts:
    """Charts by id, in one file for all processes of one machine."""

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def open(self) -> None:
        """Create the table where it is missing, and what it lacks where it is older."""
        await self._database.script(SCHEMA)
        await self._database.write(_add_template)

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

    async def put(self, chart: Chart, *, keep: float | None) -> None:
        """Store a chart for `keep` seconds from now, for ever if None; never shorten its time."""
        expires = None if keep is None else self._now() + keep
        await self._database.write(lambda connection: self._upsert(connection, chart, expires))

    async def sweep(self) -> int:
        """Delete the charts whose time is over; return how many they were."""
        return await self._database.write(
            lambda connection: (
                connection.execute("DELETE FROM charts WHERE expires <= ?", (self._now(),)).rowcount
            )
        )

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


def _add_template(connection: sqlite3.Connection) -> None:
    columns = {row[1] for row in connection.execute("PRAGMA table_info(charts)")}
    if "template" not in columns:
        connection.execute("ALTER TABLE charts ADD COLUMN template TEXT")
