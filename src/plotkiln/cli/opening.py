"""Opening behind the listener: a cold start waits only for what its first request needs."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Generic, Self, TypeVar

from plotkiln.errors import StoreUnavailable

__all__ = ["Opening"]

T = TypeVar("T")

log = logging.getLogger("plotkiln.serve")

#: Seconds that a request waits for what is being opened.
_PATIENCE = 5.0
#: Seconds before what could not be opened is tried again.
_PAUSE = 2.0


class Opening(Generic[T]):
    """Enters a context in a task of its own, and again until it can be; whoever needs it waits."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._value: T | None = None
        self._opened = asyncio.Event()
        self._fault = ""
        self._leaving = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def begin(self, context: Callable[[], AbstractAsyncContextManager[T]]) -> None:
        """Begin to open; `context` makes a new one for each attempt."""
        self._task = asyncio.create_task(self._run(context), name=f"open {self._name}")
        self._task.add_done_callback(self._ended)

    @property
    def opened(self) -> T | None:
        """What is open now, if anything is."""
        return self._value if self._opened.is_set() else None

    async def __call__(self) -> T:
        """Return what was opened; raises `StoreUnavailable` when that takes longer than 5 s."""
        if not self._opened.is_set():
            try:
                async with asyncio.timeout(_PATIENCE):
                    await self._opened.wait()
            except TimeoutError as error:
                raise StoreUnavailable(f"{self._name} is not open yet", why=self._fault) from error
        assert self._value is not None
        return self._value

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close what was opened, or end the attempts."""
        if self._task is None:
            return
        self._leaving.set()
        if not self._opened.is_set():
            self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self, context: Callable[[], AbstractAsyncContextManager[T]]) -> None:
        while not self._leaving.is_set():
            try:
                async with context() as value:
                    self._value = value
                    self._opened.set()
                    await self._leaving.wait()
            except StoreUnavailable as error:
                self._fault = str(error)
                log.warning("%s cannot be opened: %s", self._name, error)
                await asyncio.sleep(_PAUSE)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            log.error("%s ended by a defect", self._name, exc_info=error)
            self._opened.clear()
