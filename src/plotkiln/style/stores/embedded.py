"""Styles in SQLite: the store of one machine, with the contract of the one in Consul."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from plotkiln.errors import PreconditionFailed
from plotkiln.state import Commits, Database
from plotkiln.state.sqlite import Transaction
from plotkiln.style.documents import check_name
from plotkiln.style.history import HistoryEntry, Note, Retention, entry_of, equal_documents
from plotkiln.style.looks import StoredDocument
from plotkiln.style.stores import Listing
from plotkiln.style.stores.embedded_history import (
    SCHEMA,
    enter,
    newest,
    observed,
    page,
    prune,
    recorded,
)

__all__ = ["EmbeddedStyles"]

T = TypeVar("T")

#: The index counts the writes to all styles, deletions too, and is never set back: no version is
#: used twice, not even for a name that is deleted and created again.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS styles (
    name TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS styles_index (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    value INTEGER NOT NULL
) STRICT;
INSERT OR IGNORE INTO styles_index VALUES (1, 0);
"""

#: Seconds between two looks for writes of other processes. SQLite tells nobody of a write, but a
#: look costs microseconds: twenty a second take 0.6% of a small virtual processor, most of which is
#: the wake of the event loop.
_POLL = 0.05

#: The highest integer that SQLite holds.
_HIGHEST = 2**63 - 1

#: Looks without a change after which the listing is yielded all the same, as a sign of life.
_LOOKS = 600


