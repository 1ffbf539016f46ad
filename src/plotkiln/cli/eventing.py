"""The event side of a process: where its events and news go, who handles events, which broker."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

from plotkiln.cli.news import open_news
from plotkiln.cli.opening import Opening
from plotkiln.errors import UnavailableError
from plotkiln.events.broker import EmbeddedBroker
from plotkiln.events.delivery import Destination
from plotkiln.events.event import CloudEvent, checked
from plotkiln.events.filters import Filter, Some, types_of
from plotkiln.events.news import Item, News
from plotkiln.events.publishing import Publisher, Send
from plotkiln.events.sinks import HttpClient, Sink
from plotkiln.events.store import EventStore
from plotkiln.events.subscribers import Handler, Subscribers
from plotkiln.events.tracing import traced
from plotkiln.events.triggers import DEFAULT_BROKER, Topology, Trigger, read_topology
from plotkiln.service import Metrics
from plotkiln.service.brokers import BrokerService, EventRetention, OpenBroker
from plotkiln.service.vitals import Reading
from plotkiln.settings import Settings
from plotkiln.state import Database

__all__ = ["Eventing", "has_embedded_broker", "open_eventing", "open_sink"]


class Eventing:
    """What of the event side is there before those who handle events are."""

    def __init__(
        self,
        settings: Settings,
        metrics: Metrics,
        client: HttpClient,
        opening: Opening[OpenBroker],
        send: Send | None,
        publisher: Publisher | None,
        news: News,
        *,
        embedded: bool,
    ) -> None:
        self._settings = settings
        self._embedded = embedded
        self._metrics = metrics
        self._client = client
        self._opening = opening
        self._send = send
        #: Sends events of our own; None where there is nobody to send them to.
        self.publisher = publisher
        #: Tells whoever listens now.
        self.news = news

    def offer(self, event: CloudEvent) -> None:
        """Have an event sent, if there is somebody to send it to; else it is counted as dropped."""
        if self.publisher is None:
            self._metrics.count("events_published", "dropped")
        else:
            self.publisher.offer(event)

    async def publish(self, event: CloudEvent) -> None:
        """Have an event sent, as `offer` does; it is not waited for."""
        self.offer(event)

    def tell_style(self, event: CloudEvent) -> None:
        """Tell that the style which is its subject changed; and have it sent, if to anybody."""
        self._tell("styles", event)

    async def tell_artifact(self, event: CloudEvent) -> None:
        """Tell that the name which is its subject shows another picture; as `tell_style`."""
        self._tell("artifacts", event)

    def _tell(self, kind: str, event: CloudEvent) -> None:
        self.news.tell(Item(topic=f"{kind}/{event.subject}", event=event))
        if self.publisher is not None:
            self.publisher.offer(event)

    def readings(self) -> Iterable[Reading]:
        """Read how much the embedded broker has before it; nothing where none runs here."""
        opened = self._opening.opened
        return () if opened is None else [("broker_backlog", (), opened.broker.backlog)]

    async def send(self, event: CloudEvent) -> None:
        """Send an event, once; who has it sent waits, and bounds the time.

        It belongs to the trace of the event that is being handled, and begins a chain of its own.
        Raises `UnavailableError` where there is nobody to send it to, `DeliveryFailed` and
        `StoreUnavailable` when it is not taken.
        """
        if self._send is None:
            raise UnavailableError("There is no broker to send events to: K_SINK is not set.")
        await self._send(traced(checked(event)))

    def broker(
        self,
        programs: Mapping[str, Handler],
        drawn: Sequence[Filter],
        always: Sequence[Trigger] = (),
        widths: Mapping[str, int] | None = None,
    ) -> BrokerService:
        """Return the broker, which begins to deliver to these programs where it is embedded.

        `drawn` are the filters of rules: where no Triggers are declared, what one of them wants
        goes to the program `render`. `always` are Triggers that are there, too, unless what is
        declared takes their events, and `widths` how many deliveries a program is given at
        once. Raises `SettingsError` when a Trigger names somebody unknown.
        """
        if not self._embedded:
            return BrokerService(None)
        settings, count = self._settings, self._metrics.count
        subscribers = Subscribers({**programs, **settings.subscribers}, self._client.open)
        topology = _completed(_topology(settings, drawn), always)
        for trigger, destination in topology.destinations():
            subscribers.check(destination, f"Trigger {trigger.name}")

        @asynccontextmanager
        async def context() -> AsyncIterator[OpenBroker]:
            async with (
                Database(settings.data / "events.sqlite") as database,
                EventStore(database) as store,
                EmbeddedBroker(topology, store, subscribers, widths=widths, count=count) as broker,
            ):
                yield OpenBroker(broker, store)

        self._opening.begin(context)
        return BrokerService(self._opening, _retention(settings))


@asynccontextmanager
async def open_eventing(
    settings: Settings, metrics: Metrics, *, alone: bool = True
) -> AsyncIterator[Eventing]:
    """Yield the event side; leaving ends deliveries, sends what is not sent, closes the broker.

    A process that is not `alone`, but one of several that share a broker, never runs its own.
    """
    embedded = alone and has_embedded_broker(settings)
    async with AsyncExitStack() as stack:
        news = await stack.enter_async_context(open_news(settings, metrics))
        client = await stack.enter_async_context(HttpClient(settings.ca_certs))
        opening: Opening[OpenBroker] = Opening("the embedded broker")
        await stack.enter_async_context(opening)
        send = _destination(settings, client, opening if embedded else None)
        publisher = None
        if send is not None:
            publisher = Publisher(send, count=metrics.count)
            await stack.enter_async_context(publisher)
        stack.push_async_callback(_end_deliveries, opening)
        yield Eventing(settings, metrics, client, opening, send, publisher, news, embedded=embedded)


@asynccontextmanager
async def open_sink(settings: Settings) -> AsyncIterator[Sink]:
    """Yield `K_SINK`, for programs that only send; it must be set."""
    async with HttpClient(settings.ca_certs) as client:
        yield _sink(settings, client)


def has_embedded_broker(settings: Settings) -> bool:
    """Say whether this process is its own broker: not where a cluster has one."""
    return not settings.sink and not settings.knative_service


def _destination(
    settings: Settings, client: HttpClient, opening: Opening[OpenBroker] | None
) -> Send | None:
    if settings.sink:
        return _sink(settings, client).send
    return None if opening is None else partial(_accept, opening)


async def _end_deliveries(opening: Opening[OpenBroker]) -> None:
    """Let nobody handle an event any more whose own events would not be sent."""
    if opening.opened is not None:
        await opening.opened.broker.stop()


async def _accept(opening: Opening[OpenBroker], event: CloudEvent) -> None:
    await (await opening()).broker.accept(DEFAULT_BROKER, event)


def _sink(settings: Settings, client: HttpClient) -> Sink:
    return Sink(
        settings.sink,
        client,
        overrides=settings.ce_overrides,
        token_file=settings.sink_token_file,
    )


def _topology(settings: Settings, drawn: Sequence[Filter]) -> Topology:
    if settings.triggers:
        return read_topology(settings.triggers)
    from plotkiln.counter.topology import DRAWING, TOPOLOGY

    if not drawn:
        return TOPOLOGY
    rules = Trigger(
        name="default/events-to-pictures",
        broker=DEFAULT_BROKER,
        filter=Some(drawn),
        subscriber=Destination(ref="render"),
        delivery=DRAWING,
    )
    return TOPOLOGY.beside(rules)


def _completed(topology: Topology, always: Sequence[Trigger]) -> Topology:
    """Return a topology with these triggers, less those whose events are taken already."""
    for trigger in always:
        declared = topology.triggers.get(trigger.broker, ())
        if not _are_taken(trigger, declared):
            topology = topology.beside(trigger)
    return topology


def _are_taken(trigger: Trigger, declared: Sequence[Trigger]) -> bool:
    """Say whether others go to the same subscriber, or single out the types that this one does.

    One that wants any event, such as a log's, takes nothing away.
    """
    anything = CloudEvent(id="0", source="/", type="anything")
    choosy = [one for one in declared if not one.filter.matches(anything)]
    probes = [CloudEvent(id="0", source="/", type=name) for name in types_of(trigger.filter)]
    if any(one.subscriber == trigger.subscriber for one in declared):
        return True
    return bool(probes) and all(
        any(one.filter.matches(probe) for one in choosy) for probe in probes
    )


def _retention(settings: Settings) -> EventRetention:
    return EventRetention(
        keep=settings.events_keep,
        max_age=timedelta(days=settings.events_max_age),
        dead_letters_max_age=timedelta(days=settings.dead_letters_max_age),
    )
