"""What stands before every route: headers, whose pages may ask, how long a body may take."""

from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request

from plotkiln.api.middleware import RequestRecord
from plotkiln.api.origins import SAFE, is_foreign, is_loopback
from plotkiln.api.security_headers import SecurityHeaders
from plotkiln.errors import ForbiddenError, MisdirectedError
from plotkiln.service import Metrics

__all__ = ["UNGUARDED", "Guards", "check_sender", "guarding", "guards_of"]


class Guards(msgspec.Struct, frozen=True, kw_only=True):
    """How a server guards itself against whoever asks."""

    #: Where browsers find this server, as a URL; empty: where they ask.
    public_url: str = ""
    #: The address that it listens on; empty: nobody knows.
    bound: str = ""
    #: Names, beside those of this machine, by which it may be asked where that is loopback.
    names: frozenset[str] = frozenset()
    #: Origins, beside its own, whose pages may ask it.
    origins: tuple[str, ...] = ()
    #: Seconds in which a body must have arrived.
    body_timeout: float = 60.0


#: For a server that is told nothing.
UNGUARDED = Guards()


def guarding(metrics: Metrics, guards: Guards = UNGUARDED) -> list[Middleware]:
    """Return what is around an application, the outermost first."""
    headers = Middleware(
        SecurityHeaders,
        https=guards.public_url.startswith("https:"),
        shared=bool(guards.origins),
    )
    record = Middleware(RequestRecord, metrics=metrics)
    return [headers, record, *([_sharing(guards.origins)] if guards.origins else [])]


def guards_of(connection: HTTPConnection) -> Guards:
    """Return how the server guards itself that a request came to."""
    found: Guards = getattr(connection.app.state, "guards", UNGUARDED)
    return found


def check_sender(request: Request) -> None:
    """Raise `ForbiddenError` or `MisdirectedError` for a page that is none of ours.

    A browser lets any page send a request anywhere, and one whose name leads to this machine read
    the answer, too (DNS rebinding): neither must change, nor see, anything where nobody signs in.
    """
    guards, host = guards_of(request), request.headers.get("host", "")
    if is_loopback(guards.bound.strip("[]")) and not _is_known(host, guards.names):
        raise MisdirectedError(_MISDIRECTED)
    if request.method in SAFE or request.headers.get("origin") in guards.origins:
        return
    if is_foreign(request):
        raise ForbiddenError(_FOREIGN)


def _sharing(origins: Collection[str]) -> Middleware:
    """Return what lets pages of these origins ask, by a token that they have: never by a cookie."""
    from starlette.middleware.cors import CORSMiddleware  # noqa: PLC0415 -- few servers are shared

    return Middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE"],
        allow_headers=_ASKED,
        expose_headers=_EXPOSED,
    )


_ASKED = [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Prefer",
    "X-Request-Id",
]

_EXPOSED = [
    "Content-Location",
    "ETag",
    "Location",
    "Plotkiln-Generation",
    "Plotkiln-Number",
    "Plotkiln-Style",
    "Plotkiln-Style-State",
    "Plotkiln-Warnings",
    "Preference-Applied",
    "Retry-After",
    "Server-Timing",
    "X-Request-Id",
]

_FOREIGN = (
    "Pages of other sites may change nothing here. Name their origin in PLOTKILN_CORS_ORIGINS of"
    " the server if they shall."
)
_MISDIRECTED = (
    "This server listens on its own machine alone, and knows no such name. Ask it as localhost, or"
    " name it in PLOTKILN_PUBLIC_URL."
)


@lru_cache(maxsize=64)
def _is_known(host: str, names: frozenset[str]) -> bool:
    """Say whether a Host header names this machine, or is one of `names`; browsers send one."""
    if not host:
        return True
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return is_loopback(name) or name in names