class EmbeddedStyles:
    """A `StyleStore` in an open database, which may serve other stores too."""

    def __init__(self, database: Database, *, retention: Retention | None = None) -> None:
        self._database = database
        self._retention = retention or Retention()
        self._written = asyncio.Event()

    async def read(self, name: str) -> StoredDocument | None:
        """Return one document, None when there is none of that name."""
        check_name(name)
        return await self._database.read(lambda connection: _select(connection, name))

    async def list(self) -> Listing:
        """Return all documents."""
        return await self._database.read(_select_all)

    async def write(
        self, name: str, data: bytes, *, expected: int, note: Note | None = None
    ) -> StoredDocument:
        """Replace the document of version `expected`, and enter that; 0 creates.

        A document that says the same as the stored one changes nothing and keeps its version.
        Raises `PreconditionFailed` when the stored version is another.
        """
        check_name(name)
        told = note or Note()
        return await self._commit(lambda c: self._replace(c, name, data, expected, told))

    async def delete(self, name: str, *, expected: int, note: Note | None = None) -> None:
        """Remove the document of version `expected`, and enter that.

        Raises `PreconditionFailed` when the stored version is another, or there is none.
        """
        check_name(name)
        told = note or Note()
        await self._commit(lambda c: self._remove(c, name, expected, told))

    async def publish(
        self, draft: StoredDocument, name: str, *, expected: int, note: Note
    ) -> StoredDocument:
        """Move a draft over the document of version `expected`, and enter that; 0 creates.

        Raises `PreconditionFailed` when the stored version of either is another.
        """
        check_name(name)

        def move(connection: sqlite3.Connection) -> StoredDocument:
            published = self._replace(connection, name, draft.data, expected, note)
            self._remove(connection, draft.name, draft.version, note)
            return published

        return await self._commit(move)

    async def history(
        self, name: str, *, before: int | None = None, limit: int = 100
    ) -> Sequence[HistoryEntry]:
        """Return the newest entries of one name, newest first; with `before`, those below it."""
        check_name(name)
        below = None if before is None else min(before, _HIGHEST)
        return await self._database.read(lambda c: page(c, name, below, limit))

    async def recorded(self) -> Collection[str]:
        """Return every name that has a history."""
        return await self._database.read(recorded)

    async def observe(self, listing: Listing, names: Collection[str] | None = None) -> int:
        """Enter what the listing shows and no entry tells: styles from before there was a history.

        The listing is read anew, since a transaction sees all at one moment.
        """
        if listing.doubt or not await self._database.read(lambda c: _unseen(c, names)):
            return 0
        return await self._database.write(lambda c: self._enter_unseen(c, names))

    async def append(self, entry: HistoryEntry) -> None:
        """Add an entry of another store's history as the newest, under a version of this store."""
        check_name(entry.name)

        def add(connection: sqlite3.Connection) -> None:
            version = _next_index(connection)
            past = msgspec.structs.replace(entry, version=version, kind="imported", past=True)
            enter(connection, past, self._retention)

        await self._database.write(add)

    async def prune(self) -> int:
        """Remove what is beyond the retention, of every name; return how many entries went."""
        return await self._database.write(lambda c: prune(c, recorded(c), self._retention))

    async def watch(self) -> AsyncGenerator[Listing, None]:
        """Yield the listing now, after each write, and every half minute without one.

        A write of this process is seen at once, another's within 50 ms.
        """
        with Commits(self._database.path) as commits:
            while True:
                written, number = self._written, commits.number()
                yield await self.list()
                for _ in range(_LOOKS):
                    with suppress(TimeoutError):
                        async with asyncio.timeout(_POLL):
                            await written.wait()
                    if written.is_set() or commits.number() != number:
                        break

    async def __aenter__(self) -> Self:
        await self._database.script(_SCHEMA + SCHEMA)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the database open: it belongs to whoever opened it."""

    async def _commit(self, change: Transaction[T]) -> T:
        changed = await self._database.write(change)
        self._written.set()  # wakes the watch
        self._written = asyncio.Event()
        return changed

    def _replace(
        self, connection: sqlite3.Connection, name: str, data: bytes, expected: int, note: Note
    ) -> StoredDocument:
        stored = _select(connection, name)
        if expected != (stored.version if stored else 0):
            raise PreconditionFailed
        if stored and equal_documents(stored.data, data):
            return stored
        self._enter_unseen(connection, [name])
        written = StoredDocument(name, _next_index(connection), data)
        connection.execute(
            "INSERT INTO styles (name, version, data) VALUES (?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET version = excluded.version, data = excluded.data",
            (written.name, written.version, written.data),
        )
        change = entry_of(name, written.version, data, note, replaced=expected)
        enter(connection, change, self._retention)
        return written

    def _remove(self, connection: sqlite3.Connection, name: str, expected: int, note: Note) -> None:
        stored = _select(connection, name)
        if stored is None or stored.version != expected:
            raise PreconditionFailed
        self._enter_unseen(connection, [name])
        connection.execute("DELETE FROM styles WHERE name = ?", (name,))
        change = entry_of(name, _next_index(connection), None, note, replaced=expected)
        enter(connection, change, self._retention)

    def _enter_unseen(self, connection: sqlite3.Connection, names: Collection[str] | None) -> int:
        missing = _unseen(connection, names)
        for name, document in missing.items():
            version = document.version if document else _next_index(connection)
            data = document.data if document else None
            enter(connection, observed(name, version, data), self._retention)
        return len(missing)


def _unseen(
    connection: sqlite3.Connection, names: Collection[str] | None
) -> dict[str, StoredDocument | None]:
    """Return the documents of which no entry tells; None for a removal."""
    if names is None:
        names = _select_all(connection).documents.keys() | recorded(connection)
    missing: dict[str, StoredDocument | None] = {}
    for name in names:
        last, document = newest(connection, name), _select(connection, name)
        if document is None:
            if last and not last.removed and not last.past:
                missing[name] = None
        elif last is None or last.version < document.version:
            missing[name] = document
    return missing


def _select(connection: sqlite3.Connection, name: str) -> StoredDocument | None:
    query = "SELECT name, version, data FROM styles WHERE name = ?"
    row = connection.execute(query, (name,)).fetchone()
    return None if row is None else StoredDocument(*row)


def _select_all(connection: sqlite3.Connection) -> Listing:
    rows = connection.execute("SELECT name, version, data FROM styles ORDER BY name")
    documents = {name: StoredDocument(name, version, data) for name, version, data in rows}
    (index,) = connection.execute("SELECT value FROM styles_index").fetchone()
    return Listing(documents=documents, index=index)


def _next_index(connection: sqlite3.Connection) -> int:
    (index,) = connection.execute(
        "UPDATE styles_index SET value = value + 1 RETURNING value"
    ).fetchone()
    return int(index)
