"""Whose page a browser sends a request for."""

from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

__all__ = ["SAFE", "is_foreign", "is_loopback", "is_secure", "public_url"]

#: Methods that change nothing.
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def public_url(connection: HTTPConnection) -> str:
    """Return where browsers find this server: as it is told, else as it was asked."""
    told: str = getattr(connection.app.state, "public_url", "")
    return (told or str(connection.base_url)).rstrip("/")


def is_secure(connection: HTTPConnection) -> bool:
    """Say whether browsers come by https, as far as this server is told."""
    told: str = getattr(connection.app.state, "public_url", "")
    return told.startswith("https:")


def is_foreign(connection: HTTPConnection) -> bool:
    """Say whether a browser sends this for another site's page, a sibling's among them.

    By `Sec-Fetch-Site`; older browsers send `Origin` alone. Whoever sends neither is no browser.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = connection.headers.get("origin")
    return origin is not None and not _is_own(origin, connection)


def _is_own(origin: str, connection: HTTPConnection) -> bool:
    place = _place(origin)
    return bool(place) and place in {
        connection.headers.get("host", "").lower(),
        _place(public_url(connection)),
    }


def _place(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:  # no URL at all
        return ""


@lru_cache(maxsize=64)
def is_loopback(name: str) -> bool:
    """Say whether a host, without its port, is this machine and nothing else."""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")  # RFC 6761, section 6.3
