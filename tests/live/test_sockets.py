"""Sockets whose peers are slow, dead or rude: a server in this process, with shorter times."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import msgspec
import pytest
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ears import listening
from plotkiln.api.draining import Draining
from plotkiln.cli import server as servers_module
from plotkiln.cli.server import Server, address, create_server
from plotkiln.events.event import CloudEvent
from plotkiln.events.news import Item, News
from plotkiln.events.news_memory import MemoryNews
from plotkiln.events.news_redis import RedisNews
from plotkiln.live import sessions
from plotkiln.live.channel import LiveChannel
from plotkiln.live.routes import attach_live
from plotkiln.service import Metrics
from plotkiln.state.redis import open_redis
from servers import eventually

pytestmark = pytest.mark.anyio


class Running(msgspec.Struct):
    """A server, and what tells its listeners."""

    url: str
    server: Server
    news: MemoryNews
    metrics: Metrics
    draining: Draining

    @property
    def sockets(self) -> float:
        """How many are open."""
        return self.metrics.gauges["live_sockets", ()]

    def tell(self, number: int, *, filling: int = 0) -> None:
        """Tell of a style."""
        event = CloudEvent(id=str(number), source="/t", type="test", data=b"x" * filling)
        self.news.tell(Item(topic="styles/a", event=event))


@asynccontextmanager
async def running(
    *, most: int = 100, drain: float = 20.0, heard: News | None = None
) -> AsyncIterator[Running]:
    """Serve a channel alone, by the server of `plotkiln serve`."""
    metrics = Metrics()
    news = MemoryNews(window=1000, count=metrics.count)
    app = Starlette()
    app.state.draining = Draining()
    attach_live(app, LiveChannel(heard or news, metrics, most=most))
    server = create_server(app, drain=drain, draining=app.state.draining, sockets=True)
    listener = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield Running(address(listener), server, news, metrics, app.state.draining)
    finally:
        server.should_exit = True
        await serving


async def raw_socket(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a socket by hand, whose peer answers nothing by itself."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1 << 10)
    writer.write(
        b"GET /live?topic=styles HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    assert b"101" in await reader.readuntil(b"\r\n\r\n")
    return reader, writer


async def test_signs_of_life_come_between_news(monkeypatch: pytest.MonkeyPatch) -> None:
    """A heartbeat comes from time to time, and says up to where nothing was missed."""
    monkeypatch.setattr(sessions, "HEARTBEAT", 0.1)
    async with running() as kiln, listening(kiln.url, "jobs") as ear:
        welcome = await ear.hear()
        assert welcome["data"]["heartbeat"] == 0.1
        kiln.tell(1)  # nothing for this one
        beats = [await ear.hear() for _ in range(3)]
        assert {beat["type"] for beat in beats} == {"plotkiln.live.heartbeat"}
        assert beats[0]["data"] == {}
        assert len({beat["id"] for beat in beats}) == 3
        assert beats[-1]["sequence"] > welcome["sequence"]
        position = beats[-1]["sequence"]
        async with listening(kiln.url, "jobs", after=position) as again:
            assert (await again.hear())["data"]["resumed"]


async def test_a_dead_peer_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who answers no ping is gone, also where much waits to be written to it."""
    monkeypatch.setattr(servers_module, "_PING_EVERY", 0.3)
    async with running() as kiln:
        _quiet, first = await raw_socket(kiln.url)
        _stuffed, second = await raw_socket(kiln.url)
        async with listening(kiln.url, "jobs") as ear:
            await eventually(lambda: kiln.sockets == 3)
            for number in range(400):
                kiln.tell(number, filling=10_000)
            await eventually(lambda: kiln.sockets == 1, 10)
            await ear.hear()
        for writer in (first, second):
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def test_little_is_kept_for_who_does_not_read() -> None:
    """A slow peer gets at last a little that is stale, then what it lost, then the newest."""
    told = 2000
    async with running() as kiln, listening(kiln.url, "styles", max_queue=1) as ear:
        await ear.hear()
        for number in range(told):
            kiln.tell(number, filling=2_000)
            await asyncio.sleep(0)
        events = [await ear.hear()]
        while events[-1].get("id") != str(told - 1):
            events.append(await ear.hear())
    heard = [int(event["id"]) for event in events if event["type"] == "test"]
    losses = [event["data"] for event in events if event["type"] == "plotkiln.live.dropped"]
    assert events.index(next(event for event in events if event["type"] != "test")) < told / 2
    assert heard == sorted(heard)
    assert heard[-256:] == list(range(told - 256, told))
    assert sum(loss["count"] for loss in losses) == told - len(heard)
    assert all(loss["topics"] == ["styles/a"] for loss in losses)
    assert kiln.metrics.counters["live_events", ("dropped",)] == told - len(heard)


