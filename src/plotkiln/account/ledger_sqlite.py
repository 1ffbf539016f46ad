"""The ledger in SQLite: one machine."""

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence

from plotkiln.account.ledger import KEPT_DAYS, Entry, day_of
from plotkiln.state import Database

__all__ = ["SqliteLedger"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    who TEXT NOT NULL,
    amount REAL NOT NULL,
    PRIMARY KEY (day, kind, who)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS account_starts (
    service TEXT PRIMARY KEY,
    at REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS account_batches (
    id TEXT PRIMARY KEY,
    at REAL NOT NULL
) STRICT, WITHOUT ROWID;
"""

_ADD = (
    "INSERT INTO account VALUES (?, ?, ?, ?)"
    " ON CONFLICT (day, kind, who) DO UPDATE SET amount = amount + excluded.amount"
)


class SqliteLedger:
    """Amounts by day, in one file for all processes of one machine."""

    def __init__(self, database: Database, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now
        self._opened = False

    async def add(self, batch: str, entries: Sequence[Entry]) -> None:
        """See `Ledger.add`."""
        await self._open()
        now = self._now()

        def add(connection: sqlite3.Connection) -> None:
            _forget(connection, now)
            known = connection.execute(
                "INSERT OR IGNORE INTO account_batches VALUES (?, ?)", (batch, now)
            )
            if known.rowcount:
                rows = [(one.day, one.kind, one.who, one.amount) for one in entries]
                connection.executemany(_ADD, rows)

        await self._database.write(add)

    async def read(self, since: str) -> Sequence[Entry]:
        """See `Ledger.read`."""
        await self._open()
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT day, kind, who, amount FROM account WHERE day >= ?", (since,)
            ).fetchall()
        )
        return [Entry(*row) for row in rows]

    async def started(self, service: str, at: float) -> None:
        """See `Ledger.started`."""
        await self._open()
        await self._database.write(
            lambda connection: connection.execute(
                "INSERT INTO account_starts VALUES (?, ?)"
                " ON CONFLICT (service) DO UPDATE SET at = min(at, excluded.at)",
                (service, at),
            )
        )

    async def starts(self) -> Mapping[str, float]:
        """See `Ledger.starts`."""
        await self._open()
        return await self._database.read(
            lambda connection: dict(
                connection.execute("SELECT service, at FROM account_starts").fetchall()
            )
        )

    async def _open(self) -> None:
        """Create the tables where they are missing: behind a start, which has no use for them."""
        if not self._opened:
            await self._database.script(SCHEMA)
            self._opened = True


def _forget(connection: sqlite3.Connection, now: float) -> None:
    """Delete batches of more than an hour ago, and days that are kept no longer."""
    connection.execute("DELETE FROM account_batches WHERE at < ?", (now - 3600,))
    connection.execute("DELETE FROM account WHERE day < ?", (day_of(now - KEPT_DAYS * 86400),))
