"""The HTTP server: uvicorn with signals of our own."""

import asyncio
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import uvicorn
from starlette.types import ASGIApp

from plotkiln.cli.connections import Bounds, Connection
from plotkiln.cli.crowds import Crowd, most_connections
from plotkiln.cli.orphans import reaping

if TYPE_CHECKING:
    from plotkiln.api.draining import Draining

__all__ = ["Server", "address", "create_server", "event_loop"]

log = logging.getLogger("plotkiln.serve")

#: Most bytes of a message from a WebSocket's client; deflating would take 100 KiB for each of them.
_MOST_MESSAGE = 1 << 16

#: Seconds between two pings, and in which each must be answered.
_PING_EVERY = 20.0

#: Seconds after the time of a body in which whoever reads it has answered.
_AFTER_BODY = 5.0

_ENDING = (signal.SIGTERM, signal.SIGINT)


class Server(uvicorn.Server):
    """Drains at the first SIGTERM or SIGINT, ends at once at the second, and returns either way.

    uvicorn's own handlers would end the process by the signal: its exit code would not be 0, and
    what was opened would not be closed. Whoever waits for news is told by `draining`.
    """

    def __init__(self, config: uvicorn.Config, draining: "Draining | None" = None) -> None:
        super().__init__(config)
        self._draining = draining

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle signals while serving."""
        loop = asyncio.get_running_loop()
        for number in _ENDING:
            loop.add_signal_handler(number, self._drain)
        try:
            with reaping():
                yield
        finally:
            for number in _ENDING:
                loop.remove_signal_handler(number)

    def _drain(self) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True
        if self._draining is not None:
            self._draining.begin()
        log.info("draining")


def create_server(
    app: ASGIApp,
    *,
    drain: float,
    draining: "Draining | None" = None,
    sockets: bool = False,
    body_timeout: float = 60.0,
) -> Server:
    """Return a server of `app` that gives requests in flight `drain` seconds to finish.

    Those that may be cut short learn of it by `draining`. Where the application has WebSockets, it
    must be asked for `sockets`. Who reads a body waits for it `body_timeout` seconds; a connection
    whose body nobody reads ends a little later.
    """
    bounds = Bounds(body_timeout=body_timeout + _AFTER_BODY)
    protocol = partial(Connection, bounds=bounds, crowd=Crowd(most_connections()))
    config = uvicorn.Config(
        app,
        access_log=False,
        http=cast("type[asyncio.Protocol]", protocol),
        lifespan="off",
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=round(drain),
        ws=cast("type[asyncio.Protocol]", _open_socket) if sockets else "none",
        ws_max_size=_MOST_MESSAGE,
        ws_per_message_deflate=False,
        ws_ping_interval=_PING_EVERY,
        ws_ping_timeout=_PING_EVERY,
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)  # we say ourselves where we listen
    return Server(config, draining)


def _open_socket(**options: Any) -> asyncio.Protocol:
    """Return the protocol of one WebSocket: 15 ms of imports, for the first one to be opened."""
    from plotkiln.live.sockets import LiveSocket

    return LiveSocket(**options)


def event_loop() -> asyncio.AbstractEventLoop:
    """Return a new event loop: uvloop's where it is installed."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def address(listener: socket.socket) -> str:
    """Return the URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
