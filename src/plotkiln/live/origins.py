"""Whose pages may open a socket: browsers let any page try, and send no more than its origin."""

from collections.abc import Collection
from urllib.parse import urlsplit

__all__ = ["may_open"]

_PORTS = {"http": 80, "https": 443}


def may_open(origin: str | None, host: str, allowed: Collection[str]) -> bool:
    """Say whether who asks may listen: no browser, a page of this host, or one that is allowed.

    `origin` and `host` are the request's headers, `allowed` origins such as `https://app.example`.
    The scheme is not compared: behind a gateway that ends TLS this server knows only its own.
    """
    if origin is None:
        return True
    origin = origin.lower()
    if origin in allowed:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    port = _PORTS.get(parts.scheme)
    if port is None or not parts.netloc:  # `null`, an extension, a file
        return False
    return _named(parts.netloc, port) == _named(host.lower(), port)


def _named(host: str, port: int) -> str:
    return host.removesuffix(f":{port}")
