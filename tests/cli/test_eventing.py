"""The event side of a process, from its start to its end."""

import asyncio
from pathlib import Path

import pytest

from plotkiln.cli.eventing import open_eventing
from plotkiln.errors import SchemaError, UnavailableError
from plotkiln.events.event import CloudEvent
from plotkiln.events.store import EventStore
from plotkiln.events.triggers import DEFAULT_BROKER
from plotkiln.identity import ANONYMOUS
from plotkiln.service import Metrics
from plotkiln.settings import read_settings
from plotkiln.state import Database

pytestmark = pytest.mark.anyio


async def nothing(_event: CloudEvent) -> None:
    """Handle an event."""


async def test_what_is_sent_is_kept_when_that_returns(tmp_path: Path) -> None:
    """The embedded broker has it; an event that is none is a defect of its maker."""
    async with open_eventing(
        read_settings({"PLOTKILN_DATA": str(tmp_path)}), Metrics()
    ) as eventing:
        programs = {"hit-counter": nothing, "hit-picture": nothing}
        brokers = eventing.broker(programs, [])
        await eventing.send(CloudEvent(id="1", source="/jobs", type="asked"))
        (kept,) = (await brokers.page(ANONYMOUS)).events
        assert (kept.id, kept.type) == ("1", "asked")
        with pytest.raises(SchemaError):
            await eventing.send(CloudEvent(id="", source="/jobs", type="asked"))


async def test_nothing_is_sent_where_there_is_no_broker(tmp_path: Path) -> None:
    """The refusal names what is not set."""
    settings = read_settings({"PLOTKILN_DATA": str(tmp_path)})
    async with open_eventing(settings, Metrics(), alone=False) as eventing:
        with pytest.raises(UnavailableError, match="K_SINK"):
            await eventing.send(CloudEvent(id="1", source="/jobs", type="asked"))


async def test_the_last_deliveries_may_still_publish(tmp_path: Path) -> None:
    """What a program says while the process ends is kept for the next one."""
    begun = asyncio.Event()
    said = CloudEvent(id="last", source="/", type="said")
    async with open_eventing(
        read_settings({"PLOTKILN_DATA": str(tmp_path)}), Metrics()
    ) as eventing:

        async def count(_event: CloudEvent) -> None:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                eventing.offer(said)

        programs = {"hit-counter": count, "hit-picture": nothing, "render": nothing}
        brokers = eventing.broker(programs, [])
        hit = CloudEvent(id="1", source="/", type="plotkiln.new_hit")
        await brokers.accept(ANONYMOUS, DEFAULT_BROKER, hit)
        await begun.wait()
    async with Database(tmp_path / "events.sqlite") as database, EventStore(database) as store:
        kept, first = await store.page()
    assert kept.event.id == "last"
    assert [delivery.state for delivery in first.deliveries] == ["waiting"]