async def test_a_drain_waits_for_nobody() -> None:
    """Sockets are closed with 1001 at once, and those who do not read are cut off soon."""
    async with running(drain=20) as kiln:
        _reader, writer = await raw_socket(kiln.url)
        async with listening(kiln.url, "jobs") as ear:
            await ear.hear()
            for number in range(400):
                kiln.tell(number, filling=10_000)
            await eventually(lambda: kiln.metrics.counters["live_events", ("sent",)] > 0)
            begun = time.monotonic()
            kiln.server._drain()
            with pytest.raises(ConnectionClosed) as raised:
                await ear.hear()
            assert raised.value.rcvd is not None
            assert raised.value.rcvd.code == 1001
            await eventually(lambda: kiln.sockets == 0)
            assert time.monotonic() - begun < 5
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_sockets_are_bounded() -> None:
    """One more than there may be is 503, and there is room again once one is closed."""
    async with running(most=2) as kiln:
        async with listening(kiln.url) as one, listening(kiln.url) as two:
            await one.hear()
            await two.hear()
            reader, writer = await _refused(kiln.url)
            head = await reader.readuntil(b"\r\n\r\n")
            assert b" 503 " in head
            assert b"retry-after: 30" in head.lower()
            writer.close()
        await eventually(lambda: kiln.sockets == 0)
        async with listening(kiln.url) as one:
            assert (await one.hear())["type"] == "plotkiln.live.welcome"


async def test_a_server_that_ends_takes_no_more() -> None:
    """Once the drain has begun a socket is 503, and may be had from another server."""
    async with running() as kiln:
        client = httpx.AsyncClient(base_url=kiln.url)
        async with client, listening(kiln.url):
            kiln.draining.begin()
            headers = {
                "Connection": "Upgrade",
                "Upgrade": "websocket",
                "Sec-WebSocket-Version": "13",
            }
            headers["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ=="
            answer = await client.get("/live", headers=headers)
            assert answer.status_code == 503
            assert answer.json()["type"] == "/docs#shutting-down"


@asynccontextmanager
async def mute_news() -> AsyncIterator[RedisNews]:
    """Return news of a Redis that takes connections and says nothing: handshakes wait for it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        async with (
            open_redis(url) as redis,
            RedisNews(redis, window=10, count=lambda *_: None) as news,
        ):
            yield news


async def test_regression_a_handshake_in_flight_is_told_to_come_back() -> None:
    """A server that ends answers who waits for a socket by 503, and says that it ends."""
    async with mute_news() as heard, running(heard=heard) as kiln:
        reader, writer = await _refused(kiln.url)
        await eventually(lambda: kiln.sockets == 1)
        kiln.server._drain()
        async with asyncio.timeout(2):
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 Service Unavailable")
        assert b"retry-after: 1" in head.lower()
        assert b"content-type: application/problem+json" in head.lower()
        assert json.loads(body)["type"] == "/docs#shutting-down"
        writer.close()


async def test_regression_nothing_is_done_for_who_left_the_handshake() -> None:
    """A client that goes before it is answered leaves nothing under way."""
    async with mute_news() as heard, running(heard=heard) as kiln:
        _reader, writer = await _refused(kiln.url)
        await eventually(lambda: kiln.sockets == 1)
        begun = time.monotonic()
        writer.close()
        await eventually(lambda: kiln.sockets == 0)
        assert time.monotonic() - begun < 1
        assert heard._listeners == 0


async def test_regression_a_refusal_is_no_error_of_the_server(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever page asks, nothing is logged as an error."""
    async with running() as kiln:
        for options in ({"origin": "https://evil.example"}, {"subprotocols": ["none"]}):
            with pytest.raises(InvalidStatus):
                async with listening(kiln.url, **options):
                    pass
    assert [one.message for one in caplog.records if one.levelname == "ERROR"] == []


async def _refused(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    return reader, writer
