"""Copies of SQLite files that others write to meanwhile."""

import sqlite3
from contextlib import closing
from pathlib import Path

from plotkiln.errors import StoreUnavailable

__all__ = ["copy_database"]

#: Pages copied at a time; in between, writers get their turn.
_STEP = 1024


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment; `target` is replaced only once the copy is whole.

    Raises `StoreUnavailable` when either file cannot be read or written.
    """
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        with (
            # read-only would refuse a log that nobody has open, which a crash left
            closing(sqlite3.connect(source)) as original,
            closing(sqlite3.connect(unfinished)) as copy,
        ):
            original.backup(copy, pages=_STEP)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, complete by itself
        unfinished.replace(target)
    except (sqlite3.DatabaseError, OSError) as error:
        unfinished.unlink(missing_ok=True)
        raise StoreUnavailable(f"{source} cannot be copied to {target}: {error}") from error
