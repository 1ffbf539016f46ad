"""Servers that write down what they are shown, and let nobody in."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

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

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Keep still."""

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            opened.shown.append(self.headers.get("Authorization"))
            self.send_response(opened.status)
            for name, value in {**opened.headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 -- the library's name

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        opened.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield opened
        finally:
            server.shutdown()
            thread.join()
