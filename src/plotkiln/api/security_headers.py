"""What every answer tells a browser that it may do with it."""

from starlette.datastructures import Headers, MutableHeaders
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
                self._secure(MutableHeaders(scope=message), is_session=_has_session(scope))
            await send(message)

        await self._app(scope, receive, send_secured)

    def _secure(self, headers: MutableHeaders, *, is_session: bool) -> None:
        media_type = headers.get("content-type", "").partition(";")[0]
        headers["X-Content-Type-Options"] = "nosniff"
        headers.setdefault("Content-Security-Policy", _POLICIES.get(media_type, _NOTHING))
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", _resource_policy(media_type, is_session))
        if media_type == "text/html":
            headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
            headers.setdefault("Permissions-Policy", _PERMISSIONS)
        if self._https:
            headers["Strict-Transport-Security"] = _ALWAYS_SECURE
        if self._shared:
            headers.add_vary_header("Origin")


def _resource_policy(media_type: str, is_session: bool) -> str:
    """Say whose pages may embed an answer: anybody's a picture that everybody may see.

    What was answered to a cookie is for pages of this server alone: another's could learn from its
    size, or from an error, what the reader may see.
    """
    is_open = media_type.startswith("image/") and not is_session
    return "cross-origin" if is_open else "same-origin"


def _has_session(scope: Scope) -> bool:
    return SESSION in Headers(scope=scope).get("cookie", "")
