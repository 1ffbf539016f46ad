"""WebSockets under uvicorn, such that no slow or dead peer is waited for."""

import socket
from asyncio import TimerHandle
from asyncio.transports import BaseTransport
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.datastructures import Headers
from websockets.http11 import Response

from plotkiln.errors import ShuttingDown
from plotkiln.live.refusals import refusal

__all__ = ["LiveSocket"]

#: Bytes that the kernel, and then this process, hold for a peer that does not read. What is behind
#: them waits as news, of which old ones are dropped: little here is little that is stale.
_KERNEL, _OWN = 1 << 16, 1 << 15

#: Seconds in which a peer takes what it was sent before it is cut off.
_LINGER = 1.0


class LiveSocket(WebSocketsSansIOProtocol):
    """uvicorn's protocol, with less kept for a slow peer, and an end that comes.

    uvicorn closes a connection once all is written, which a peer that does not read puts off for
    ever: one that missed its pings would never be gone, and a drain would last to its limit.
    """

    _cutting: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Bound what is kept for the peer."""
        super().connection_made(transport)
        raw = transport.get_extra_info("socket")
        if raw is not None and raw.family in {socket.AF_INET, socket.AF_INET6}:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KERNEL)
        self.transport.set_write_buffer_limits(high=_OWN)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the peer."""
        if self._cutting is not None:
            self._cutting.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Say that the server goes away (1001): uvicorn's 1012 speaks of a restart.

        A handshake that is not answered yet is 503, where uvicorn's 500 would speak of a defect.
        """
        if not self.handshake_complete and self.initial_response is None:
            self._refuse_handshake()
        elif self.handshake_complete and not self.close_sent:
            self.queue.put_nowait({"type": "websocket.disconnect", "code": 1001})
            self.conn.send_close(1001)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        super().shutdown()
        self._cut_soon()

    def keepalive_timeout(self) -> None:
        """Close a connection whose peer answers no pings."""
        super().keepalive_timeout()
        self._cut_soon()

    def handle_parser_exception(self) -> None:
        """Close a connection whose peer breaks the protocol."""
        super().handle_parser_exception()
        self._cut_soon()

    async def send(self, message: Any) -> None:
        """Send a message; raises `ClientDisconnected` from the moment at which this side closed."""
        await self.writable.wait()
        if self.close_sent:
            raise ClientDisconnected
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True  # else uvicorn takes the refusal for a defect, and logs

    def _refuse_handshake(self) -> None:
        problem, headers, body = refusal(ShuttingDown())
        fields = {**headers, "Connection": "close", "Content-Length": str(len(body))}
        phrase = HTTPStatus(problem.status).phrase
        self.conn.send_response(Response(problem.status, phrase, Headers(fields), body))
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.handshake_complete = self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": 1006})

    def _cut_soon(self) -> None:
        if self._cutting is None:
            self._cutting = self.loop.call_later(_LINGER, self.transport.abort)
