"""Many small writes in few transactions: who writes at the same time commits together."""

import asyncio
import sqlite3
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from plotkiln.errors import StoreUnavailable
from plotkiln.state.sqlite import Database, Transaction

__all__ = ["GroupedWrites"]

T = TypeVar("T")

#: Writes that share one transaction at most, so that the first does not wait for long.
_MOST = 500


class GroupedWrites:
    """Runs writes in the order in which they came, as many as are waiting in one transaction.

    Each is durable when its call returns, as with `Database.write`, and each by itself: one that
    raises is rolled back alone (SAVEPOINT) and raises to its caller.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Transaction[Any], asyncio.Future[Any]]] = []
        self._come = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False

    async def write(self, transaction: Transaction[T]) -> T:
        """Run `transaction` and return its result once it is committed.

        Raises `StoreUnavailable` when SQLite cannot write, or this is closed.
        """
        if self._task is None or self._closing:
            raise StoreUnavailable(f"{self._database.path.name} is not open.")
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((transaction, answer))
        self._come.set()
        return await answer

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="grouped writes")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Commit what waits, and take no more."""
        assert self._task is not None
        self._closing = True
        self._come.set()
        await self._task

    async def _run(self) -> None:
        while self._waiting or not self._closing:
            await self._come.wait()
            group, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            if not self._waiting:
                self._come.clear()
            await self._commit(group)

    async def _commit(self, group: list[tuple[Transaction[Any], asyncio.Future[Any]]]) -> None:
        try:
            results = await self._database.write(
                lambda connection: [_alone(connection, write) for write, _ in group]
            )
        except Exception as error:  # noqa: BLE001 -- every caller gets it
            results = [_raising(error)] * len(group)
        for (_, answer), result in zip(group, results, strict=True):
            _settle(answer, result)


def _alone(connection: sqlite3.Connection, write: Transaction[T]) -> Callable[[], T]:
    """Run one write of several; return what returns its result or raises its error."""
    connection.execute("SAVEPOINT one")
    try:
        result = write(connection)
    except Exception as caught:  # noqa: BLE001 -- handed to the caller whose write it is
        connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")
        return _raising(caught)
    connection.execute("RELEASE one")
    return lambda: result


def _raising(error: Exception) -> Callable[[], Any]:
    def result() -> Any:
        raise error

    return result


def _settle(answer: asyncio.Future[Any], result: Callable[[], Any]) -> None:
    if answer.done():  # its caller was cancelled
        return
    try:
        answer.set_result(result())
    except Exception as error:  # noqa: BLE001 -- as above
        answer.set_exception(error)
