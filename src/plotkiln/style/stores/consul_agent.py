"""What a Consul is, and what a token may do there: asked for, never tried out on a style."""

from types import TracebackType
from typing import Self

import msgspec

from plotkiln.errors import AccessDenied
from plotkiln.style.looks import DEFAULT
from plotkiln.style.stores.consul_config import ConsulConfig
from plotkiln.style.stores.consul_http import ConsulHTTP
from plotkiln.style.stores.consul_kv import ConsulKV, Operation

__all__ = ["ConsulAgent"]

#: No key has this ModifyIndex: a transaction that asks for it fails, once it is permitted.
_NEVER = 2**64 - 1


class _Settings(msgspec.Struct, frozen=True):
    version: str = msgspec.field(name="Version", default="")


class _Agent(msgspec.Struct, frozen=True):
    config: _Settings = msgspec.field(name="Config", default=_Settings())


class ConsulAgent:
    """One Consul, looked at from outside; every method raises what `ConsulKV`'s do."""

    def __init__(self, config: ConsulConfig, *, prefix: str) -> None:
        """Prepare the connections; raises `SettingsError` when address or certificates are bad."""
        self._http = ConsulHTTP(config)
        self._kv = ConsulKV(config)
        self._prefix = prefix.strip("/")

    async def version(self) -> str | None:
        """Return Consul's release; None where the token may not read the agent."""
        try:
            response = await self._http.read("agent/self", {}, need='read on the agent_prefix ""')
            return msgspec.json.decode(response.content, type=_Agent).config.version or None
        except (AccessDenied, msgspec.DecodeError):
            return None

    async def check_write(self) -> None:
        """Ask whether styles and their history may be written, without writing any.

        Raises `AccessDenied` where they may not.
        """
        keys = (f"{self._prefix}/{DEFAULT}", f"{self._prefix}-history/{DEFAULT}/0")
        await self._kv.transact([Operation("cas", key, b"", _NEVER) for key in keys])

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._kv.__aexit__(kind, error, trace)
        await self._http.__aexit__(kind, error, trace)
