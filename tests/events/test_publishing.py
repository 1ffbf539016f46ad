import asyncio
import shutil
from collections import Counter
from pathlib import Path

import pytest

from conftest import require
from event_sinks import Answer, Authority, EventSink
from plotkiln.errors import DeliveryFailed, RuleError, SchemaError
from plotkiln.events.event import CloudEvent
from plotkiln.events.http_binding import Message, to_binary
from plotkiln.events.publishing import Publisher
from plotkiln.events.sinks import HttpClient, Sink
from plotkiln.events.tracing import tracing
from servers import eventually

pytestmark = pytest.mark.anyio

EVENT = CloudEvent(id="1", source="/here", type="t", data=b'{"a":1}')


class Counts(Counter[str]):
    """What became of events, by name."""

    def add(self, name: str, label: str) -> None:
        """Count one."""
        assert name == "events_published"
        self[label] += 1


def numbered(number: int) -> CloudEvent:
    """Return an event of its own."""
    return CloudEvent(id=str(number), source="/here", type="t")


async def test_an_event_is_sent_behind_our_back() -> None:
    """Whoever publishes waits for nothing; the sink gets the event, and is told to reply."""
    counts = Counts()
    with EventSink() as sink:
        async with HttpClient() as client:
            sending = Sink(f"{sink.url}/ns/default", client)
            async with Publisher(sending.send, count=counts.add) as publisher:
                assert publisher.offer(EVENT)
                await publisher.publish(numbered(2))
                assert publisher.under_way == 2
                await eventually(lambda: len(sink.taken) == 2)
    first = min(sink.taken, key=lambda one: one.event.id)
    assert first.path == "/ns/default"
    assert (first.event.id, first.event.data) == ("1", b'{"a":1}')
    assert "authorization" not in first.headers
    assert counts == {"sent": 2}


async def test_what_is_refused_for_now_is_sent_again() -> None:
    """A sink that is busy, or away, gets the event once it can take it."""
    counts = Counts()
    with EventSink(Answer(503), Answer(429), Answer(202)) as sink:
        async with (
            HttpClient() as client,
            Publisher(Sink(sink.url, client).send, count=counts.add) as publisher,
        ):
            publisher.offer(EVENT)
            await eventually(lambda: counts["sent"])
    assert [one.event.id for one in sink.taken] == ["1", "1", "1"]
    assert counts == {"retried": 2, "sent": 1}


@pytest.mark.parametrize("status", [401, 403])
async def test_who_is_not_believed_tries_again(tmp_path: Path, status: int) -> None:
    """A token that has just expired is read again for the next attempt."""
    token, counts = tmp_path / "token", Counts()
    token.write_text("expired")

    def judge(_event: CloudEvent) -> Answer:
        believed = sink.taken[-1].headers["authorization"] == "Bearer renewed"
        token.write_text("renewed")
        return Answer(202 if believed else status)

    with EventSink(reply=judge) as sink:
        async with (
            HttpClient() as client,
            Publisher(Sink(sink.url, client, token_file=token).send, count=counts.add) as publisher,
        ):
            publisher.offer(EVENT)
            await eventually(lambda: counts["sent"])
    assert counts == {"retried": 1, "sent": 1}


async def test_an_answer_is_not_read_for_ever() -> None:
    """A sink that answers with more than an event may have has failed."""
    large = CloudEvent(id="2", source="/", type="t", data=bytes(3 << 20))
    with EventSink(Answer(200, to_binary(large)), Answer(400, Message([], b"x" * 9000))) as sink:
        async with HttpClient() as client:
            with pytest.raises(DeliveryFailed, match="1024 KiB") as refused:
                await Sink(sink.url, client).send(EVENT)
            assert refused.value.status == 502
            with pytest.raises(DeliveryFailed, match="answered 400: xxx") as refused:
                await Sink(sink.url, client).send(EVENT)
            assert len(str(refused.value)) < 1200


async def test_what_no_retry_mends_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    """A refusal of the event itself is logged and counted, and bothers nobody."""
    counts = Counts()
    with EventSink(Answer(400)) as sink:
        async with (
            HttpClient() as client,
            Publisher(Sink(sink.url, client).send, count=counts.add) as publisher,
        ):
            publisher.offer(EVENT)
            await eventually(lambda: counts["refused"])
    assert len(sink.taken) == 1
    assert "the event 1 of /here is refused" in caplog.text


async def test_nobody_there_is_no_error() -> None:
    """Nothing is raised while nobody listens; at the end the event is counted as lost."""
    counts = Counts()
    async with HttpClient() as client:
        sending = Sink("http://127.0.0.1:1", client, within=1)
        async with Publisher(sending.send, count=counts.add) as publisher:
            assert publisher.offer(EVENT)
            await eventually(lambda: counts["retried"])
            assert publisher.under_way == 1
    assert counts["lost"] == 1


