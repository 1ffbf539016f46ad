"""Connections under uvicorn, bounded: the head of a request, its time, and how many idle ones."""

import asyncio
import resource
from asyncio import TimerHandle
from collections import OrderedDict
from http import HTTPStatus
from typing import Any

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["Bounds", "Connection", "Idle", "most_connections"]


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
    #: Connections of a process; past them the oldest one that has asked for nothing is closed.
    connections: int = 512


def most_connections() -> int:
    """Return how many connections leave half of the open files for all else."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(64, min(8192, soft // 2))


class Idle:
    """Connections of a server on which nobody waits for an answer, the oldest first."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[Connection, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, connection: "Connection") -> None:
        """Note that nothing is asked on it."""
        self._waiting[connection] = None

    def discard(self, connection: "Connection") -> None:
        """Note that something is, or that it is closed."""
        self._waiting.pop(connection, None)

    def close_oldest(self) -> None:
        """Close the connection that has been idle for the longest time, if there is one."""
        if self._waiting:
            connection, _ = self._waiting.popitem(last=False)
            connection.transport.abort()


class Connection(HttpToolsProtocol):
    """uvicorn's protocol, with bounds: it has none on a head, nor on the time of one."""

    def __init__(self, *, bounds: Bounds, idle: Idle, **options: Any) -> None:
        super().__init__(**options)
        self._bounds = bounds
        self._idle = idle
        self._timer: TimerHandle | None = None
        #: Whether the head of a request is still to come, has begun, and how many bytes it has.
        self._in_head = True
        self._begun = False
        self._head = 0
        #: Whether the body of a request is still to come, its trailers, and how many bytes have
        #: come since its last piece: of extensions of chunks, and of trailers.
        self._in_body = False
        self._trailers = 0
        self._between = 0
        self._refusal = HTTPStatus.BAD_REQUEST

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; where there are too many that do, another one ends."""
        super().connection_made(transport)
        if len(self.connections) > self._bounds.connections:
            self._idle.close_oldest()
        self._idle.add(self)
        self._within(self._bounds.head_timeout)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._forget()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes, and close where there are too many before a request is whole."""
        if self._in_head:
            self._head += len(data)
            if self._timer is None:
                self._within(self._bounds.head_timeout)
        self._between += len(data)
        super().data_received(data)
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
        """Take a header; raises ValueError where there are too many.

        Those behind the body are nobody's: uvicorn would add them to what was decided by before.
        """
        if self._in_body:
            self._trailers += 1
        else:
            super().on_header(name, value)
        if max(len(self.headers), self._trailers) > self._bounds.headers:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """Serve a request; raises ValueError for a head that is too large, or of two hosts."""
        self._check_head()
        self._in_head = self._begun = False
        self._in_body = True
        self._head = self._trailers = self._between = 0
        self._idle.discard(self)
        super().on_headers_complete()
        self._within(self._bounds.body_timeout)

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._between = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request; the head of another one may follow."""
        self._in_head, self._in_body = True, False
        self._settle()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """End an answer; who still sends the body of what was answered is not waited for long."""
        super().on_response_complete()
        if self.transport.is_closing():
            return
        if self._in_body:
            self._within(self._bounds.linger)
        elif self._begun:  # the head of the next one has its own time
            self._unset_keepalive_if_required()
        elif self.cycle.response_complete:
            self._idle.add(self)

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
        if self.transport.is_closing():
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
        taken = sum(len(name) + len(value) + 4 for name, value in self.headers)
        if taken + len(self.url) > self._bounds.head:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        version = self.parser.get_http_version()
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (version == "1.1" and not hosts) or version not in _VERSIONS:
            self._refuse(HTTPStatus.BAD_REQUEST)  # RFC 9112, section 3.2

    def _refuse(self, status: HTTPStatus) -> None:
        self._refusal = status
        raise ValueError(status.phrase)

    def _within(self, seconds: float) -> None:
        """Close the connection after so many seconds, unless something happens before."""
        self._settle()
        self._timer = self.loop.call_later(seconds, self._too_late)

    def _settle(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_late(self) -> None:
        self._timer = None
        if (self._begun or self._head) and not self.transport.is_closing():
            self._refusal = HTTPStatus.REQUEST_TIMEOUT
            self.send_400_response()
        if self._in_body:
            self.transport.abort()
        else:
            self.transport.close()

    def _forget(self) -> None:
        self._settle()
        self._idle.discard(self)


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
