"""Equal work in flight is done once: whoever asks meanwhile shares the result."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

__all__ = ["Flights"]

T = TypeVar("T")


class Flights(Generic[T]):
    """Joins callers that ask for the same key while its work is under way."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[T]] = {}
        self._waiting: dict[str, int] = {}

    async def join(self, key: str, work: Callable[[], Awaitable[T]]) -> tuple[T, bool]:
        """Return the result of `work`, and whether it was somebody else's already.

        An error reaches everybody who waits. A caller that is cancelled leaves the others alone;
        when the last one is, the work is cancelled.
        """
        joined = key in self._tasks
        task = self._tasks[key] if joined else self._begin(key, work)
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            return await asyncio.shield(task), joined
        finally:
            self._leave(key, task)

    def _begin(self, key: str, work: Callable[[], Awaitable[T]]) -> asyncio.Task[T]:
        async def run() -> T:
            return await work()

        task = asyncio.get_running_loop().create_task(run())
        task.add_done_callback(lambda done: self._end(key, done))
        self._tasks[key] = task
        return task

    def _end(self, key: str, done: asyncio.Task[T]) -> None:
        if self._tasks.get(key) is done:
            del self._tasks[key]
        if not done.cancelled():
            done.exception()  # seen here, should nobody be left who waits

    def _leave(self, key: str, task: asyncio.Task[T]) -> None:
        self._waiting[key] -= 1
        if self._waiting[key]:
            return
        del self._waiting[key]
        if not task.done():
            self._tasks.pop(key, None)
            task.cancel()
