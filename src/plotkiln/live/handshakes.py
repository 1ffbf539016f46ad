"""Handshakes that take a while: nothing is done for who does not wait for it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.websockets import WebSocket

__all__ = ["unless_gone"]

T = TypeVar("T")


async def unless_gone(socket: WebSocket, work: Coroutine[Any, Any, T]) -> T | None:
    """Return the result of `work`, or None when the client leaves first: it is cancelled then.

    For a socket that is not accepted yet, on which a client has nothing to say.
    """
    doing = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(socket))
    try:
        await asyncio.wait({doing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return doing.result() if doing.done() else None
    finally:
        leaving.cancel()
        doing.cancel()
        await asyncio.gather(doing, leaving, return_exceptions=True)


async def _left(socket: WebSocket) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
