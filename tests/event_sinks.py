"""A real HTTP server that takes events, remembers them, and answers as it is told."""

import subprocess
import threading
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import NamedTuple

from listeners import Listener, Quiet
from plotkiln.events.event import CloudEvent
from plotkiln.events.http_binding import Message, from_http

__all__ = ["Answer", "Authority", "EventSink", "Taken"]


class Answer(NamedTuple):
    """What the sink says to one request."""

    status: int = 202
    message: Message = Message([], b"")


class Taken(NamedTuple):
    """One request."""

    path: str
    #: Names in small letters.
    headers: dict[str, str]
    event: CloudEvent


class EventSink(Listener):
    """Listens while it is entered; the last of its answers is given for ever."""

    def __init__(
        self,
        *answers: Answer,
        certificate: Path | None = None,
        reply: Callable[[CloudEvent], Answer] | None = None,
    ) -> None:
        """Take answers, or what makes them; with a certificate (and key, in PEM) over TLS.

        Replies are made as requests come, several at once.
        """
        self._answers = list(answers) or [Answer()]
        self._reply = reply
        self._lock = threading.Lock()
        self._taken: list[Taken] = []
        super().__init__(_handler(self), certificate=certificate)

    @property
    def taken(self) -> Sequence[Taken]:
        """What came so far, refused or not."""
        with self._lock:
            return list(self._taken)

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Remember one request and return the answer to it."""
        event = from_http(headers.items(), body)
        with self._lock:
            self._taken.append(Taken(path, headers, event))
            if self._reply is None:
                return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return self._reply(event)


def _handler(sink: EventSink) -> type[BaseHTTPRequestHandler]:
    class Handler(Quiet, BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 5

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = sink.take(self.path, headers, body)
            self.send_response(answer.status)
            for name, value in answer.message.headers:
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.message.body)))
            self.end_headers()
            self.wfile.write(answer.message.body)

    return Handler


class Authority:
    """A certificate authority of our own, made by openssl."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key, self._certificate = folder / "ca.key", folder / "ca.pem"
        self._openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-days", "2", "-subj", "/CN=an own authority"),
            *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
            *("-keyout", str(self._key), "-out", str(self._certificate)),
        )

    @property
    def pem(self) -> str:
        """Its certificate."""
        return self._certificate.read_text()

    def issue(self) -> Path:
        """Return a file with a certificate for 127.0.0.1, and the key."""
        key, signed = self._folder / "server.key", self._folder / "server.pem"
        self._openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-addext", "basicConstraints=critical,CA:FALSE"),
            *("-CA", str(self._certificate), "-CAkey", str(self._key)),
            *("-keyout", str(key), "-out", str(signed)),
        )
        both = self._folder / "both.pem"
        both.write_text(signed.read_text() + key.read_text())
        return both

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)
