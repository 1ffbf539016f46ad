"""Connections: the time of a head, and how many of them there may be."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from plotkiln.cli.connections import Bounds, Connection
from plotkiln.cli.crowds import Crowd

pytestmark = pytest.mark.anyio


async def plain(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answer at once, without a look at the body."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


@asynccontextmanager
async def served(
    bounds: Bounds,
    *,
    app: ASGIApp = plain,
    crowd: Crowd | None = None,
    state: ServerState | None = None,
) -> AsyncIterator[int]:
    """Yield the port of a server under these bounds."""
    config, state, crowd = (
        uvicorn.Config(app, log_config=None),
        state or ServerState(),
        crowd or Crowd(),
    )
    config.load()
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(
            config=config, server_state=state, app_state={}, bounds=bounds, crowd=crowd
        ),
        "127.0.0.1",
        0,
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


async def answer(port: int, data: bytes) -> bytes:
    """Send bytes and return all that comes until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    try:
        async with asyncio.timeout(60):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow", b"408"),
        (b"GET /", b"408"),
        (b"\r\n", b"408"),
        (b"", b""),
    ],
)
async def test_a_slow_head_is_not_waited_for(data: bytes, status: bytes) -> None:
    """Whoever begins a request and does not end its head is told so; who begins none is not."""
    async with served(Bounds(head_timeout=0.1)) as port:
        assert (await answer(port, data))[9:12] == status


async def test_a_second_slow_head_is_not_waited_for() -> None:
    """The time of a head holds for each request of a connection."""
    good = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    async with served(Bounds(head_timeout=0.1)) as port:
        answered = await answer(port, good + good[:-1])
        assert [part[:3] for part in answered.split(b"HTTP/1.1 ")[1:]] == [b"204", b"408"]


async def test_a_body_that_nobody_reads_is_not_waited_for() -> None:
    """The connection of an answered request ends soon, though its body does not."""
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"
    async with served(Bounds(linger=0.1)) as port:
        assert (await answer(port, head))[9:12] == b"204"


async def test_the_oldest_idle_connection_makes_room() -> None:
    """A flood of connections that ask for nothing keeps nobody out: the oldest of them end."""
    async with served(Bounds(), crowd=Crowd(10)) as port:
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(40)]
        good = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        assert (await answer(port, good))[9:12] == b"204"
        async with asyncio.timeout(60):
            ended = [await gone(reader) for reader, _ in idle[:30]]
        for _, writer in idle:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
    assert all(ended)


async def gone(reader: asyncio.StreamReader) -> bool:
    """Say whether the other side has cut a connection; wait until it does."""
    try:
        return not await reader.read()
    except ConnectionError:
        return True


async def test_requests_before_it_do_not_count_for_a_body() -> None:
    """However many heads came on a connection, a body in a segment of its own is taken."""
    async with served(Bounds(head=1024)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(100):
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert b" 204 " in await reader.readuntil(b"\r\n\r\n")
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n")
        assert b" 204 " in await reader.readuntil(b"\r\n\r\n")
        writer.write(b"{}")
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b" 204 " in await reader.readuntil(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()


GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"

#: More than the kernel takes for a peer that reads nothing.
_LARGE = 16 << 20


async def large(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer more than a connection holds."""
    length = (b"content-length", b"%d" % _LARGE)
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": b" " * _LARGE})


@asynccontextmanager
async def deaf(port: int, data: bytes) -> AsyncIterator[asyncio.StreamReader]:
    """Send bytes and read nothing of what is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 10)
    writer.write(data)
    try:
        yield reader
    finally:
        writer.transport.abort()


@pytest.mark.parametrize(
    "request_", [GET, GET * 5, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"]
)
async def test_who_takes_nothing_is_not_waited_for(request_: bytes) -> None:
    """An answer that nobody reads ends with its connection, whether or not that was to be kept."""
    state = ServerState()
    async with (
        served(Bounds(), app=large, crowd=Crowd(taking=0.3), state=state) as port,
        deaf(port, request_) as reader,
        asyncio.timeout(60),
    ):
        await reader.readexactly(1)
        while state.connections:  # noqa: ASYNC110 -- uvicorn tells nobody of an end
            await asyncio.sleep(0.01)


async def test_who_takes_little_is_waited_for() -> None:
    """However long an answer takes: as long as some of it is taken, it goes on."""
    async with (
        served(Bounds(), app=large, crowd=Crowd(taking=2)) as port,
        deaf(port, GET) as reader,
        asyncio.timeout(60),
    ):
        await reader.readuntil(b"\r\n\r\n")
        for _ in range(32):
            await reader.readexactly(_LARGE // 32)
            await asyncio.sleep(0.1)


async def test_whoever_takes_nothing_longest_makes_room() -> None:
    """A flood of connections that read no answer keeps nobody out."""
    async with served(Bounds(), app=large, crowd=Crowd(10)) as port, AsyncExitStack() as stack:
        for _ in range(40):
            await stack.enter_async_context(deaf(port, GET * 5))
        head = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        assert len(await answer(port, head)) > _LARGE


async def test_no_more_requests_are_read_than_wait() -> None:
    """Behind so many requests that wait, an answer ends the connection; the rest comes again."""
    async with served(Bounds(pipelined=3)) as port:
        parts = (await answer(port, GET * 9)).split(b"HTTP/1.1 ")[1:]
    assert len(parts) == 4
    assert [b"connection: close" in part for part in parts] == [False, False, False, True]
