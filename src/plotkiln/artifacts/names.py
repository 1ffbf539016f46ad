"""Artifacts: names that point to renderings, changed by compare-and-set, in SQLite."""

import sqlite3

import msgspec

from plotkiln.errors import PreconditionFailed
from plotkiln.state import Database

__all__ = ["Artifact", "Artifacts"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS artifacts (
    name TEXT PRIMARY KEY,
    record BLOB NOT NULL,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


class Artifact(msgspec.Struct, frozen=True, kw_only=True):
    """What a name points to."""

    name: str
    #: The rendering's digest.
    digest: str
    #: Which run of its number this is; a reset raises it.
    generation: int = 0
    #: The number that the picture shows; grows within a generation.
    number: int = 0
    style_digest: str
    media_type: str
    owner: str
    #: Grows with each change of this record; 0: not stored yet.
    version: int = 0


class Artifacts:
    """Artifacts by name."""

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
