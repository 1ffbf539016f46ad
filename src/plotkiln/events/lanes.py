"""One trigger's deliveries: each when it is due, so many at a time."""

import asyncio
import heapq
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine
from functools import partial
from types import TracebackType
from typing import Any, Self

from plotkiln.errors import StoreUnavailable
from plotkiln.events.store import Key
from plotkiln.tasks import begin_task, end_tasks

__all__ = ["Lane"]

log = logging.getLogger("plotkiln.events")

#: Seconds until a delivery that ended by an error, hence was not noted, is made again.
_AGAIN = 3.0


class Lane:
    """Runs `deliver` for each key that was pushed; a slow subscriber holds up no other's lane.

    One that raises, as where the broker's own memory is away, is run again after a few seconds.
    """

    def __init__(
        self, deliver: Callable[[Key], Coroutine[Any, Any, None]], *, name: str, width: int
    ) -> None:
        """Take what delivers one key, and how many deliveries may run at once."""
        self._deliver = deliver
        self._name = name
        self._free = asyncio.Semaphore(width)
        self._ready: deque[Key] = deque()
        self._later: list[tuple[float, Key]] = []
        self._pushed = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None

    def push(self, key: Key, due: float | None = None) -> None:
        """Have a key delivered at `due`, in seconds since 1970; now, after what is due already."""
        self._hurry()
        if due is None:  # whatever the clock says: it may be set back
            self._ready.append(key)
        else:
            heapq.heappush(self._later, (due, key))
        self._pushed.set()

    def __len__(self) -> int:
        """Return how many deliveries run or wait."""
        return len(self._ready) + len(self._later) + len(self._running)

    @property
    def idle(self) -> bool:
        """Whether nothing runs or waits."""
        return not len(self)

    async def __aenter__(self) -> Self:
        self._loop = begin_task(self._run(), f"lane {self._name}")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._loop is not None
        await end_tasks(self._loop, *self._running)

    async def _run(self) -> None:
        while True:
            await self._free.acquire()
            key = await self._next()
            task = asyncio.create_task(self._deliver(key), name=self._name)
            self._running.add(task)
            task.add_done_callback(partial(self._ended, key))

    async def _next(self) -> Key:
        """Wait for the first key that is due."""
        while True:
            self._pushed.clear()
            self._hurry()
            if self._ready:
                return self._ready.popleft()
            pause = self._later[0][0] - time.time() if self._later else None
            try:
                async with asyncio.timeout(pause):
                    await self._pushed.wait()
            except TimeoutError:
                continue

    def _hurry(self) -> None:
        """Let what has become due queue up, the longest due first."""
        now = time.time()
        while self._later and self._later[0][0] <= now:
            self._ready.append(heapq.heappop(self._later)[1])

    def _ended(self, key: Key, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._free.release()
        if not task.cancelled() and (error := task.exception()):
            self.push(key, time.time() + _AGAIN)
            if isinstance(error, StoreUnavailable):
                log.warning("event %d waits for the broker's memory: %s", key.event, error)
            else:
                log.error("a delivery of %s ended by a defect", self._name, exc_info=error)
