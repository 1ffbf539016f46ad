"""One trigger's deliveries: each when it is due, so many at a time."""

import asyncio
import heapq
import time
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

from plotkiln.events.store import Key

__all__ = ["Lane"]


class Lane:
    """Runs `deliver` for each key that was pushed; a slow subscriber holds up no other's lane."""

    def __init__(
        self, deliver: Callable[[Key], Coroutine[Any, Any, None]], *, name: str, width: int
    ) -> None:
        """Take what delivers one key, and how many deliveries may run at once."""
        self._deliver = deliver
        self._name = name
        self._free = asyncio.Semaphore(width)
        self._due: list[tuple[float, Key]] = []
        self._pushed = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None

    def push(self, key: Key, due: float = 0.0) -> None:
        """Have a key delivered at `due`, in seconds since 1970."""
        heapq.heappush(self._due, (due, key))
        self._pushed.set()

    @property
    def idle(self) -> bool:
        """Whether nothing runs or waits."""
        return not self._due and not self._running

    async def __aenter__(self) -> Self:
        self._loop = asyncio.create_task(self._run(), name=f"lane {self._name}")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._loop is not None
        tasks = [self._loop, *self._running]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    async def _run(self) -> None:
        while True:
            await self._free.acquire()
            task = asyncio.create_task(self._deliver(await self._next()), name=self._name)
            self._running.add(task)
            task.add_done_callback(self._ended)

    async def _next(self) -> Key:
        """Wait for the first key that is due."""
        while True:
            self._pushed.clear()
            pause = self._due[0][0] - time.time() if self._due else None
            if pause is not None and pause <= 0:
                return heapq.heappop(self._due)[1]
            try:
                async with asyncio.timeout(pause):
                    await self._pushed.wait()
            except TimeoutError:
                continue

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._free.release()
        if not task.cancelled() and (error := task.exception()):
            asyncio.get_running_loop().call_exception_handler(
                {"message": f"a delivery of {self._name} ended by a defect", "exception": error}
            )
