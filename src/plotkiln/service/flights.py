"""Equal work in flight is done once: whoever asks meanwhile shares the result."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

__all__ = ["Flights"]

T = TypeVar("T")

#: Is told how far the work is.
_Listener = Callable[[Any], None]


class _Flight(Generic[T]):
    """One piece of work under way, and who waits for it."""

    def __init__(self, task: "asyncio.Task[T]") -> None:
        self.task = task
        self.waiting = 0
        self.listeners: list[_Listener] = []
        #: What was told last; None before anything was.
        self.news: Any = None


class Flights(Generic[T]):
    """Joins callers that ask for the same key while its work is under way."""

    def __init__(self) -> None:
        self._flights: dict[str, _Flight[T]] = {}

    def __contains__(self, key: str) -> bool:
        """Say whether work of this key is under way."""
        return key in self._flights

    async def join(
        self, key: str, work: Callable[[], Awaitable[T]], *, listen: _Listener | None = None
    ) -> tuple[T, bool]:
        """Return the result of `work`, and whether it was somebody else's already.

        An error reaches everybody who waits. A caller that is cancelled leaves the others alone;
        when the last one is, the work is cancelled. `listen` hears what `tell` is told, and first
        what was told last.
        """
        joined = key in self._flights
        flight = self._flights[key] if joined else self._begin(key, work)
        flight.waiting += 1
        _listen(flight, listen)
        try:
            return await asyncio.shield(flight.task), joined
        finally:
            self._leave(key, flight, listen)

    def tell(self, key: str, news: Any) -> None:
        """Tell everybody who waits for this key how far its work is."""
        flight = self._flights.get(key)
        if flight is not None:
            flight.news = news
            for listen in flight.listeners:
                listen(news)

    def _begin(self, key: str, work: Callable[[], Awaitable[T]]) -> _Flight[T]:
        async def run() -> T:
            return await work()

        task = asyncio.get_running_loop().create_task(run())
        flight = self._flights[key] = _Flight(task)
        task.add_done_callback(lambda _: self._end(key, flight))
        return flight

    def _end(self, key: str, flight: _Flight[T]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
        if not flight.task.cancelled():
            flight.task.exception()  # seen here, should nobody be left who waits

    def _leave(self, key: str, flight: _Flight[T], listen: _Listener | None) -> None:
        if listen is not None:
            flight.listeners.remove(listen)
        flight.waiting -= 1
        if not flight.waiting and not flight.task.done():
            self._flights.pop(key, None)
            flight.task.cancel()


def _listen(flight: _Flight[T], listen: _Listener | None) -> None:
    if listen is None:
        return
    flight.listeners.append(listen)
    if flight.news is not None:
        listen(flight.news)
