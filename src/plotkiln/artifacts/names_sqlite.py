"""Artifacts in SQLite."""

import sqlite3
from collections.abc import Sequence

import msgspec

from plotkiln.artifacts.names import Artifact
from plotkiln.errors import PreconditionFailed
from plotkiln.state import Database

__all__ = ["SqliteArtifacts"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS artifacts (
    name TEXT PRIMARY KEY,
    record BLOB NOT NULL,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


class SqliteArtifacts:
    """Artifacts by name, in one file for all processes of one machine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self) -> None:
        """Create the table where it is missing."""
        await self._database.script(SCHEMA)

    async def get(self, name: str) -> Artifact | None:
        """Return what a name points to, None where there is no such name."""
        return await self._database.read(lambda connection: _select(connection, name))

    async def put(self, artifact: Artifact) -> Artifact:
        """Replace the record of version `artifact.version` (0 creates); return the stored one.

        Raises `PreconditionFailed` when the stored version is another.
        """
        return await self._database.write(lambda connection: _replace(connection, artifact))

    async def remove(self, name: str) -> None:
        """Forget a name, if it is there."""
        await self._database.write(
            lambda connection: connection.execute("DELETE FROM artifacts WHERE name = ?", (name,))
        )

    async def names(self, *, after: str = "", limit: int = 100) -> Sequence[str]:
        """Return the first `limit` names that come after one, in the order of their bytes."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT name FROM artifacts WHERE name > ? ORDER BY name LIMIT ?", (after, limit)
            ).fetchall()
        )
        return [name for (name,) in rows]


def _select(connection: sqlite3.Connection, name: str) -> Artifact | None:
    row = connection.execute("SELECT record FROM artifacts WHERE name = ?", (name,)).fetchone()
    return None if row is None else msgspec.json.decode(row[0], type=Artifact)


def _replace(connection: sqlite3.Connection, artifact: Artifact) -> Artifact:
    stored = _select(connection, artifact.name)
    found = 0 if stored is None else stored.version
    if found != artifact.version:
        raise PreconditionFailed(f"{artifact.name} has version {found}, not {artifact.version}.")
    after = msgspec.structs.replace(artifact, version=found + 1)
    connection.execute(
        "INSERT INTO artifacts (name, record, version) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET record = excluded.record, version = excluded.version",
        (after.name, msgspec.json.encode(after), after.version),
    )
    return after
