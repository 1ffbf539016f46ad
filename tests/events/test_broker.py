import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from event_sinks import EventSink
from plotkiln.errors import NotFoundError, RuleError, SettingsError, StoreUnavailable
from plotkiln.events.broker import EmbeddedBroker
from plotkiln.events.event import CloudEvent
from plotkiln.events.hops import HOPS
from plotkiln.events.publishing import Publisher
from plotkiln.events.sinks import HttpClient
from plotkiln.events.store import EventStore
from plotkiln.events.subscribers import Handler, Subscribers, together
from plotkiln.events.tracing import traced
from plotkiln.events.triggers import DEFAULT_BROKER, topology_of
from plotkiln.state import Database
from servers import eventually

pytestmark = pytest.mark.anyio

HIT = CloudEvent(id="1", source="/home", type="hit")


class Seen:
    """A program that remembers what it was handed, and answers as it is told."""

    def __init__(self, *answers: CloudEvent | Exception | None) -> None:
        self.events: list[CloudEvent] = []
        self._answers = list(answers)

    async def __call__(self, event: CloudEvent) -> CloudEvent | None:
        """Take one event; the last answer is given for ever."""
        self.events.append(event)
        answer = self._answers.pop(0) if len(self._answers) > 1 else (self._answers or [None])[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def trigger(name: str, type_: str, to: str, **delivery: Any) -> dict[str, Any]:
    """Declare a trigger for events of one type."""
    spec = {
        "broker": "default",
        "filters": [{"exact": {"type": type_}}],
        "subscriber": {"ref": {"name": to}},
        "delivery": {"retry": 2, "backoffDelay": "PT0.02S", **delivery},
    }
    return {
        "apiVersion": "eventing.knative.dev/v1",
        "kind": "Trigger",
        "metadata": {"name": name},
        "spec": spec,
    }


@asynccontextmanager
async def brokering(
    data: Path, triggers: list[dict[str, Any]], programs: Mapping[str, Handler | str]
) -> AsyncIterator[tuple[EmbeddedBroker, EventStore]]:
    """Run a broker on one file."""
    topology = topology_of([("test", one) for one in triggers])
    async with (
        Database(data / "events.sqlite") as database,
        EventStore(database) as store,
        EmbeddedBroker(topology, store, Subscribers(programs)) as broker,
    ):
        yield broker, store


async def test_a_program_gets_no_more_at_once_than_it_may(tmp_path: Path) -> None:
    """Its deliveries wait for one another, while those of others do not."""
    most = {"slow": 0, "other": 0}
    running = dict(most)

    def program(name: str) -> Handler:
        async def handle(_event: CloudEvent) -> None:
            running[name] += 1
            most[name] = max(most[name], running[name])
            await asyncio.sleep(0.02)
            running[name] -= 1

        return handle

    programs = {name: program(name) for name in most}
    topology = topology_of([("test", trigger(name, "hit", name)) for name in most])
    async with (
        Database(tmp_path / "events.sqlite") as database,
        EventStore(database) as store,
        EmbeddedBroker(topology, store, Subscribers(programs), widths={"slow": 2}) as broker,
    ):
        for number in range(8):
            await broker.accept(DEFAULT_BROKER, msgspec.structs.replace(HIT, id=str(number)))
        await eventually(lambda: broker.idle)
    assert most["slow"] == 2
    assert most["other"] > 2


async def test_programs_together_are_one() -> None:
    """Each gets the event, and the first reply that any gives is the reply."""
    reply = CloudEvent(id="re", source="/", type="answer")
    first, second, third = Seen(None), Seen(reply), Seen(CloudEvent(id="3", source="/", type="x"))
    assert await together(first, second, third)(HIT) == reply
    assert [first.events, second.events, third.events] == [[HIT]] * 3
    assert await together(first)(HIT) is None


async def test_an_event_goes_to_whoever_wants_it(tmp_path: Path) -> None:
    """Every matching trigger gets the event, with its time of arrival, and no other."""
    first, second, other = Seen(), Seen(), Seen()
    triggers = [
        trigger("a", "hit", "first"),
        trigger("b", "hit", "second"),
        trigger("c", "x", "other"),
    ]
    programs = {"first": first, "second": second, "other": other}
    async with brokering(tmp_path, triggers, programs) as (broker, _):
        await broker.accept(DEFAULT_BROKER, HIT)
        await eventually(lambda: first.events and second.events and broker.idle)
    (seen,) = first.events
    assert (seen.id, seen.source, seen.type) == ("1", "/home", "hit")
    assert seen.extensions.keys() == {"knativearrivaltime"}
    assert not other.events


async def test_a_uri_beside_a_name_is_asked(tmp_path: Path) -> None:
    """Where the name leads to an address, the uri is resolved against that."""
    to_path = trigger("a", "hit", "elsewhere")
    to_path["spec"]["subscriber"]["uri"] = "/events?from=here"
    with EventSink() as sink:
        topology = topology_of([("test", to_path)])
        async with (
            HttpClient() as client,
            Database(tmp_path / "events.sqlite") as database,
            EventStore(database) as store,
            EmbeddedBroker(
                topology, store, Subscribers({"elsewhere": f"{sink.url}/base"}, client.open)
            ) as broker,
        ):
            await broker.accept(DEFAULT_BROKER, HIT)
            await eventually(lambda: sink.taken and broker.idle)
    assert [taken.path for taken in sink.taken] == ["/events?from=here"]


async def test_a_reply_is_an_event_again(tmp_path: Path) -> None:
    """What a subscriber answers goes to the triggers that want it."""
    drawn = Seen()
    counted = Seen(CloudEvent(id="1-total", source="/counter", type="hits", data=b'{"total":1}'))
    triggers = [trigger("count", "hit", "counted"), trigger("draw", "hits", "drawn")]
    async with brokering(tmp_path, triggers, {"counted": counted, "drawn": drawn}) as (
        broker,
        store,
    ):
        await broker.accept(DEFAULT_BROKER, HIT)
        await eventually(lambda: drawn.events and broker.idle)
        total, hit = await store.page()
    assert drawn.events[0].data == b'{"total":1}'
    assert (total.cause, total.hops) == (hit.number, HOPS - 2)
    assert {delivery.state for delivery in hit.deliveries} == {"delivered"}


async def test_a_loop_ends(tmp_path: Path) -> None:
    """A subscriber that answers itself is stopped when the hops are used up."""
    echo = Seen(HIT)
    async with brokering(tmp_path, [trigger("echo", "hit", "echo")], {"echo": echo}) as (broker, _):
        await broker.accept(
            DEFAULT_BROKER,
            CloudEvent(id="1", source="/", type="hit", extensions={"knativebrokerttl": "5"}),
        )
        await eventually(lambda: broker.idle and len(echo.events) >= 5)
    assert len(echo.events) == 5


async def test_a_loop_of_published_events_ends(tmp_path: Path) -> None:
    """What is published because of an event has one hop less, as a reply has."""
    published: list[str] = []
    ways: list[Publisher] = []

    async def publish(event: CloudEvent) -> None:
        published.append(event.id)
        ways[0].offer(msgspec.structs.replace(HIT, id=f"{event.id}+"))

    async with brokering(tmp_path, [trigger("a", "hit", "again")], {"again": publish}) as (
        broker,
        store,
    ):

        async def send(event: CloudEvent) -> None:
            await broker.accept(DEFAULT_BROKER, event)

        async with Publisher(send, count=lambda _name, _label: None) as publisher:
            ways.append(publisher)
            publisher.offer(msgspec.structs.replace(HIT, extensions={"knativebrokerttl": "5"}))
            await eventually(
                lambda: len(published) == 5 and broker.idle and not publisher.under_way
            )
        kept = await store.page()
    assert published == ["1", "1+", "1++", "1+++", "1++++"]
    assert [record.hops for record in kept] == [0, 1, 2, 3, 4]


async def test_a_failure_that_passes_is_retried(tmp_path: Path) -> None:
    """What a retry can mend is tried again, and delivered once it is mended."""
    seen = Seen(StoreUnavailable("away"), OSError("a defect"), None)
    async with brokering(tmp_path, [trigger("a", "hit", "seen")], {"seen": seen}) as (
        broker,
        store,
    ):
        await broker.accept(DEFAULT_BROKER, HIT)
        await eventually(lambda: broker.idle and seen.events)
        (kept,) = await store.page()
    assert len(seen.events) == 3
    assert [(one.state, one.attempts) for one in kept.deliveries] == [("delivered", 3)]


async def test_what_no_retry_mends_is_a_dead_letter_at_once(tmp_path: Path) -> None:
    """A refusal of the event itself is not tried again, and is kept with its reason."""
    seen = Seen(RuleError("no such counter"))
    async with brokering(tmp_path, [trigger("a", "hit", "seen")], {"seen": seen}) as (
        broker,
        store,
    ):
        await broker.accept(DEFAULT_BROKER, HIT)
        await eventually(lambda: broker.idle and seen.events)
        (kept,) = await store.page(state="dead")
    (dead,) = kept.deliveries
    assert (len(seen.events), dead.attempts, dead.status) == (1, 1, 422)
    assert dead.detail == "no such counter"


async def test_dead_letters_go_to_their_place(tmp_path: Path) -> None:
    """After the last retry the event goes to deadLetterSink, with Knative's extensions."""
    grave = Seen()
    sink = {"deadLetterSink": {"ref": {"name": "grave"}}}
    triggers = [trigger("a", "hit", "seen", **sink)]
    programs = {"seen": Seen(StoreUnavailable("away")), "grave": grave}
    async with brokering(tmp_path, triggers, programs) as (broker, _):
        await broker.accept(DEFAULT_BROKER, HIT)
        await eventually(lambda: grave.events and broker.idle)
    letter = grave.events[0].extensions
    assert (letter["knativeerrordest"], letter["knativeerrorcode"]) == ("seen", 503)
    assert letter["knativeerrordata"] == "YXdheQ=="


async def test_dead_letters_are_revived(tmp_path: Path) -> None:
    """A replayed event goes where it failed, and nowhere else; one that failed nowhere, to all."""
    seen, well = Seen(RuleError("not yet"), None), Seen()
    triggers = [trigger("a", "hit", "seen"), trigger("b", "hit", "well")]
    async with brokering(tmp_path, triggers, {"seen": seen, "well": well}) as (broker, store):
        await broker.accept(DEFAULT_BROKER, HIT)
        await eventually(lambda: broker.idle and seen.events and well.events)
        (kept,) = await store.page(state="dead")
        assert await broker.revive(kept.number) == 1
        await eventually(lambda: broker.idle and len(seen.events) == 2)
        assert not await store.page(state="dead")
        assert await broker.revive(kept.number) == 2
        await eventually(lambda: broker.idle and len(well.events) == 2)
        with pytest.raises(NotFoundError):
            await broker.revive(99)


async def test_dead_letters_that_died_are_revived(tmp_path: Path) -> None:
    """Where the place of dead letters failed, too, both are tried again, and listed no longer."""
    seen = Seen(RuleError("not yet"), RuleError("nor now"), None)
    grave = Seen(RuleError("full"), None)
    sink = {"deadLetterSink": {"ref": {"name": "grave"}}}
    programs = {"seen": seen, "grave": grave}
    async with brokering(tmp_path, [trigger("a", "hit", "seen", **sink)], programs) as (
        broker,
        store,
    ):
        await broker.accept(DEFAULT_BROKER, HIT)
        await eventually(lambda: broker.idle and grave.events)
        (kept,) = await store.page(state="dead")
        assert [record.state for record in kept.deliveries] == ["dead", "dead"]
        assert await broker.revive(kept.number) == 1
        await eventually(lambda: broker.idle and len(grave.events) == 2)
        (kept,) = await store.page(state="dead")
        assert [record.state for record in kept.deliveries] == ["dead", "delivered"]
        assert await broker.revive(kept.number) == 1
        await eventually(lambda: broker.idle and len(seen.events) == 3)
        assert not await store.page(state="dead")


async def test_a_success_leaves_no_dead_letter(tmp_path: Path) -> None:
    """What was delivered after all is not listed for the dead letter that died."""
    seen, grave = Seen(RuleError("not yet"), None), Seen(RuleError("full"))
    sink = {"deadLetterSink": {"ref": {"name": "grave"}}}
    programs = {"seen": seen, "grave": grave}
    async with brokering(tmp_path, [trigger("a", "hit", "seen", **sink)], programs) as (
        broker,
        store,
    ):
        await broker.accept(DEFAULT_BROKER, HIT)
        await eventually(lambda: broker.idle and grave.events)
        (kept,) = await store.page(state="dead")
        await broker.revive(kept.number)
        await eventually(lambda: broker.idle and len(seen.events) == 2)
        assert not await store.page(state="dead")


async def test_accepted_events_outlive_the_process(tmp_path: Path) -> None:
    """What was not delivered when the process ended is delivered by the next."""
    hanging: asyncio.Event = asyncio.Event()

    async def hang(_event: CloudEvent) -> CloudEvent | None:
        await hanging.wait()
        return None

    async with brokering(tmp_path, [trigger("a", "hit", "seen")], {"seen": hang}) as (broker, _):
        await broker.accept(DEFAULT_BROKER, HIT)
    seen = Seen()
    async with brokering(tmp_path, [trigger("a", "hit", "seen")], {"seen": seen}) as (broker, _):
        await eventually(lambda: seen.events and broker.idle)
    assert [event.id for event in seen.events] == ["1"]


async def test_a_slow_subscriber_holds_up_no_other(tmp_path: Path) -> None:
    """Each trigger has a lane of its own."""
    quick = Seen()

    async def hang(_event: CloudEvent) -> CloudEvent | None:
        await asyncio.Event().wait()
        return None

    triggers = [trigger("slow", "hit", "hang"), trigger("quick", "hit", "quick")]
    async with brokering(tmp_path, triggers, {"hang": hang, "quick": quick}) as (broker, _):
        for number in range(40):
            await broker.accept(DEFAULT_BROKER, CloudEvent(id=str(number), source="/", type="hit"))
        await eventually(lambda: len(quick.events) == 40)


async def test_a_delivery_takes_as_long_as_it_may(tmp_path: Path) -> None:
    """A subscriber that hangs is given up after the delivery's timeout, as one that is away."""

    async def hang(_event: CloudEvent) -> CloudEvent | None:
        await asyncio.Event().wait()
        return None

    triggers = [trigger("a", "hit", "hang", timeout="PT0.05S", retry=1)]
    async with brokering(tmp_path, triggers, {"hang": hang}) as (broker, store):
        await broker.accept(DEFAULT_BROKER, HIT)
        await eventually(lambda: broker.idle)
        (kept,) = await store.page(state="dead")
    assert (kept.deliveries[0].attempts, kept.deliveries[0].status) == (2, 0)


async def test_an_unknown_subscriber_is_an_error_at_start(tmp_path: Path) -> None:
    """A name that leads nowhere is told before anything is accepted."""
    with pytest.raises(SettingsError, match="nothing here is named 'nobody'"):
        async with brokering(tmp_path, [trigger("a", "hit", "nobody")], {"somebody": Seen()}):
            pass


async def test_an_unknown_broker_is_told(tmp_path: Path) -> None:
    """Only declared brokers take events."""
    async with brokering(tmp_path, [], {}) as (broker, _):
        with pytest.raises(NotFoundError, match="no broker pages/default"):
            await broker.accept(("pages", "default"), HIT)


async def test_old_events_are_removed(tmp_path: Path) -> None:
    """What is over goes, the oldest first; dead letters stay for a time of their own."""
    seen = Seen(RuleError("bad"), None)
    async with brokering(tmp_path, [trigger("a", "hit", "seen")], {"seen": seen}) as (
        broker,
        store,
    ):
        for number in range(10):
            await broker.accept(DEFAULT_BROKER, CloudEvent(id=str(number), source="/", type="hit"))
        await eventually(lambda: broker.idle and len(seen.events) == 10)
        (dead,) = await store.page(state="dead")
        removed = await store.prune(keep=3, until=0, dead_until=0)
        kept = {record.number for record in await store.page()}
        assert removed == 7 - (dead.number <= 7)
        assert kept == {8, 9, 10, dead.number}
        await store.prune(keep=3, until=0, dead_until=time.time() + 1)
        assert {record.number for record in await store.page()} == {8, 9, 10}
        assert await store.prune(keep=3, until=time.time() + 1, dead_until=0) == 3 - (
            dead.number > 7
        )


async def test_what_waits_is_never_removed(tmp_path: Path) -> None:
    """An event that is not delivered yet stays, however old it is and however many came after."""

    async def away(_event: CloudEvent) -> CloudEvent | None:
        raise StoreUnavailable("away")

    slow = trigger("a", "hit", "away", backoffDelay="PT1H")
    async with brokering(tmp_path, [slow], {"away": away}) as (broker, store):
        await broker.accept(DEFAULT_BROKER, HIT)
        assert await store.prune(keep=0, until=time.time() + 1, dead_until=time.time() + 1) == 0


async def test_a_trace_goes_through(tmp_path: Path) -> None:
    """A reply, and what is published while an event is handled, belong to the event's trace."""
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    published: list[CloudEvent] = []
    drawn = Seen()

    async def count(event: CloudEvent) -> CloudEvent | None:
        published.append(traced(CloudEvent(id="2", source="/", type="other")))
        return CloudEvent(id=f"{event.id}-total", source="/counter", type="hits")

    triggers = [trigger("count", "hit", "count"), trigger("draw", "hits", "drawn")]
    async with brokering(tmp_path, triggers, {"count": count, "drawn": drawn}) as (broker, _):
        hit = CloudEvent(id="1", source="/", type="hit", extensions={"traceparent": parent})
        await broker.accept(DEFAULT_BROKER, hit)
        await eventually(lambda: drawn.events and broker.idle)
    assert [one.extensions["traceparent"] for one in (*published, *drawn.events)] == [parent] * 2
