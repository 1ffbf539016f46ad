"""Whose pages may open a socket: browsers let any page try, and send no more than its origin."""

from collections.abc import Collection
from urllib.parse import urlsplit

from plotkiln.api.origins import is_loopback

__all__ = ["Origins"]

_PORTS = {"http": 80, "https": 443}


class Origins:
    """Those of a server: its own, and others that it is told of."""

    def __init__(
        self, allowed: Collection[str] = (), *, bound: str = "", address: str = ""
    ) -> None:
        """Take origins such as `https://app.example`, and where the server is.

        `bound` is the address that it listens on: one of loopback has few names, and who asks by
        another was sent here by the DNS of a page that is none of ours (DNS rebinding). `address`
        is the URL by which browsers find it, if it has one.
        """
        self._allowed = frozenset(allowed)
        self._is_local = is_loopback(bound.strip("[]"))
        self._name = urlsplit(address).hostname

    def admit(self, origin: str | None, host: str) -> bool:
        """Say whether who asks may listen: no browser, a page of this host, or one allowed.

        `origin` and `host` are the request's headers. The scheme is not compared: behind a gateway
        that ends TLS this server knows only its own.
        """
        if origin is None:
            return True
        origin = origin.lower()
        return origin in self._allowed or self._is_own(origin, host.lower())

    def _is_own(self, origin: str, host: str) -> bool:
        try:
            parts = urlsplit(origin)
            name = parts.hostname
        except ValueError:
            return False
        port = _PORTS.get(parts.scheme)
        if port is None or not name:  # `null`, an extension, a file
            return False
        same = _without_port(parts.netloc, port) == _without_port(host, port)
        return same and (not self._is_local or name == self._name or is_loopback(name))


def _without_port(host: str, port: int) -> str:
    return host.removesuffix(f":{port}")
