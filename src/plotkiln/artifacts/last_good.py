"""The last good picture of a spec: what is shown while the one as it is now is being drawn."""

import sqlite3
import time
from collections.abc import Callable
from typing import Protocol

import msgspec

from plotkiln.spec.models import Format
from plotkiln.state import Database

__all__ = ["LastGood", "LastPicture", "Shown", "SqliteLastGood"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS last_good (
    spec_digest TEXT NOT NULL,
    format TEXT NOT NULL,
    style TEXT NOT NULL,
    picture BLOB NOT NULL,
    expires REAL NOT NULL,
    PRIMARY KEY (spec_digest, format, style)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS last_good_by_expiry ON last_good (expires);
"""

#: Rows that one transaction removes: others write in between.
_STEP = 5000


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader sees again and again, drawn each time as it is then."""

    spec_digest: str
    format: Format
    #: The style's name: a picture in another style is another picture, one in an older version of
    #: the same is this one, as it was.
    style: str


class LastPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Where the bytes of the last one lie, and how it looks."""

    #: The rendering's digest.
    digest: str
    #: Name and version of the style.
    style: str
    #: The style's content.
    style_digest: str


class LastGood(Protocol):
    """The last picture that was drawn of each, kept for a time after it was.

    Every method raises `StoreUnavailable` when the store fails. What is lost costs a reader a wait.
    """

    async def get(self, shown: Shown) -> LastPicture | None:
        """Return the last picture, None where there is none; its bytes may have been swept."""

    async def put(self, shown: Shown, picture: LastPicture) -> None:
        """Remember a picture that was just drawn, in place of the one before."""

    async def sweep(self) -> int:
        """Forget what is too old, where the store does not do so by itself; return how many."""


class SqliteLastGood:
    """The last good pictures of one machine."""

    def __init__(
        self, database: Database, *, keep: float, now: Callable[[], float] = time.time
    ) -> None:
        """Take an open file, and the seconds for which a picture is remembered."""
        self._database = database
        self._keep = keep
        self._now = now

    async def open(self) -> None:
        """Create the table where it is missing."""
        await self._database.script(SCHEMA)

    async def get(self, shown: Shown) -> LastPicture | None:
        """See `LastGood.get`."""
        row = await self._database.read(lambda connection: self._select(connection, shown))
        return None if row is None else msgspec.json.decode(row[0], type=LastPicture)

    async def put(self, shown: Shown, picture: LastPicture) -> None:
        """See `LastGood.put`."""
        expires = self._now() + self._keep
        row = (*msgspec.structs.astuple(shown), msgspec.json.encode(picture), expires)
        await self._database.write(
            lambda connection: connection.execute(
                "INSERT INTO last_good VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (spec_digest, format, style)"
                " DO UPDATE SET picture = excluded.picture, expires = excluded.expires",
                row,
            )
        )

    async def sweep(self) -> int:
        """See `LastGood.sweep`."""
        removed, step = 0, _STEP
        while step == _STEP:
            step = await self._database.write(self._delete)
            removed += step
        return removed

    def _select(self, connection: sqlite3.Connection, shown: Shown) -> tuple[bytes] | None:
        row: tuple[bytes] | None = connection.execute(
            "SELECT picture FROM last_good"
            " WHERE spec_digest = ? AND format = ? AND style = ? AND expires > ?",
            (*msgspec.structs.astuple(shown), self._now()),
        ).fetchone()
        return row

    def _delete(self, connection: sqlite3.Connection) -> int:
        return connection.execute(
            "DELETE FROM last_good WHERE (spec_digest, format, style) IN"
            " (SELECT spec_digest, format, style FROM last_good WHERE expires <= ? LIMIT ?)",
            (self._now(), _STEP),
        ).rowcount
