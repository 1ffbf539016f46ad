"""The history of styles in SQLite: rows written in the transaction that changes the style."""

import sqlite3
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from plotkiln.style.documents import LARGEST
from plotkiln.style.history import HistoryEntry, Retention, now

__all__ = ["SCHEMA", "enter", "newest", "observed", "page", "prune", "recorded"]

#: `data` is NULL where the style was removed, or the document was too large to keep.
SCHEMA = """
CREATE TABLE IF NOT EXISTS styles_history (
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL,
    why TEXT NOT NULL,
    kind TEXT NOT NULL,
    data BLOB,
    removed INTEGER NOT NULL,
    replaced INTEGER,
    past INTEGER NOT NULL,
    PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;
"""

_COLUMNS = "name, version, who, at, why, kind, data, removed, replaced, past"


def page(
    connection: sqlite3.Connection, name: str, before: int | None, limit: int
) -> list[HistoryEntry]:
    """Return the newest entries of a name below a version, newest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM styles_history"  # noqa: S608 -- a constant of this module
        " WHERE name = ? AND (? IS NULL OR version < ?) ORDER BY version DESC LIMIT ?",
        (name, before, before, limit),
    )
    return [_entry(row) for row in rows]


def newest(connection: sqlite3.Connection, name: str) -> HistoryEntry | None:
    """Return the newest entry of a name."""
    return next(iter(page(connection, name, None, 1)), None)


def recorded(connection: sqlite3.Connection) -> frozenset[str]:
    """Return every name that has an entry."""
    rows = connection.execute("SELECT DISTINCT name FROM styles_history")
    return frozenset(name for (name,) in rows)


def enter(connection: sqlite3.Connection, entry: HistoryEntry, retention: Retention) -> None:
    """Add an entry, and remove of the name's others what is beyond the retention."""
    row = (
        entry.name,
        entry.version,
        entry.who,
        _text(entry.when),
        entry.why,
        entry.kind,
        entry.document,
        entry.removed,
        entry.replaced,
        entry.past,
    )
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO styles_history ({_COLUMNS}) VALUES ({marks})", row)  # noqa: S608 -- constants
    prune(connection, [entry.name], retention)


def observed(name: str, version: int, document: bytes | None) -> HistoryEntry:
    """Return the entry of what somebody else wrote, or removed."""
    kept = document if document is not None and len(document) <= LARGEST else None
    return HistoryEntry(
        name=name,
        version=version,
        who="",
        when=now(),
        why="changed outside of plotkiln; changes before this one may be missing",
        kind="observed",
        document=kept,
        removed=document is None,
    )


def prune(connection: sqlite3.Connection, names: Collection[str], retention: Retention) -> int:
    """Remove what is beyond the retention, the newest entry of a name never; return how many."""
    oldest = "" if retention.age is None else _text(now() - retention.age)
    removed = 0
    for name in names:
        first = _version(connection, name, 0)
        last = _version(connection, name, max(1, retention.entries) - 1)
        removed += connection.execute(
            "DELETE FROM styles_history WHERE name = ? AND version < ? AND (version < ? OR at < ?)",
            (name, first, last, oldest),
        ).rowcount
    return removed


def _version(connection: sqlite3.Connection, name: str, place: int) -> int:
    """Return the version of the entry at a place, the newest being 0; 0 where there is none."""
    row = connection.execute(
        "SELECT version FROM styles_history WHERE name = ? ORDER BY version DESC LIMIT 1 OFFSET ?",
        (name, place),
    ).fetchone()
    return int(row[0]) if row else 0


def _entry(row: Sequence[Any]) -> HistoryEntry:
    name, version, who, at, why, kind, data, removed, replaced, past = row
    return HistoryEntry(
        name=name,
        version=version,
        who=who,
        when=datetime.fromisoformat(at),
        why=why,
        kind=kind,
        document=data,
        removed=bool(removed),
        replaced=replaced,
        past=bool(past),
    )


def _text(when: datetime) -> str:
    """Return a time as a text that sorts."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")
