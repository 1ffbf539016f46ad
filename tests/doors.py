"""Servers that write down what they are shown, and let nobody in."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from listeners import Listener, Quiet

__all__ = ["Door", "door"]


class Door:
    """One server, which refuses, or sends elsewhere."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        self.status, self.headers = status, headers
        self.shown: list[str | None] = []
        self.url = ""


@contextmanager
def door(status: int = 401, **headers: str) -> Iterator[Door]:
    """Start a server that answers so."""
    opened = Door(status, headers)

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            opened.shown.append(self.headers.get("Authorization"))
            self.send_response(opened.status)
            for name, value in {**opened.headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 -- the library's name

    with Listener(Handler) as listener:
        opened.url = listener.url
        yield opened
