"""Where Consul is and who we are there; the values come from Consul's own variables."""

import ssl
from pathlib import Path
from typing import Annotated

import msgspec

from plotkiln.errors import SettingsError, StoreUnavailable

__all__ = ["ConsulConfig"]

#: Consul adds up to one part in sixteen of jitter to a wait.
_JITTER = 1 / 16


class ConsulConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach one Consul."""

    #: `http://127.0.0.1:8500`, `https://…`, or `unix:///path/of/the/socket`; several agents of one
    #: Consul are separated by commas, and asked in turn.
    address: str
    #: ACL token; none is sent when empty.
    token: str = ""
    #: File that holds the token and wins over `token`; read again for each call, so that a renewed
    #: token is used at once.
    token_file: Path | None = None
    #: CA certificates to trust instead of the system's, in PEM.
    ca_cert: Path | None = None
    #: Our own certificate and its key, in PEM.
    client_cert: Path | None = None
    client_key: Path | None = None
    #: Consul Enterprise's namespace and admin partition.
    namespace: str = ""
    partition: str = ""
    #: Seconds that one blocking query waits for a change. An agent that hangs, its connection
    #: open, is noticed when the wait is over: hence no longer by default.
    wait: Annotated[float, msgspec.Meta(gt=0, le=295)] = 60.0
    #: Seconds until a connection must stand.
    connect_timeout: float = 1.0
    #: Seconds without a byte after which an answer is given up.
    read_timeout: float = 2.5

    @property
    def blocking_timeout(self) -> float:
        """Seconds without a byte after which a blocking query is given up."""
        return self.wait * (1 + _JITTER) + self.read_timeout

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses, one by one."""
        return tuple(one.strip().rstrip("/") for one in self.address.split(",") if one.strip())

    def query(self) -> dict[str, str]:
        """Return the query parameters of every call."""
        parameters = {"ns": self.namespace, "partition": self.partition}
        return {name: value for name, value in parameters.items() if value}

    def headers(self) -> dict[str, str]:
        """Return the headers of one call.

        Raises `StoreUnavailable` when the token's file cannot be read.
        """
        token = self._token()
        return {"X-Consul-Token": token} if token else {}

    def tls(self, url: str) -> ssl.SSLContext | bool:
        """Return what checks Consul's certificate at this address; False without TLS.

        A context would cost tens of milliseconds at start for nothing where there is no TLS. Raises
        `SettingsError` when a certificate cannot be used.
        """
        if not url.startswith("https:"):
            return False
        try:
            context = ssl.create_default_context(cafile=self.ca_cert)
            if self.client_cert:
                context.load_cert_chain(self.client_cert, self.client_key)
        except OSError as error:  # ssl.SSLError is one
            raise SettingsError(
                f"Consul's certificates cannot be used: {error} "
                f"(CA {self.ca_cert}, ours {self.client_cert}, its key {self.client_key})"
            ) from error
        return context

    def _token(self) -> str:
        if self.token_file is None:
            return self.token
        try:
            return self.token_file.read_text().strip() or self.token
        except (OSError, UnicodeDecodeError) as error:
            raise StoreUnavailable("Consul's token file cannot be read", why=error) from error
