"""The end of a server, as those see it who would wait longer than it has."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from starlette.requests import HTTPConnection

__all__ = ["Draining", "draining_of"]

T = TypeVar("T")


class Draining:
    """Begins once, at the signal that ends the server: who waits for news waits no more."""

    def __init__(self) -> None:
        self._begun = asyncio.Event()
        self._acts: list[Callable[[], None]] = []

    @property
    def begun(self) -> bool:
        """Whether the server is ending."""
        return self._begun.is_set()

    def begin(self) -> None:
        """Say that the server ends."""
        if not self._begun.is_set():
            self._begun.set()
            for act in self._acts:
                act()

    def then(self, act: Callable[[], None]) -> None:
        """Have something done at once when the server begins to end."""
        self._acts.append(act)

    async def wait(self) -> None:
        """Return once the server ends."""
        await self._begun.wait()

    async def unless_begun(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Return the result of `work`, or None when the server ends first: it is cancelled then."""
        doing = asyncio.ensure_future(work)
        ending = asyncio.ensure_future(self.wait())
        try:
            await asyncio.wait({doing, ending}, return_when=asyncio.FIRST_COMPLETED)
            return doing.result() if doing.done() else None
        finally:
            ending.cancel()
            doing.cancel()
            await asyncio.gather(doing, ending, return_exceptions=True)


def draining_of(connection: HTTPConnection) -> Draining:
    """Return the end of the server that a request or a socket came to."""
    draining: Draining = connection.app.state.draining
    return draining
