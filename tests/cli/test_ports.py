import asyncio
import socket

import pytest

from plotkiln.cli.ports import find_port
from servers import free_port

pytestmark = pytest.mark.anyio


async def test_a_free_port_is_well() -> None:
    """A port that can be bound is free, and still is afterwards."""
    port = free_port()
    for _ in range(2):
        assert (await find_port("127.0.0.1", port)).detail == f"127.0.0.1:{port} is free"


async def test_any_port_is_well() -> None:
    """0 stands for a free one."""
    assert (await find_port("127.0.0.1", 0)).state == "ok"


async def test_a_plotkiln_may_have_it() -> None:
    """Whoever answers as plotkiln does has the port rightly."""

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{"status":"live"}')
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(respond, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await find_port("127.0.0.1", port)
    assert found.state == "ok"
    assert "a plotkiln serves there" in found.detail


async def test_another_program_is_a_fault() -> None:
    """A port that somebody else has is a fault whose mend names the setting."""

    async def respond(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ready\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(respond, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await find_port("127.0.0.1", port)
    assert found.state == "fault"
    assert "PORT" in found.mend


async def test_an_address_of_another_machine_is_a_fault() -> None:
    """What cannot be bound at all is told in the system's words (192.0.2.0/24 is nobody's)."""
    found = await find_port("192.0.2.1", free_port())
    assert found.state == "fault"
    assert "HOST" in found.mend


async def test_an_ipv6_address_is_bound() -> None:
    """Brackets are for people: the address is bound without them."""
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    found = await find_port("[::1]", 0)
    assert found.state == "ok"
