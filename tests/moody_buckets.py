"""An S3 that refuses some writes: a proxy before a real server."""

import random
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler

from listeners import Listener, Quiet
from s3_servers import S3Server

__all__ = ["MoodyS3"]

_WRITES = frozenset({"PUT", "POST", "DELETE"})

#: What S3 says when it is too busy, which clients try again by themselves, and when it lost
#: patience with a body, which they do not.
_REFUSALS = (
    (503, b"<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"),
    (400, b"<Error><Code>RequestTimeout</Code><Message>It was not read in time.</Message></Error>"),
)


class MoodyS3(Listener):
    """Hands all on to a server while it is entered, but refuses a share of the writes."""

    def __init__(self, server: S3Server, *, share: float) -> None:
        """Take the server and the share, from 0 to 1."""
        self._server = server
        self._share = share
        self._chance = random.Random(7)  # noqa: S311 -- no secret
        self._lock = threading.Lock()
        self.writes = 0
        self.refused = 0
        super().__init__(_handler(self))

    def settings(self) -> dict[str, str]:
        """Return the environment of a process that keeps its renderings behind this."""
        return {**self._server.settings(), "AWS_ENDPOINT": self.url}

    @property
    def target(self) -> int:
        """The port of the server behind."""
        return self._server.port

    def refusal(self, method: str) -> tuple[int, bytes] | None:
        """Decide on one request; return status and body where it is refused."""
        if method not in _WRITES:
            return None
        with self._lock:
            self.writes += 1
            if self._chance.random() >= self._share:
                return None
            self.refused += 1
            return self._chance.choice(_REFUSALS)


def _handler(moody: MoodyS3) -> type[BaseHTTPRequestHandler]:
    class Handler(Quiet, BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            body = self.rfile.read(length)
            refusal = moody.refusal(self.command)
            if refusal is not None:
                self._answer(refusal[0], {}, refusal[1])
                return
            behind = HTTPConnection("127.0.0.1", moody.target, timeout=30)
            try:
                behind.request(self.command, self.path, body, dict(self.headers.items()))
                answer = behind.getresponse()
                self._answer(answer.status, dict(answer.getheaders()), answer.read())
            finally:
                behind.close()

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any  # noqa: N815 -- their names

        def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers.items():
                if name.lower() not in {"transfer-encoding", "connection", "content-length"}:
                    self.send_header(name, value)
            length = headers.get("Content-Length") if self.command == "HEAD" else None
            self.send_header("Content-Length", length or str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    return Handler
