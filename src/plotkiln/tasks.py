"""Tasks that begin and end with whoever needs them."""

import asyncio
import logging
from collections.abc import Coroutine
from contextvars import Context
from typing import Any, TypeVar

from plotkiln.errors import PlotkilnError

__all__ = ["begin_task", "end_tasks"]

T = TypeVar("T")

log = logging.getLogger("plotkiln.tasks")

#: Seconds after which what was cancelled, and goes on, is cancelled once more.
_AGAIN = 0.5


def begin_task(work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
    """Begin work that goes on by itself: it knows nothing of a request that happens to begin it.

    A defect that ends it is logged.
    """
    task = asyncio.create_task(work, name=name, context=Context())
    task.add_done_callback(_log_defect)
    return task


async def end_tasks(*tasks: asyncio.Task[Any] | None) -> None:
    """Cancel tasks and wait for their end, whatever that is; None has ended.

    One cancel may not arrive: `asyncio.wait_for` of Python 3.11, by which clients of stores wait,
    drops it where what it waits for has just come. So each is cancelled until it ends.
    """
    begun = [task for task in tasks if task is not None]
    while left := [task for task in begun if not task.done()]:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=_AGAIN)
    await asyncio.gather(*begun, return_exceptions=True)


def _log_defect(task: asyncio.Task[Any]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, PlotkilnError):
        log.error("the task %s ended by a defect", task.get_name(), exc_info=error)
