"""Deliveries of one trigger: in turn, and again where nothing could be noted of them."""

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest

from plotkiln.events.broker import EmbeddedBroker
from plotkiln.events.event import CloudEvent
from plotkiln.events.lanes import Lane
from plotkiln.events.store import EventStore, Key
from plotkiln.events.subscribers import Subscribers
from plotkiln.events.triggers import DEFAULT_BROKER, topology_of
from plotkiln.state import Database
from servers import eventually

pytestmark = pytest.mark.anyio

TRIGGER = {
    "apiVersion": "eventing.knative.dev/v1",
    "kind": "Trigger",
    "metadata": {"name": "a"},
    "spec": {"broker": "default", "subscriber": {"ref": {"name": "seen"}}},
}


async def test_regression_delivery_stuck_after_store_failure(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A delivery that the broker's memory could neither read nor note is made again by itself."""
    file = tmp_path / "events.sqlite"
    seen: list[CloudEvent] = []

    def rename(table: str, to: str) -> None:
        with sqlite3.connect(file) as other:
            other.execute(f"ALTER TABLE {table} RENAME TO {to}")

    async def handle(event: CloudEvent) -> None:
        seen.append(event)
        if len(seen) == 1:  # gone by the time that the delivery is to be noted
            rename("deliveries", "elsewhere")

    topology = topology_of([("test", TRIGGER)])
    async with (
        Database(file) as database,
        EventStore(database) as store,
        EmbeddedBroker(topology, store, Subscribers({"seen": handle})) as broker,
    ):
        await broker.accept(DEFAULT_BROKER, CloudEvent(id="1", source="/", type="t"))
        await eventually(lambda: "waits for the broker's memory" in caplog.text)
        assert not broker.idle
        rename("elsewhere", "deliveries")
        await eventually(lambda: broker.idle)
        (kept,) = await store.page()
    assert [one.id for one in seen] == ["1", "1"]
    assert [one.state for one in kept.deliveries] == ["delivered"]


async def test_what_came_first_goes_first() -> None:
    """What is new does not overtake what has been due for longer."""
    order: list[int] = []
    free = asyncio.Event()

    async def deliver(key: Key) -> None:
        await free.wait()
        order.append(key.event)

    async with Lane(deliver, name="lane", width=1) as lane:
        lane.push(Key(1, "t"))
        await asyncio.sleep(0)
        lane.push(Key(2, "t"), time.time() - 1)
        lane.push(Key(3, "t"))
        lane.push(Key(5, "t"), time.time() + 0.05)
        lane.push(Key(4, "t"))
        free.set()
        await eventually(lambda: lane.idle)
    assert order == [1, 2, 3, 4, 5]
