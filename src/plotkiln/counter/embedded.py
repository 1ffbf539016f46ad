"""Totals in SQLite: one machine, any number of processes."""

import sqlite3
import time as clocks
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from plotkiln.counter.totals import Counted, Total
from plotkiln.counter.window import Window, fingerprint
from plotkiln.state import Database
from plotkiln.state.grouped import GroupedWrites

__all__ = ["EmbeddedTotals"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS totals (
    subject TEXT NOT NULL,
    generation INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (subject, generation)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counted (
    slice INTEGER NOT NULL,
    hit BLOB NOT NULL,
    generation INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (slice, hit)
) STRICT, WITHOUT ROWID;
"""

#: Hits that each new one makes forgotten: more than one, so that what is old goes.
_FORGOTTEN = 4


class EmbeddedTotals:
    """Totals in one SQLite file; hits that come at once are counted in one transaction.

    Whether a power cut takes the last of them is the `Database`'s to say: give it `FULL`.
    """

    def __init__(
        self,
        database: Database,
        window: Window | None = None,
        *,
        clock: Callable[[], float] = clocks.time,
    ) -> None:
        """Take an open file; entering creates the tables. `clock` tells seconds since 1970."""
        self._database = database
        self._window = window or Window()
        self._clock = clock
        self._writes = GroupedWrites(database)

    async def add(
        self,
        subject: str,
        source: str,
        id: str,  # noqa: A002 -- CloudEvents' name
        *,
        time: datetime | None,
    ) -> Counted:
        """See `Totals.add`."""
        now = self._clock()
        self._window.check(time, now)
        hit, current = fingerprint(subject, source, id), self._window.slice_at(now)
        slices = self._window.slices(now)

        def write(connection: sqlite3.Connection) -> Counted:
            known = _known(connection, slices, hit)
            return known or _count(connection, subject, (current, hit), oldest=slices[-1])

        return await self._writes.write(write)

    async def read(self, subject: str) -> Total:
        """See `Totals.read`."""
        return await self._database.read(lambda connection: _newest(connection, subject))

    async def reset(self, subject: str) -> Total:
        """See `Totals.reset`."""
        return await self._writes.write(lambda connection: _close(connection, subject))

    async def history(self, subject: str) -> Sequence[Total]:
        """See `Totals.history`."""
        found = await self._database.read(lambda connection: _generations(connection, subject))
        return found or [Total(subject=subject)]

    async def subjects(self) -> Sequence[str]:
        """See `Totals.subjects`."""
        return await self._database.read(_subjects)

    async def __aenter__(self) -> Self:
        await self._database.script(SCHEMA)
        await self._writes.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._writes.__aexit__(kind, error, trace)


def _known(connection: sqlite3.Connection, slices: Sequence[int], hit: bytes) -> Counted | None:
    marks = ",".join("?" * len(slices))
    row = connection.execute(
        f"SELECT total, generation FROM counted WHERE slice IN ({marks}) AND hit = ?",  # noqa: S608 -- question marks
        (*slices, hit),
    ).fetchone()
    return Counted(total=row[0], generation=row[1], duplicate=True) if row else None


def _count(
    connection: sqlite3.Connection, subject: str, hit: tuple[int, bytes], *, oldest: int
) -> Counted:
    newest = _newest(connection, subject)
    counted = Counted(total=newest.total + 1, generation=newest.generation)
    _set(connection, subject, counted.generation, counted.total)
    connection.execute(
        "INSERT INTO counted VALUES (?, ?, ?, ?)", (*hit, counted.generation, counted.total)
    )
    connection.execute(
        "DELETE FROM counted WHERE (slice, hit) IN"
        " (SELECT slice, hit FROM counted WHERE slice < ? LIMIT ?)",
        (oldest, _FORGOTTEN),
    )
    return counted


def _close(connection: sqlite3.Connection, subject: str) -> Total:
    closed = _newest(connection, subject)
    _set(connection, subject, closed.generation, closed.total)
    _set(connection, subject, closed.generation + 1, 0)
    return closed


def _set(connection: sqlite3.Connection, subject: str, generation: int, total: int) -> None:
    connection.execute(
        "INSERT INTO totals VALUES (?, ?, ?)"
        " ON CONFLICT (subject, generation) DO UPDATE SET total = excluded.total",
        (subject, generation, total),
    )


def _newest(connection: sqlite3.Connection, subject: str) -> Total:
    row = connection.execute(
        "SELECT generation, total FROM totals WHERE subject = ? ORDER BY generation DESC LIMIT 1",
        (subject,),
    ).fetchone()
    return (
        Total(subject=subject, generation=row[0], total=row[1]) if row else Total(subject=subject)
    )


def _generations(connection: sqlite3.Connection, subject: str) -> list[Total]:
    rows = connection.execute(
        "SELECT generation, total FROM totals WHERE subject = ? ORDER BY generation", (subject,)
    )
    return [Total(subject=subject, generation=one, total=total) for one, total in rows]


def _subjects(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT DISTINCT subject FROM totals ORDER BY subject")
    return [subject for (subject,) in rows]
