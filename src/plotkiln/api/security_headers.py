"""What every answer tells a browser that it may do with it."""

from collections.abc import Iterable
from functools import lru_cache

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plotkiln.api.access import SESSION

__all__ = ["SecurityHeaders"]

_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

#: Media type → policy: a page has a style sheet and pictures, and no script at all. SVG colours
#: itself by style attributes and holds its bitmaps as data; whatever script it had never runs, and
#: it has the origin of nobody, also where it is opened by itself.
_POLICIES = {
    "text/html": f"{_NOTHING}; img-src 'self' data:; style-src 'self'",
    "image/svg+xml": f"{_NOTHING}; img-src data:; style-src 'unsafe-inline'; sandbox",
}

#: For pages: what none of ours ever asks a reader for.
_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), serial=(), usb=()"

#: A year, in seconds.
_ALWAYS_SECURE = "max-age=31536000"

_SESSION = SESSION.encode()

#: Name, in lower case, and value.
Header = tuple[bytes, bytes]


class SecurityHeaders:
    """ASGI middleware: the headers that browsers obey; a route's own policy stands.

    `https` says that browsers come by no other scheme, `shared` that some answers differ by the
    origin whose page asks.
    """

    def __init__(self, app: ASGIApp, *, https: bool = False, shared: bool = False) -> None:
        self._app = app
        self._https = https
        self._shared = shared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._secured(message.get("headers", ()), scope)
            await send(message)

        await self._app(scope, receive, send_secured)

    def _secured(self, headers: Iterable[Header], scope: Scope) -> list[Header]:
        """Return an answer's headers, and those of browsers that are not among them."""
        named = dict(headers)
        media_type = named.get(b"content-type", b"").partition(b";")[0]
        added = _added(media_type, _has_session(scope), self._https)
        secured = [*headers, *[header for header in added if header[0] not in named]]
        if self._shared:
            MutableHeaders(raw=secured).add_vary_header("Origin")
        return secured


@lru_cache(maxsize=128)
def _added(media_type: bytes, is_session: bool, https: bool) -> tuple[Header, ...]:
    """Return what every answer of a media type has; they are few, and answers are many."""
    name = media_type.decode("latin-1")
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": _POLICIES.get(name, _NOTHING),
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": _resource_policy(name, is_session),
    }
    if name == "text/html":
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = _PERMISSIONS
    if https:
        headers["Strict-Transport-Security"] = _ALWAYS_SECURE
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


def _resource_policy(media_type: str, is_session: bool) -> str:
    """Say whose pages may embed an answer: anybody's a picture that everybody may see.

    What was answered to a cookie is for pages of this server alone: another's could learn from its
    size, or from an error, what the reader may see.
    """
    is_open = media_type.startswith("image/") and not is_session
    return "cross-origin" if is_open else "same-origin"


def _has_session(scope: Scope) -> bool:
    headers = scope["headers"]
    if b"cookie" not in dict(headers):
        return False
    return any(name == b"cookie" and _SESSION in value for name, value in headers)
