"""Where events are sent: an address, as Knative's SinkBinding tells it."""

import asyncio
import ssl
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import msgspec

from plotkiln.errors import DeliveryFailed
from plotkiln.events.event import CloudEvent
from plotkiln.events.subscribers import post_event

if TYPE_CHECKING:
    import httpx

__all__ = ["HttpClient", "Sink"]

#: Connections at once: a subscriber's trigger has 16 deliveries under way.
_CONNECTIONS = 64


class HttpClient:
    """The connections that this process sends events over; made at the first need."""

    def __init__(self, ca_certs: str = "") -> None:
        """Trust the system's CAs, and those of `ca_certs`, in PEM."""
        self._ca_certs = ca_certs
        self._client: httpx.AsyncClient | None = None
        self._lock = asyncio.Lock()

    async def open(self) -> "httpx.AsyncClient":
        """Return the client; the first call takes a tenth of a second, in a thread.

        Raises `DeliveryFailed` when the CAs cannot be read.
        """
        async with self._lock:
            if self._client is None:
                self._client = await asyncio.to_thread(_client, self._ca_certs)
            return self._client

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._client is not None:
            await self._client.aclose()


class Sink:
    """One address for events, with what its operator wants on each of them."""

    def __init__(
        self,
        url: str,
        client: HttpClient,
        *,
        overrides: Mapping[str, str] | None = None,
        token_file: Path | None = None,
        within: float = 10.0,
    ) -> None:
        """Take `K_SINK`, the extensions of `K_CE_OVERRIDES`, and the file with the OIDC token.

        `within` bounds one attempt, in seconds.
        """
        self._url = url
        self._client = client
        self._overrides = overrides or {}
        self._token_file = token_file
        self._within = within

    async def send(self, event: CloudEvent) -> None:
        """Send one event, once; what the sink replies is dropped.

        Raises `DeliveryFailed` when the sink refuses it or cannot be reached.
        """
        extensions = {**event.extensions, **self._overrides}
        event = msgspec.structs.replace(event, extensions=extensions)
        await post_event(
            await self._client.open(),
            self._url,
            event,
            within=self._within,
            headers=self._authorization(),
        )

    def _authorization(self) -> Mapping[str, str]:
        """Read the token anew: it is renewed within the hour. Where there is no file, none."""
        try:
            token = self._token_file.read_text().strip() if self._token_file else ""
        except FileNotFoundError:
            token = ""
        except (OSError, UnicodeDecodeError) as error:
            raise DeliveryFailed(f"{self._token_file} cannot be read: {error}") from error
        return {"authorization": f"Bearer {token}"} if token else {}


def _client(ca_certs: str) -> "httpx.AsyncClient":
    import httpx  # noqa: PLC0415 -- 100 ms, for processes that send events

    trusted = ssl.create_default_context()
    if ca_certs:
        try:
            trusted.load_verify_locations(cadata=ca_certs)
        except ssl.SSLError as error:
            raise DeliveryFailed(f"K_CA_CERTS holds no certificate: {error}") from error
    limits = httpx.Limits(max_connections=_CONNECTIONS, keepalive_expiry=30)
    return httpx.AsyncClient(verify=trusted, limits=limits)
