"""Small HTTP servers of the tests' own, each in a thread of this process."""

import ssl
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

__all__ = ["Listener", "Quiet"]

#: Seconds between two looks whether it is to end.
_LOOK_EVERY = 0.02


class Quiet:
    """Before a handler: it keeps no log."""

    def log_message(self, *_given: object) -> None:
        """Say nothing."""


class Listener:
    """Answers on a port of its own, on loopback, while entered."""

    def __init__(
        self, handler: Callable[..., BaseHTTPRequestHandler], *, certificate: Path | None = None
    ) -> None:
        """Take what answers one connection; with a certificate (and key, in PEM) over TLS."""
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self.port = self._http.server_port
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"
        self._thread = Thread(target=self._http.serve_forever, args=(_LOOK_EVERY,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
