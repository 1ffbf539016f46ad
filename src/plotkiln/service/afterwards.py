"""What is done after the answer: nobody waits for it, and it may be left."""

import asyncio
import logging
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from plotkiln.tasks import end_tasks

__all__ = ["Afterwards"]

log = logging.getLogger("plotkiln.afterwards")

#: Seconds for which the end waits for what is under way.
_AT_THE_END = 5.0


class Afterwards:
    """Tasks of whoever has answered already; leaving waits for them, for 5 s at most.

    Where as many as may are under way, as while a store hangs, what comes is left undone.
    """

    def __init__(self, *, most: int) -> None:
        """Take how many may be under way at once."""
        self._most = most
        self._tasks: set[asyncio.Task[Any]] = set()

    def do(self, work: Coroutine[Any, Any, None], name: str) -> bool:
        """Begin it, and return at once; say whether there was room. A defect is logged."""
        if len(self._tasks) >= self._most:
            work.close()
            log.warning("%s: left undone, since %d are under way", name, len(self._tasks))
            return False
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=_AT_THE_END)
        await end_tasks(*late)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s failed", task.get_name(), exc_info=error)
