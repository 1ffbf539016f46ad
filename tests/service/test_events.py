"""Events are handled once, as far as the memory goes, on real memories."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from plotkiln.errors import (
    NotFoundError,
    PlotkilnError,
    PreconditionFailed,
    RuleError,
    StoreUnavailable,
    UnavailableError,
)
from plotkiln.events.event import CloudEvent
from plotkiln.events.replies import EmbeddedReplies
from plotkiln.events.tracing import traced
from plotkiln.identity import ANONYMOUS
from plotkiln.service import Metrics
from plotkiln.service.events import EventService
from plotkiln.state import Database

pytestmark = pytest.mark.anyio

HIT = CloudEvent(id="1", source="/home", type="hit")

TRACE = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}


class Worker:
    """Handles events: replies with how many it has handled, or fails as it is told."""

    def __init__(self, *failures: Exception) -> None:
        self.handled = 0
        self.published: list[CloudEvent] = []
        self.held = asyncio.Event()
        self.held.set()
        self._failures = list(failures)

    async def __call__(self, event: CloudEvent) -> CloudEvent | None:
        """Handle one event, once it is not held up."""
        await self.held.wait()
        if self._failures:
            raise self._failures.pop(0)
        self.handled += 1
        self.published.append(traced(CloudEvent(id="p", source="/", type="published")))
        return CloudEvent(id=f"{event.id}-{self.handled}", source="/worker", type="done")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Open a file."""
    async with Database(tmp_path / "state.sqlite") as opened:
        yield opened


async def service(worker: Worker, database: Database, scope: str = "") -> EventService:
    """Return what one process has."""
    replies = EmbeddedReplies(database, window=60)
    await replies.open()
    return EventService(worker, replies, Metrics(), scope=scope)


async def test_a_repeated_event_gets_the_same_reply(database: Database) -> None:
    """Nothing is handled twice, not by another process either."""
    worker = Worker()
    first = await (await service(worker, database)).receive(ANONYMOUS, HIT)
    second = await (await service(worker, database)).receive(ANONYMOUS, HIT)
    assert first == second
    assert worker.handled == 1


async def test_other_rules_handle_an_event_anew(database: Database) -> None:
    """What was handled by former rules is not what these would do."""
    worker = Worker()
    await (await service(worker, database, "render 1")).receive(ANONYMOUS, HIT)
    await (await service(worker, database, "render 2")).receive(ANONYMOUS, HIT)
    assert worker.handled == 2


async def test_deliveries_at_once_are_one(database: Database) -> None:
    """Who delivers while an event is handled waits for the same reply."""
    worker = Worker()
    worker.held.clear()
    events = await service(worker, database)
    under_way = [asyncio.create_task(events.receive(ANONYMOUS, HIT)) for _ in range(5)]
    await asyncio.sleep(0)
    worker.held.set()
    replies = await asyncio.gather(*under_way)
    assert worker.handled == 1
    assert len({reply.id for reply in replies if reply}) == 1


async def test_what_failed_is_handled_again(database: Database) -> None:
    """An error is not remembered: the next delivery tries anew."""
    worker = Worker(StoreUnavailable("away"))
    events = await service(worker, database)
    with pytest.raises(StoreUnavailable):
        await events.receive(ANONYMOUS, HIT)
    assert await events.receive(ANONYMOUS, HIT) is not None
    assert worker.handled == 1


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (NotFoundError("no style"), RuleError),
        (PreconditionFailed("lost a race"), UnavailableError),
        (RuleError("no number"), RuleError),
        (StoreUnavailable("away"), StoreUnavailable),
    ],
)
async def test_errors_are_what_a_broker_understands(
    database: Database, raised: PlotkilnError, told: type[PlotkilnError]
) -> None:
    """What a retry cannot mend is told apart from what it can."""
    events = await service(Worker(raised), database)
    with pytest.raises(told, match=str(raised)):
        await events.receive(ANONYMOUS, HIT)


async def test_a_memory_that_is_away_costs_no_event(tmp_path: Path) -> None:
    """Without its memory an event is handled, each time it comes."""
    worker = Worker()
    closed = Database(tmp_path / "never-opened.sqlite")
    events = EventService(worker, EmbeddedReplies(closed, window=60), Metrics())
    assert await events.receive(ANONYMOUS, HIT) is not None
    assert await events.receive(ANONYMOUS, HIT) is not None
    assert worker.handled == 2


async def test_no_memory_at_all() -> None:
    """A process that is told to remember nothing handles every delivery."""
    worker = Worker()
    events = EventService(worker, None, Metrics())
    for _ in range(2):
        await events.receive(ANONYMOUS, HIT)
    assert worker.handled == 2


async def test_the_trace_goes_on(database: Database) -> None:
    """The reply, and what is published meanwhile, belong to the trace of the event."""
    worker = Worker()
    hit = CloudEvent(id="1", source="/home", type="hit", extensions=TRACE)
    reply = await (await service(worker, database)).receive(ANONYMOUS, hit)
    assert reply is not None
    assert reply.extensions == TRACE
    assert worker.published[0].extensions == TRACE
