"""What was replied to events that were handled: a second delivery gets the same, at no cost."""

import hashlib
import sqlite3
import time
from collections.abc import Callable
from typing import Protocol

import msgspec

from plotkiln.events.event import CloudEvent
from plotkiln.events.stored import from_stored, to_stored
from plotkiln.state import Database

__all__ = ["EmbeddedReplies", "Replied", "Replies", "event_key", "read_reply", "written_reply"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS replies (
    event BLOB PRIMARY KEY,
    reply BLOB NOT NULL,
    expires REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS replies_by_expiry ON replies (expires);
"""

#: Rows that one transaction removes: others write in between.
_STEP = 5000


class Replied(msgspec.Struct, frozen=True):
    """An event was handled, and this was the reply; None where there was none to give."""

    reply: CloudEvent | None


class Replies(Protocol):
    """Replies by the identity of the event, its `source` and `id`, each for a time.

    `scope` names who handled it, and by which rules: another handler's reply is none.
    """

    async def find(self, event: CloudEvent, scope: str) -> Replied | None:
        """Return what was replied to an event; None when it was not handled, or too long ago.

        Raises `StoreUnavailable`.
        """

    async def keep(self, event: CloudEvent, reply: CloudEvent | None, scope: str) -> None:
        """Remember that an event was handled; the newest reply counts. Raises `StoreUnavailable`.

        Kept after the work, never before: an event whose handling was cut short is handled again.
        """

    async def sweep(self) -> int:
        """Remove what is too old, where the store does not do so by itself; return how many."""


class EmbeddedReplies:
    """Replies in SQLite."""

    def __init__(
        self, database: Database, *, window: float, now: Callable[[], float] = time.time
    ) -> None:
        """Take an open file, and the seconds for which a reply is known."""
        self._database = database
        self._window = window
        self._now = now

    async def open(self) -> None:
        """Create the table where it is missing."""
        await self._database.script(SCHEMA)

    async def find(self, event: CloudEvent, scope: str) -> Replied | None:
        """See `Replies.find`."""
        key = event_key(event, scope)
        row = await self._database.read(lambda connection: self._select(connection, key))
        return None if row is None else read_reply(row[0])

    async def keep(self, event: CloudEvent, reply: CloudEvent | None, scope: str) -> None:
        """See `Replies.keep`."""
        row = (event_key(event, scope), written_reply(reply), self._now() + self._window)
        await self._database.write(
            lambda connection: connection.execute(
                "INSERT INTO replies VALUES (?, ?, ?) ON CONFLICT (event)"
                " DO UPDATE SET reply = excluded.reply, expires = excluded.expires",
                row,
            )
        )

    async def sweep(self) -> int:
        """See `Replies.sweep`."""
        removed, step = 0, _STEP
        while step == _STEP:
            step = await self._database.write(self._delete)
            removed += step
        return removed

    def _select(self, connection: sqlite3.Connection, key: bytes) -> tuple[bytes] | None:
        row: tuple[bytes] | None = connection.execute(
            "SELECT reply FROM replies WHERE event = ? AND expires > ?",
            (key, self._now()),
        ).fetchone()
        return row

    def _delete(self, connection: sqlite3.Connection) -> int:
        return connection.execute(
            "DELETE FROM replies WHERE event IN"
            " (SELECT event FROM replies WHERE expires <= ? LIMIT ?)",
            (self._now(), _STEP),
        ).rowcount


def event_key(event: CloudEvent, scope: str) -> bytes:
    """Return 32 bytes that stand for an event's identity within a scope, however long that is."""
    # no attribute holds a control character: no two identities join to the same text
    return hashlib.sha256(f"{scope}\0{event.source}\0{event.id}".encode()).digest()


def written_reply(reply: CloudEvent | None) -> bytes:
    """Return a reply as it is stored; nothing stands for none."""
    return b"" if reply is None else to_stored(reply)


def read_reply(stored: bytes) -> Replied:
    """Return what `written_reply` wrote."""
    return Replied(from_stored(stored) if stored else None)
