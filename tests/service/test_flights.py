import asyncio

import pytest

from plotkiln.service.flights import Flights

pytestmark = pytest.mark.anyio


class Work:
    """Work that ends when it is told to."""

    def __init__(self, result: str | Exception = "done") -> None:
        self.go = asyncio.Event()
        self.started = 0
        self.cancelled = False
        self._result = result

    async def __call__(self) -> str:
        """Do the work."""
        self.started += 1
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        if isinstance(self._result, Exception):
            raise self._result
        return self._result


async def join_many(flights: Flights[str], work: Work, number: int) -> list[asyncio.Task[object]]:
    """Let `number` callers join one flight, and run until they wait."""
    callers = [asyncio.create_task(flights.join("key", work)) for _ in range(number)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return list(callers)


async def test_equal_work_is_done_once() -> None:
    """Callers of one key share one piece of work; all but the first are told so."""
    flights, work = Flights[str](), Work()
    callers = await join_many(flights, work, 5)
    work.go.set()
    assert await asyncio.gather(*callers) == [("done", False), *[("done", True)] * 4]
    assert work.started == 1


async def test_work_is_done_anew_afterwards() -> None:
    """A flight that has landed is not joined."""
    flights, work = Flights[str](), Work()
    work.go.set()
    assert await flights.join("key", work) == ("done", False)
    assert await flights.join("key", work) == ("done", False)
    assert work.started == 2


async def test_an_error_reaches_everybody() -> None:
    """Work that fails fails for all who wait."""
    flights, work = Flights[str](), Work(ValueError("no"))
    callers = await join_many(flights, work, 3)
    work.go.set()
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(result) for result in results] == [ValueError] * 3


async def test_one_who_leaves_disturbs_nobody() -> None:
    """The first caller may be cancelled: the others get their result."""
    flights, work = Flights[str](), Work()
    first, second = await join_many(flights, work, 2)
    first.cancel()
    await asyncio.sleep(0)
    work.go.set()
    assert await second == ("done", True)
    assert not work.cancelled


async def test_the_last_who_leaves_ends_the_work() -> None:
    """Work that nobody waits for is cancelled, and a newcomer starts it anew."""
    flights, work = Flights[str](), Work()
    callers = await join_many(flights, work, 2)
    for caller in callers:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    await asyncio.sleep(0)
    assert work.cancelled
    work.go.set()
    assert await flights.join("key", work) == ("done", False)


async def test_all_who_wait_hear_how_far_it_is() -> None:
    """News reach everybody; who comes later hears the last at once, who is gone no more."""
    flights, work = Flights[str](), Work()
    early: list[object] = []
    late: list[object] = []
    first = asyncio.create_task(flights.join("key", work, listen=early.append))
    await asyncio.sleep(0)
    assert "key" in flights
    flights.tell("key", 1)
    flights.tell("key", 2)
    second = asyncio.create_task(flights.join("key", work, listen=late.append))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    flights.tell("key", 3)
    work.go.set()
    assert await second == ("done", True)
    assert (early, late) == ([1, 2], [2, 3])
    assert "key" not in flights
    flights.tell("key", 4)
    assert late == [2, 3]
