"""Whether the port that a server would take is free."""

import asyncio
import errno
import socket

from plotkiln.service.doctor import Finding

__all__ = ["find_port"]

#: Seconds in which whoever listens there must say that it is plotkiln.
_PATIENCE = 2.0


async def find_port(host: str, port: int) -> Finding:
    """Bind the port and let it go; a plotkiln that has it already is well."""
    host, place = host.strip("[]"), f"{host}:{port}"
    if port == 0:
        return Finding(f"{host}: a free one is taken at each start")
    try:
        _bind(host, port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            mend = "Set HOST to an address of this machine, and PORT to one above 1023."
            return Finding(f"{place}: {error.strerror}", "fault", mend)
    else:
        return Finding(f"{place} is free")
    if await _is_plotkiln(host, port):
        return Finding(f"{place}: a plotkiln serves there")
    mend = "Set PORT to a free one, or end what listens there."
    return Finding(f"{place} is taken by another program", "fault", mend)


def _bind(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    socket.create_server((host, port), family=family).close()


async def _is_plotkiln(host: str, port: int) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(
                b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            )
            await reader.readuntil(b'{"status":"live"}')
            writer.close()
    except (TimeoutError, OSError, EOFError, asyncio.LimitOverrunError):
        return False
    return True