async def test_the_queue_is_bounded() -> None:
    """Beyond its capacity an event is dropped, counted, and said to be."""
    counts = Counts()

    async def hang(_event: CloudEvent) -> None:
        await asyncio.Event().wait()

    async with Publisher(hang, count=counts.add, capacity=2, drain=0.05) as publisher:
        assert [publisher.offer(numbered(number)) for number in range(3)] == [True, True, False]
    assert counts == {"dropped": 1, "lost": 2}


async def test_leaving_sends_what_is_left() -> None:
    """What waits for another attempt gets one at once when the process ends."""
    counts = Counts()
    sent: list[str] = []
    away = True

    async def send(event: CloudEvent) -> None:
        if away:
            raise DeliveryFailed("away")
        sent.append(event.id)

    async with Publisher(send, count=counts.add) as publisher:
        for number in range(40):
            publisher.offer(numbered(number))
        await eventually(lambda: counts["retried"] >= 80)
        away = False
    assert sorted(sent, key=int) == [str(number) for number in range(40)]
    assert counts["sent"] == 40
    assert not publisher.offer(EVENT)


async def test_a_defect_is_told_to_its_maker() -> None:
    """What is no event is an error at once, not one in the background."""

    async def send(_event: CloudEvent) -> None:
        raise RuleError("never called")

    async with Publisher(send, count=Counts().add) as publisher:
        with pytest.raises(SchemaError):
            publisher.offer(CloudEvent(id="", source="/here", type="t"))


async def test_overrides_are_added() -> None:
    """K_CE_OVERRIDES wins over the event's own extensions."""
    event = CloudEvent(id="1", source="/", type="t", extensions={"kept": "1", "cluster": "no"})
    with EventSink() as sink:
        async with HttpClient() as client:
            await Sink(sink.url, client, overrides={"cluster": "east"}).send(event)
    assert sink.taken[0].event.extensions == {"kept": "1", "cluster": "east"}


async def test_the_trace_of_the_cause_goes_along() -> None:
    """What is published while an event is handled has its trace, as extension and as header."""
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    cause = CloudEvent(id="0", source="/", type="t", extensions={"traceparent": parent})
    with EventSink() as sink:
        async with (
            HttpClient() as client,
            Publisher(Sink(sink.url, client).send, count=Counts().add) as publisher,
        ):
            with tracing(cause):
                publisher.offer(EVENT)
            await eventually(lambda: sink.taken)
    assert sink.taken[0].event.extensions == {"traceparent": parent}
    assert sink.taken[0].headers["traceparent"] == parent


async def test_a_reply_of_the_sink_is_dropped() -> None:
    """A sink may answer with an event, or, wrongly, with anything else."""
    reply = to_binary(CloudEvent(id="2", source="/sink", type="reply"))
    with EventSink(Answer(200, reply)) as sink:
        async with HttpClient() as client:
            await Sink(sink.url, client).send(EVENT)
    assert len(sink.taken) == 1


async def test_the_token_is_read_for_each_event(tmp_path: Path) -> None:
    """A renewed OIDC token is sent at once; where there is no file, none is."""
    token = tmp_path / "token"
    with EventSink() as sink:
        async with HttpClient() as client:
            sending = Sink(sink.url, client, token_file=token)
            await sending.send(EVENT)
            for text in ("first", "second"):
                token.write_text(f"{text}\n")
                await sending.send(EVENT)
    sent = [one.headers.get("authorization") for one in sink.taken]
    assert sent == [None, "Bearer first", "Bearer second"]


async def test_an_own_authority_is_trusted_where_it_is_given(tmp_path: Path) -> None:
    """K_CA_CERTS lets a sink's certificate pass; without it the event is not sent."""
    require(shutil.which("openssl"), "openssl", mend="your system's package manager")
    authority = Authority(tmp_path)
    with EventSink(certificate=authority.issue()) as sink:
        async with HttpClient(authority.pem) as trusting:
            await Sink(sink.url, trusting).send(EVENT)
        async with HttpClient() as doubting:
            with pytest.raises(DeliveryFailed, match="certificate verify failed") as refused:
                await Sink(sink.url, doubting).send(EVENT)
    assert refused.value.status == 0
    assert len(sink.taken) == 1


async def test_broken_certificates_are_told() -> None:
    """K_CA_CERTS without a certificate in it is named in the failure."""
    async with HttpClient("no certificate") as client:
        with pytest.raises(DeliveryFailed, match="K_CA_CERTS"):
            await Sink("https://127.0.0.1:1", client).send(EVENT)
