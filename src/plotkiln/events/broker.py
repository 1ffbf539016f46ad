"""The embedded broker: events in, to every trigger that wants them, replies in again.

It is the default on one machine, not a rival of a cluster's brokers: one process, one file, no
clustering. What it promises: an accepted event survives SIGKILL, is delivered at least once to
each trigger that matched when it came, and is kept as a dead letter where that failed for good.
"""

import asyncio
import base64
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import msgspec

from plotkiln.errors import DeliveryFailed, Fault, NotFoundError, SchemaError
from plotkiln.events.delivery import Destination, is_retried
from plotkiln.events.event import CloudEvent
from plotkiln.events.hops import hops_of, spending, without_hops
from plotkiln.events.lanes import Lane
from plotkiln.events.store import DeliveryRecord, EventRecord, EventStore, Key
from plotkiln.events.subscribers import Subscribers, failure_of
from plotkiln.events.tracing import continued, tracing
from plotkiln.events.triggers import BrokerName, Topology, Trigger
from plotkiln.traces import span

__all__ = ["EmbeddedBroker"]

log = logging.getLogger("plotkiln.events")

_ARRIVAL = "knativearrivaltime"
#: Characters of a reason that are kept, and bytes that dead letters carry.
_REASON = 1024


class EmbeddedBroker:
    """Every broker of one machine."""

    def __init__(
        self,
        topology: Topology,
        store: EventStore,
        subscribers: Subscribers,
        *,
        parallel: int = 16,
        widths: Mapping[str, int] | None = None,
        count: Callable[[str, str], None] = lambda _name, _label: None,
    ) -> None:
        """Take the parts; entering begins to deliver. `parallel` bounds each trigger's deliveries.

        `widths` has other bounds, by the name of the subscriber that they are delivered to.
        `count` gets the names of counters, each with a label. Raises `SettingsError` when a trigger
        names somebody unknown.
        """
        self._topology = topology
        self._store = store
        self._subscribers = subscribers
        self._count = count
        self._triggers: dict[str, Trigger] = {}
        for trigger, destination in topology.destinations():
            subscribers.check(destination, f"Trigger {trigger.name}")
            self._triggers[trigger.name] = trigger
        self._lanes = {
            name: Lane(self._deliver, name=name, width=_width(trigger, parallel, widths or {}))
            for name, trigger in self._triggers.items()
        }
        self._stack = AsyncExitStack()

    async def accept(self, broker: BrokerName, event: CloudEvent) -> None:
        """Take an event; it is safe once this returns.

        Raises `NotFoundError` when there is no such broker, `StoreUnavailable` when it cannot be
        kept, `SchemaError` when it has no hops left.
        """
        if broker not in self._topology.triggers:
            raise NotFoundError(f"There is no broker {'/'.join(broker)}.")
        hops = hops_of(event) - 1
        if hops < 0:
            told = "no hops are left: the event comes out of a loop"
            raise SchemaError(faults=[Fault("knativebrokerttl", told)])
        arrived = _arrived(event)
        wanted = [one.name for one in self._topology.matching(broker, arrived)]
        self._push(await self._store.accept(broker, arrived, wanted, hops=hops))
        self._count("events_accepted", "/".join(broker))

    async def revive(self, number: int) -> int:
        """Deliver a kept event once more where it failed, or to every trigger if it did nowhere.

        Returns how many deliveries are due. Raises `NotFoundError` when it is not kept.
        """
        found = await self._store.event(number)
        if found is None:
            raise NotFoundError(f"There is no event {number} any more.")
        failed = any(record.state == "dead" for record in found.deliveries)
        wanted = [one.name for one in self._topology.matching(found.broker, found.event)]
        keys = await self._store.revive(number, None if failed else wanted)
        self._push(keys)
        return len(keys)

    @property
    def backlog(self) -> int:
        """How many deliveries are under way or wait."""
        return sum(map(len, self._lanes.values()))

    @property
    def idle(self) -> bool:
        """Whether nothing is under way or waits for another attempt."""
        return all(lane.idle for lane in self._lanes.values())

    async def __aenter__(self) -> Self:
        for lane in self._lanes.values():
            await self._stack.enter_async_context(lane)
        for record in await self._store.waiting():
            self._push([record.key], record.due)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        """End the deliveries; what is accepted from now on is delivered after the next start."""
        await self._stack.aclose()

    def _push(self, keys: list[Key], due: float | None = None) -> None:
        for key in keys:
            lane = self._lanes.get(key.trigger)
            if lane is None:
                log.warning("the trigger %s is gone; event %d waits for it", key.trigger, key.event)
            else:
                lane.push(key, due)

    async def _deliver(self, key: Key) -> None:
        found = await self._store.event(key.event)
        record = next((one for one in found.deliveries if one.key == key), None) if found else None
        if found is None or record is None or record.state != "waiting":
            return  # removed, or delivered by an earlier push
        trigger = self._triggers[key.trigger]
        with tracing(found.event), span(f"deliver {key.trigger}", kind="producer"):
            await self._tried(found, record, trigger)

    async def _tried(self, found: EventRecord, record: DeliveryRecord, trigger: Trigger) -> None:
        tried = msgspec.structs.replace(record, attempts=record.attempts + 1)
        try:
            async with asyncio.timeout(trigger.delivery.timeout):
                reply = await self._hand_over(found, tried, trigger)
        except Exception as error:
            status, detail = failure_of(error)
            if status == 500:
                log.exception("a program failed on event %d", record.key.event)
            answered = error.body if isinstance(error, DeliveryFailed) else ""
            await self._failed(trigger, tried, status, answered or detail)
        else:
            await self._delivered(found, tried, reply)

    async def _hand_over(
        self, found: EventRecord, record: DeliveryRecord, trigger: Trigger
    ) -> CloudEvent | None:
        destination, event = trigger.subscriber, found.event
        if record.key.letter:
            key = Key(record.key.event, record.key.trigger)
            failed = next(one for one in found.deliveries if one.key == key)
            destination = trigger.delivery.dead_letter or trigger.subscriber
            event = _letter(event, failed, trigger.subscriber)
        timeout = trigger.delivery.timeout
        with spending(found.hops):
            return await self._subscribers.deliver(destination, event, timeout)

    async def _delivered(
        self, found: EventRecord, record: DeliveryRecord, reply: CloudEvent | None
    ) -> None:
        self._count("deliveries", "delivered")
        done = _changed(record, state="delivered", status=202 if reply is None else 200)
        if reply is None:
            await self._store.settle(done)
        elif found.hops <= 0:
            await self._store.settle(_changed(done, detail="no hops left: the reply is dropped"))
        else:
            arrived = _arrived(continued(reply, found.event.extensions))
            wanted = [one.name for one in self._topology.matching(found.broker, arrived)]
            keys = await self._store.settle_with_reply(
                done, found.broker, arrived, wanted, hops=found.hops - 1
            )
            self._push(keys)

    async def _failed(
        self, trigger: Trigger, record: DeliveryRecord, status: int, detail: str
    ) -> None:
        pause = trigger.delivery.pause(record.attempts)
        failed = _changed(record, status=status, detail=detail[:_REASON])
        if pause is not None and (status == 0 or is_retried(status)):
            self._count("deliveries", "retried")
            again = msgspec.structs.replace(failed, due=time.time() + pause)
            await self._store.settle(again)
            self._push([record.key], again.due)
            return
        self._count("deliveries", "dead")
        if not record.key.letter:
            self._count("dead_letters", "")
        log.warning(
            "event %d is a dead letter of %s: %d %s",
            *(record.key.event, trigger.name, status, detail),
        )
        goes = trigger.delivery.dead_letter is not None and not record.key.letter
        dead = msgspec.structs.replace(failed, state="dead")
        letter = await self._store.bury(dead, letter=goes)
        self._push([letter] if letter else [])


def _width(trigger: Trigger, parallel: int, widths: Mapping[str, int]) -> int:
    return widths.get(trigger.subscriber.ref or "", parallel)


def _changed(record: DeliveryRecord, **members: object) -> DeliveryRecord:
    return msgspec.structs.replace(record, changed=time.time(), **members)


def _arrived(event: CloudEvent) -> CloudEvent:
    """Return an event as it is handed on: with its time of arrival, without its hops."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    extensions = {**without_hops(event).extensions, _ARRIVAL: now}
    return msgspec.structs.replace(event, extensions=extensions)


def _letter(event: CloudEvent, failed: DeliveryRecord, to: Destination) -> CloudEvent:
    """Return an event as a dead letter, with Knative's extensions that say why.

    `knativeerrordata` is what the subscriber answered, or where that is nothing, the error's words.
    """
    told = {"knativeerrordest": str(to), "knativeerrorcode": failed.status or 500}
    reason = base64.b64encode(failed.detail.encode()[:_REASON]).decode()
    return msgspec.structs.replace(
        event, extensions={**event.extensions, **told, "knativeerrordata": reason}
    )
