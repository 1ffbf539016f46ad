"""Requests as bytes: what no client of HTTP would send."""

import json
import socket
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

__all__ = ["Reply", "exchanged", "request", "sent"]

#: Seconds that a test waits for an answer at most.
_PATIENCE = 60.0


class Reply(NamedTuple):
    """What came back until the connection was closed; status 0 where nothing did."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body's document."""
        return json.loads(self.body)


def request(
    method: str, path: str, *headers: str, body: bytes = b"", host: str = "localhost"
) -> bytes:
    """Return a request as it stands on the wire, its connection closed behind it."""
    length = [f"Content-Length: {len(body)}"] if body else []
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *length, *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def sent(port: int, data: bytes) -> Reply:
    """Send bytes and return what is answered to the first request among them."""
    return exchanged(port, [data])


def exchanged(port: int, pieces: Iterable[bytes]) -> Reply:
    """Send pieces until the other side has closed, and return its answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as wire:
        answer = bytearray()
        try:
            for piece in pieces:
                wire.sendall(piece)
            while received := wire.recv(1 << 16):
                answer += received
        except ConnectionError:  # what was answered before is read all the same
            answer += _rest(wire)
        return _reply(bytes(answer))


def _rest(wire: socket.socket) -> bytes:
    try:
        return wire.recv(1 << 16)
    except OSError:
        return b""


def _reply(answer: bytes) -> Reply:
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head:
        return Reply(0, {}, b"")
    first, *lines = head.decode("latin-1").split("\r\n")
    named = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in named}
    return Reply(int(first.split()[1]), headers, body)
