"""SQLite for asyncio: transactions run in a thread of their own, one after the other."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TypeVar

from plotkiln.errors import StoreUnavailable
from plotkiln.traces import span

__all__ = ["Commits", "Database", "Transaction"]

T = TypeVar("T")
Transaction = Callable[[sqlite3.Connection], T]

#: Milliseconds that a transaction waits for another process's; it is over in a few.
_BUSY_TIMEOUT = 5000

#: Seconds between two tries to switch a new file to its log, which another process does as well.
_SWITCHING = 0.005

#: Seconds to wait while another process mends the file after a crash: the only lock that can keep
#: `Commits` waiting.
_RECOVERY = 0.1


class Database:
    """One SQLite file, opened by one connection in one thread.

    Any number of processes may open the same file. A store creates its own tables with `script`.
    """

    def __init__(self, path: Path, *, synchronous: Literal["NORMAL", "FULL"] = "NORMAL") -> None:
        """Name the file; entering opens it, and creates it and its folder where missing.

        A commit survives the death of the process either way. `NORMAL` may lose the last commits
        when the *machine* loses power, never their order; `FULL` waits for the disk each time.
        """
        self.path = path
        self._synchronous = synchronous
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")
        self._connection: sqlite3.Connection | None = None

    async def read(self, transaction: Transaction[T]) -> T:
        """Run `transaction` on one unchanging view of the database.

        Raises `StoreUnavailable` when SQLite cannot read the file, or it is not open.
        """
        return await self._run("BEGIN", transaction)

    async def write(self, transaction: Transaction[T]) -> T:
        """Run `transaction` alone among all writers and commit it; an error of its rolls it back.

        A caller that is cancelled leaves the transaction to run to its end. Raises
        `StoreUnavailable` when SQLite cannot write: the disk is full, or another process writes for
        more than 5 s.
        """
        return await self._run("BEGIN IMMEDIATE", transaction)

    async def script(self, statements: str) -> None:
        """Run a schema, statements ended by semicolons (and none within), in one transaction."""
        await self.write(lambda connection: _execute_all(connection, statements))

    async def __aenter__(self) -> Self:
        try:
            await self._in_thread(self._open)
        except StoreUnavailable:
            self._thread.shutdown()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._in_thread(self._close)
        self._thread.shutdown()

    async def _run(self, begin: str, transaction: Transaction[T]) -> T:
        connection = self._connection
        if connection is None:
            raise StoreUnavailable(f"{self.path.name} is not open.")
        with span("sqlite", {"db.system.name": "sqlite", "db.namespace": self.path.name}):
            return await self._in_thread(lambda: _transact(connection, begin, transaction))

    async def _in_thread(self, act: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, act)
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # our own mistake, not the file's
        except sqlite3.DatabaseError as error:
            raise _unusable(self.path, error) from error

    def _open(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unusable(self.path, error) from error
        # isolation_level None: transactions begin where this module says so
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT}")
            _switch_to_log(connection)
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        self._connection = connection

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class Commits:
    """Notices that anybody commits to a SQLite file, this process's `Database` included.

    SQLite tells nobody of a write, so this is for asking often: an answer costs microseconds and
    reads no page (a number in shared memory is compared), few enough for the event loop itself.
    """

    def __init__(self, path: Path) -> None:
        """Name a file that a `Database` has opened."""
        self._path = path
        self._connection = sqlite3.connect(path, timeout=_RECOVERY, isolation_level=None)

    def number(self) -> int:
        """Return a number that is another one after a commit.

        Raises `StoreUnavailable` when the file cannot be read.
        """
        try:
            (number,) = self._connection.execute("PRAGMA data_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise _unusable(self._path, error) from error
        return int(number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()


def _transact(connection: sqlite3.Connection, begin: str, transaction: Transaction[T]) -> T:
    connection.execute(begin)
    try:
        result = transaction(connection)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return result


def _switch_to_log(connection: sqlite3.Connection) -> None:
    """Have commits go to a write-ahead log; the file remembers that.

    Processes that open a new file at once all switch, and SQLite refuses all but one right away: it
    waits for no lock here, lest two wait for each other.
    """
    last = time.monotonic() + _BUSY_TIMEOUT / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > last:
                raise
            time.sleep(_SWITCHING)  # in the thread of this database
        else:
            return


def _execute_all(connection: sqlite3.Connection, statements: str) -> None:
    """Execute one statement after the other; `executescript` would commit first."""
    for statement in statements.split(";"):
        if statement.strip():
            connection.execute(statement)


def _unusable(path: Path, error: Exception) -> StoreUnavailable:
    return StoreUnavailable(f"{path.name} cannot be used", why=f"{path}: {error}")
