"""Connections under uvicorn, bounded: what each may take, its time, and how many there are."""

import asyncio
from asyncio import TimerHandle
from http import HTTPStatus
from typing import Any

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from plotkiln.cli.crowds import Crowd

__all__ = ["Bounds", "Connection"]


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What one connection may take."""

    #: Bytes of a request's line and its headers together.
    head: int = 1 << 16
    #: Headers of one request.
    headers: int = 128
    #: Seconds from the beginning of a connection, or of a request, to the end of the head.
    head_timeout: float = 30.0
    #: Seconds from there to the end of the body. Who reads it has answered before.
    body_timeout: float = 65.0
    #: Seconds in which what is left of a body is taken that nobody waits for.
    linger: float = 5.0
    #: Requests that are read before the one in front of them is answered.
    pipelined: int = 16


class Connection(HttpToolsProtocol):
    """uvicorn's protocol, with bounds: it has none on a head, nor on the time of one."""

    def __init__(self, *, bounds: Bounds, crowd: Crowd, **options: Any) -> None:
        super().__init__(**options)
        self._bounds = bounds
        self._crowd = crowd
        #: When what is waited for must be there, by the loop's clock; 0: nothing is. The timer may
        #: go off before, and is set anew then: to set it for each request takes longer.
        self._deadline = 0.0
        self._timer: TimerHandle | None = None
        self._rings = 0.0
        #: Whether the head of a request is still to come, has begun, and how many bytes it has.
        self._in_head = True
        self._begun = False
        self._head = 0
        #: Whether the body of a request is still to come, its trailers, and how many bytes have
        #: come since its last piece: of extensions of chunks, and of trailers.
        self._in_body = False
        self._trailers = 0
        self._between = 0
        #: Whether so many requests wait that no more are read: it ends behind the last of them.
        self._is_full = False
        self._refusal = HTTPStatus.BAD_REQUEST

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; where there are too many connections, one ends."""
        super().connection_made(transport)
        self._crowd.admit(transport, of=len(self.connections))
        self._within(self._bounds.head_timeout)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._forget()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes, and close where there are too many before a request is whole."""
        if self._is_full:
            return
        if self._in_head:
            self._head += len(data)
            if not self._deadline:
                self._within(self._bounds.head_timeout)
        self._between += len(data)
        super().data_received(data)
        self._sort()
        head = self._head if self._in_head else self._between
        if head > self._bounds.head and not self.transport.is_closing():
            self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            self.send_400_response()

    def on_message_begin(self) -> None:
        """Begin the head of a request."""
        super().on_message_begin()
        self._in_head = self._begun = True
        self._within(self._bounds.head_timeout)

    def on_url(self, url: bytes) -> None:
        """Take a piece of the address; raises ValueError where it is too long."""
        super().on_url(url)
        if len(self.url) > self._bounds.head:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header.

        Those behind the body are nobody's: uvicorn would add them to what was decided by before.
        Raises ValueError where there are too many.
        """
        if not self._in_body:
            super().on_header(name, value)
            return
        self._trailers += 1
        if self._trailers > self._bounds.headers:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """Serve a request; raises ValueError for a head that is too large, or of two hosts."""
        self._check_head()
        self._in_head = self._begun = False
        if len(self.pipeline) >= self._bounds.pipelined:
            self._end_here()
        self._in_body = True
        self._head = self._trailers = self._between = 0
        super().on_headers_complete()
        self._within(self._bounds.body_timeout)

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._between = 0
        self._crowd.discard(self.transport)  # it has gone on
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request; the head of another one may follow."""
        self._in_head, self._in_body = True, False
        self._settle()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """End an answer; who still sends the body of what was answered is not waited for long."""
        super().on_response_complete()
        self._sort()
        if self.transport.is_closing():
            return
        if self._in_body:
            self._within(self._bounds.linger)
        elif self._begun:  # the head of the next one has its own time
            self._unset_keepalive_if_required()

    def pause_writing(self) -> None:
        """Wait for the other side to take what it was sent."""
        super().pause_writing()
        self._sort()

    def resume_writing(self) -> None:
        """Go on: it has taken most of it."""
        super().resume_writing()
        self._crowd.discard(self.transport)
        self._sort()

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over."""
        self._forget()
        super().handle_websocket_upgrade()

    def send_400_response(self, _msg: str = "") -> None:
        """Refuse what cannot be read as a request, and close.

        Where the answer to an earlier request is under way nothing is said: it would be taken for
        that answer.
        """
        self._settle()
        if self._is_full or self.transport.is_closing():
            return
        if self._is_next():
            self.transport.write(_refusal(self._refusal))
        self.transport.close()

    def _is_next(self) -> bool:
        """Say whether what is written now is taken for the answer to what is being read."""
        if self.cycle is None or self.cycle.response_complete:
            return True
        return self._in_body and not self.pipeline and not self.cycle.response_started

    def _check_head(self) -> None:
        taken, hosts = len(self.url), 0
        for name, value in self.headers:
            taken += len(name) + len(value) + 4
            hosts += name == b"host"
        if taken > self._bounds.head or len(self.headers) > self._bounds.headers:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        version = self.parser.get_http_version()
        if hosts > 1 or (version == "1.1" and not hosts) or version not in _VERSIONS:
            self._refuse(HTTPStatus.BAD_REQUEST)  # RFC 9112, section 3.2

    def _end_here(self) -> None:
        """Read no further: whoever asks sends the rest again elsewhere (RFC 9112, section 9.3.2).

        Raises ValueError, which ends the parser.
        """
        self.cycle.keep_alive = False
        self._is_full = True
        self._settle()
        raise ValueError("too many requests wait")

    def _refuse(self, status: HTTPStatus) -> None:
        self._refusal = status
        raise ValueError(status.phrase)

    def _sort(self) -> None:
        """Tell the crowd whether the other side keeps this connection waiting."""
        if self.transport.get_protocol() is not self:  # it is a WebSocket by now
            return
        if self.transport.is_closing() or self._in_body or self.flow.write_paused:
            is_waiting = True
        else:
            is_waiting = self.cycle is None or self.cycle.response_complete
        if is_waiting:
            self._crowd.add(self.transport)
        else:
            self._crowd.discard(self.transport)

    def _within(self, seconds: float) -> None:
        """Close the connection after so many seconds, unless something happens before."""
        self._deadline = self.loop.time() + seconds
        if self._timer is not None and self._rings > self._deadline:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._set_timer()

    def _set_timer(self) -> None:
        self._rings = self._deadline
        self._timer = self.loop.call_at(self._rings, self._look)

    def _settle(self) -> None:
        self._deadline = 0.0

    def _look(self) -> None:
        """Close the connection if it is time; wait on where it is not."""
        self._timer = None
        if self._deadline > self._rings:
            self._set_timer()
        elif self._deadline:
            self._too_late()

    def _too_late(self) -> None:
        if (self._begun or self._head) and not self.transport.is_closing():
            self._refusal = HTTPStatus.REQUEST_TIMEOUT
            self.send_400_response()
        if self._in_body:
            self.transport.abort()
        else:
            self.transport.close()

    def _forget(self) -> None:
        self._settle()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._crowd.discard(self.transport)


_VERSIONS = frozenset({"1.0", "1.1"})


def _refusal(status: HTTPStatus) -> bytes:
    body = msgspec.json.encode(
        {
            "type": "about:blank",
            "title": status.phrase,
            "status": status.value,
            "detail": _DETAILS[status],
        }
    )
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


_DETAILS = {
    HTTPStatus.BAD_REQUEST: "This cannot be read as a request of HTTP.",
    HTTPStatus.REQUEST_TIMEOUT: "The head of the request has not arrived in time.",
    HTTPStatus.REQUEST_URI_TOO_LONG: "The address is too long: POST what is in it.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "The headers are too many, or too long.",
}
