"""Calls to Consul's HTTP interface: addresses in turn, stale reads, what an answer means."""

import socket
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from plotkiln.errors import AccessDenied, SettingsError, StoreUnavailable
from plotkiln.style.stores.consul_config import ConsulConfig
from plotkiln.traces import span

__all__ = ["ConsulHTTP"]

#: Characters of Consul's own words that a message shows.
_SHOWN = 200

#: A peer that vanished without a word (a machine lost its power) is noticed after 3 + 5 * 2 s, and
#: as soon as its address answers again: a blocking query itself is silent for minutes.
_KEEPALIVE = {"TCP_KEEPIDLE": 3, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 5}

#: Nothing of the request has reached a server.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout)

#: How one agent fails. TLS alerts after the handshake pass httpx by as OSErrors.
_FAILURES = (StoreUnavailable, httpx.HTTPError, OSError)


class ConsulHTTP:
    """The agents of one Consul, asked in turn until one answers.

    Every call raises `AccessDenied` when the token may not, with what it needs, and
    `StoreUnavailable` when no agent answers, or what answers is no Consul.
    """

    def __init__(self, config: ConsulConfig) -> None:
        """Prepare the connections; raises `SettingsError` when address or certificates are bad."""
        self._config = config
        self._brief = httpx.Timeout(config.read_timeout, connect=config.connect_timeout)
        self._blocking = httpx.Timeout(config.blocking_timeout, connect=config.connect_timeout)
        self._agents = [_client(config, url) for url in config.urls]
        #: The agent that answered last; the others wait until it does not.
        self._turn = 0

    async def read(
        self, path: str, query: Mapping[str, str], *, need: str, blocking: bool = False
    ) -> httpx.Response:
        """GET below `/v1/`, 404 included; `need` names the permission that a 403 lacks.

        Where no leader answers any server may (`?stale`); then so says the query of the request.
        """

        async def ask(agent: httpx.AsyncClient) -> httpx.Response:
            timeout = self._blocking if blocking else self._brief
            response = await agent.get(path, params=query, headers=self._token(), timeout=timeout)
            _check(response, need)
            _check_leader(response)
            return response

        async def ask_any(agent: httpx.AsyncClient) -> httpx.Response:
            # without the index: what a server without a leader knows does not change
            plain = {name: value for name, value in query.items() if name not in {"index", "wait"}}
            response = await agent.get(
                path, params={**plain, "stale": ""}, headers=self._token(), timeout=self._brief
            )
            _check(response, need)
            return response

        try:
            return await self._in_turn(ask)
        except (AccessDenied, _Silent):
            raise
        except StoreUnavailable as error:
            return await self._in_turn(ask_any, instead_of=error)

    async def write(self, path: str, content: bytes, *, accepts: int, need: str) -> httpx.Response:
        """PUT below `/v1/`; the status `accepts` is an answer too.

        Another agent is asked only where nothing was sent: a write whose answer was lost may have
        been done.
        """

        async def ask(agent: httpx.AsyncClient) -> httpx.Response:
            response = await agent.put(
                path, content=content, headers=self._token(), timeout=self._brief
            )
            _check(response, need, accepts=accepts)
            return response

        return await self._in_turn(ask, moves_on=_UNSENT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for agent in self._agents:
            await agent.aclose()

    async def _in_turn(
        self,
        ask: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]],
        *,
        moves_on: tuple[type[Exception], ...] = _FAILURES,
        instead_of: StoreUnavailable | None = None,
    ) -> httpx.Response:
        """Return the first answer; a refusal of access is one, and raised.

        Where none comes the failure `instead_of` which this was a second try is raised.
        """
        failures: list[Exception] = []
        for _ in self._agents:
            turn = self._turn
            try:
                with span("consul", {"db.system.name": "consul"}, kind="client"):
                    return await ask(self._agents[turn])
            except AccessDenied:
                raise
            except _FAILURES as error:
                failures.append(error)
                if not isinstance(error, moves_on):
                    break
                if self._turn == turn:  # else a call at the same time has moved on already
                    self._turn = (turn + 1) % len(self._agents)
        raise instead_of or self._failure(failures)

    def _failure(self, failures: list[Exception]) -> StoreUnavailable:
        """Return the failure that says most: an answer, else a connection that stood and failed."""
        error = max(failures, key=lambda one: not isinstance(one, _UNSENT))
        error = next((one for one in failures if isinstance(one, StoreUnavailable)), error)
        if isinstance(error, StoreUnavailable):
            return error
        kind = _Silent if isinstance(error, _UNSENT) else StoreUnavailable
        words = str(error) or type(error).__name__
        return kind("Consul does not answer", why=f"{self._config.address}: {words}")

    def _token(self) -> dict[str, str]:
        return self._config.headers()


class _Silent(StoreUnavailable):
    """No address takes a connection."""


def _client(config: ConsulConfig, url: str) -> httpx.AsyncClient:
    uds = url.removeprefix("unix://") if url.startswith("unix:") else None
    transport = httpx.AsyncHTTPTransport(
        verify=config.tls(url),
        uds=uds,
        socket_options=None if uds else _keepalive(),
    )
    return httpx.AsyncClient(
        base_url=f"{'http://consul' if uds else _checked(url)}/v1/",
        params=config.query(),
        transport=transport,
        trust_env=False,  # a proxy for the web is none for Consul
    )


def _checked(url: str) -> str:
    try:
        usable = httpx.URL(url).host and urlsplit(url).port != 0
    except (ValueError, httpx.InvalidURL) as error:  # reading the port checks its range
        raise SettingsError(f"Consul's address {url} cannot be used: {error}") from error
    if not usable:
        raise SettingsError(f"Consul's address {url} names no host: http://host:port")
    return url


def _check(response: httpx.Response, need: str, *, accepts: int = 404) -> None:
    """Raise `StoreUnavailable` unless this is an answer to what was asked."""
    status = response.status_code
    if status == httpx.codes.FORBIDDEN:
        raise AccessDenied(f"Consul denies access: the token needs {need}", why=_words(response))
    if status not in {httpx.codes.OK, accepts}:
        raise StoreUnavailable(f"Consul answers {status} for {need}", why=_words(response))


def _check_leader(response: httpx.Response) -> None:
    if response.headers.get("X-Consul-KnownLeader") == "false":
        raise StoreUnavailable("Consul has no leader: what it says may be old")


def _words(response: httpx.Response) -> str:
    return " ".join(response.text.split())[:_SHOWN]


def _keepalive() -> list[tuple[int, int, int]]:
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    for name, value in _KEEPALIVE.items():
        if hasattr(socket, name):  # macOS has other names
            options.append((socket.IPPROTO_TCP, getattr(socket, name), value))
    return options
