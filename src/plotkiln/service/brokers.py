"""The embedded broker for people and programs: events in, what became of them, once more."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from plotkiln.errors import NotFoundError
from plotkiln.events.broker import EmbeddedBroker
from plotkiln.events.event import CloudEvent
from plotkiln.events.json_format import to_json
from plotkiln.events.store import DeliveryRecord, DeliveryState, EventRecord, EventStore
from plotkiln.events.triggers import BrokerName
from plotkiln.identity import Principal

__all__ = [
    "BrokerService",
    "DeliveryView",
    "EventPage",
    "EventRetention",
    "EventView",
    "ListedEvent",
    "OpenBroker",
    "Replayed",
    "event_page",
    "event_view",
]

_NONE = (
    "No embedded broker runs in this process: events are the cluster's. Ask its Broker, or start"
    " without K_SERVICE and K_SINK."
)


class OpenBroker(msgspec.Struct, frozen=True):
    """A broker that delivers, and its memory."""

    broker: EmbeddedBroker
    store: EventStore


class EventRetention(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the past the broker keeps."""

    #: Delivered events.
    keep: int
    max_age: timedelta
    dead_letters_max_age: timedelta


class DeliveryView(msgspec.Struct, frozen=True, kw_only=True):
    """One event on its way to one subscriber."""

    #: Namespace and name of the Trigger.
    trigger: str
    #: `waiting`, `delivered`, or `dead`: given up.
    state: DeliveryState
    #: Whether it goes to the place of dead letters instead of the subscriber.
    dead_letter: bool
    attempts: int
    #: The HTTP status of the last attempt; 0 where there was no answer, or no attempt yet.
    status: int
    #: Why the last attempt failed.
    detail: str
    #: When it is tried next, for what waits.
    due: datetime
    #: When this was last written.
    changed: datetime


class ListedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One accepted event, less its data."""

    #: Grows with each event.
    number: int
    #: Namespace and name of the broker.
    broker: str
    arrived: datetime
    id: str
    source: str
    type: str
    subject: str | None
    #: The number of the event that it replies to.
    cause: int | None
    deliveries: Sequence[DeliveryView]


class EventView(ListedEvent, frozen=True, kw_only=True):
    """One accepted event as it was delivered."""

    #: The event in the JSON format of CloudEvents.
    event: msgspec.Raw


class EventPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Some events, newest first."""

    events: Sequence[ListedEvent]
    #: The number below which there are more; missing where there are none.
    before: int | None = None


class Replayed(msgspec.Struct, frozen=True):
    """An event is delivered once more."""

    number: int
    #: Deliveries that are due.
    deliveries: int


class BrokerService:
    """The embedded broker, where one runs."""

    def __init__(
        self,
        opened: Callable[[], Awaitable[OpenBroker]] | None,
        retention: EventRetention | None = None,
    ) -> None:
        """Take what returns the broker once it is open; None: this process has none.

        `opened` raises `StoreUnavailable` where it cannot be opened.
        """
        self._opened = opened
        self._retention = retention

    async def accept(self, _principal: Principal, broker: BrokerName, event: CloudEvent) -> None:
        """Take an event; it is safe once this returns.

        Raises `NotFoundError` when there is no such broker, `StoreUnavailable` when the event
        cannot be kept.
        """
        await (await self._open()).broker.accept(broker, event)

    async def page(
        self,
        _principal: Principal,
        *,
        before: int | None = None,
        limit: int = 50,
        state: DeliveryState | None = None,
    ) -> EventPage:
        """Return the newest events below a number; of those with a delivery in `state`, if given.

        Raises `NotFoundError` where no embedded broker runs.
        """
        return await event_page((await self._open()).store, before=before, limit=limit, state=state)

    async def event(self, _principal: Principal, number: int) -> EventView:
        """Return one event; raises `NotFoundError` when it is not kept."""
        return await event_view((await self._open()).store, number)

    async def replay(self, _principal: Principal, number: int) -> Replayed:
        """Deliver an event once more where it failed, or to every trigger if it did nowhere.

        Raises `NotFoundError` when it is not kept.
        """
        return Replayed(number, await (await self._open()).broker.revive(number))

    async def prune(self) -> int:
        """Remove what is beyond the retention; return how many events were."""
        if self._opened is None or self._retention is None:
            return 0
        store, now = (await self._opened()).store, datetime.now(UTC)
        return await store.prune(
            keep=self._retention.keep,
            until=(now - self._retention.max_age).timestamp(),
            dead_until=(now - self._retention.dead_letters_max_age).timestamp(),
        )

    async def _open(self) -> OpenBroker:
        if self._opened is None:
            raise NotFoundError(_NONE)
        return await self._opened()


async def event_page(
    store: EventStore, *, before: int | None, limit: int, state: DeliveryState | None
) -> EventPage:
    """Return the newest events of a broker's memory, whoever runs it."""
    records = await store.page(before=before, limit=limit + 1, state=state)
    more = len(records) > limit
    shown = [_listed(record) for record in records[:limit]]
    return EventPage(events=shown, before=shown[-1].number if more else None)


async def event_view(store: EventStore, number: int) -> EventView:
    """Return one event of a broker's memory; raises `NotFoundError` when it is not kept."""
    record = await store.event(number)
    if record is None:
        raise NotFoundError(f"There is no event {number}, or it is not kept any more.")
    described = msgspec.structs.asdict(_listed(record))
    return EventView(**described, event=msgspec.Raw(to_json(record.event)))


def _listed(record: EventRecord) -> ListedEvent:
    event = record.event
    return ListedEvent(
        number=record.number,
        broker="/".join(record.broker),
        arrived=_moment(record.arrived),
        id=event.id,
        source=event.source,
        type=event.type,
        subject=event.subject,
        cause=record.cause,
        deliveries=[_delivery(delivery) for delivery in record.deliveries],
    )


def _delivery(record: DeliveryRecord) -> DeliveryView:
    return DeliveryView(
        trigger=record.key.trigger,
        state=record.state,
        dead_letter=record.key.letter,
        attempts=record.attempts,
        status=record.status,
        detail=record.detail,
        due=_moment(record.due),
        changed=_moment(record.changed),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
