"""The web app: its document, scripts and icons, served from the folder that its build writes."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from plotkiln.api.access import has_identity
from plotkiln.api.app_files import AppFile, content_of, find_app_files
from plotkiln.api.conditions import matches, quoted
from plotkiln.api.negotiation import accepts_gzip
from plotkiln.api.operations import Handler
from plotkiln.api.pages import element, page
from plotkiln.errors import NotFoundError

__all__ = ["APP_FOLDER", "app_routes"]

#: What `npm run build` in pwa/ writes.
APP_FOLDER = Path(__file__).parent / "static" / "app"

#: For the document and for whatever runs in it: a worker's fetches go by its own script's policy.
#: In braces is where else than here live news are to be had.
_CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "font-src 'self'; connect-src 'self'{}; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

_IDENTITY = b'<meta name="plotkiln-identity" content="asked">'

_DOCUMENT_HEADERS = {
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def app_routes(folder: Path = APP_FOLDER) -> list[Route]:
    """Return the routes of the app that was built into a folder.

    Only files that are there now are served, each under its own address: what is asked for is
    looked up and never becomes a path.
    """
    files = find_app_files(folder)
    share = Route("/share", answer_share, methods=["POST"])
    if "/" not in files:
        return [Route("/", get_unbuilt), share]
    return [*(Route(path, _serving(path, files)) for path in _patterns(files)), share]


def _patterns(addresses: Iterable[str]) -> list[str]:
    """Return one pattern for each file at the top, and one for each folder there."""
    tops = (address.split("/")[1:] for address in addresses)
    return sorted({f"/{top}/{{name:path}}" if below else f"/{top}" for top, *below in tops})


def _serving(pattern: str, files: dict[str, AppFile]) -> Handler:
    async def get_app_file(request: Request) -> Response:
        request.scope["route_path_format"] = pattern
        address = request.scope["path"]
        if address not in files:
            raise NotFoundError(f"The web app has no file {address}.")
        return await _answer(request, files[address])

    return get_app_file


async def _answer(request: Request, file: AppFile) -> Response:
    accepted = request.headers.get("accept-encoding", "")
    coding = "gzip" if file.compressible and accepts_gzip(accepted) else ""
    try:
        content = await asyncio.to_thread(content_of, file, coding, head=_head(request, file))
    except OSError as error:
        raise NotFoundError("The web app was built anew: restart the server.") from error
    headers = {"ETag": quoted(content.tag), **_headers(file, _live_sources(request))}
    if matches(request.headers.get("if-none-match"), content.tag):
        return Response(status_code=304, headers=headers)
    if coding:
        headers["Content-Encoding"] = coding
    return Response(content.data, headers=headers, media_type=file.media_type)


def _head(request: Request, file: AppFile) -> bytes:
    """Return what tells the app, without a request of its own, that it is to ask who signed in."""
    return _IDENTITY if file.media_type == "text/html" and has_identity(request.app) else b""


def _live_sources(request: Request) -> str:
    """Return what the policy adds for a live channel elsewhere: its sockets and its long polls."""
    parts = urlsplit(getattr(request.app.state, "live_url", ""))
    if not parts.netloc:
        return ""
    secure = "s" if parts.scheme in {"https", "wss"} else ""
    return "".join(f" {scheme}{secure}://{parts.netloc}" for scheme in ("http", "ws"))


def _headers(file: AppFile, elsewhere: str) -> dict[str, str]:
    policy = _CONTENT_SECURITY.format(elsewhere)
    kept = "public, max-age=31536000, immutable" if file.immutable else "no-cache"
    headers = {"Cache-Control": kept, "Content-Security-Policy": policy}
    if file.compressible:
        headers["Vary"] = "Accept-Encoding"
    if file.media_type == "text/html":
        headers |= _DOCUMENT_HEADERS
    return headers


async def answer_share(_request: Request) -> Response:
    """Show the app: what is shared with it is taken by its service worker, before it comes here."""
    return RedirectResponse("/", 303)


async def get_unbuilt(_request: Request) -> Response:
    """Say how to build the web app."""
    content = element("h1", "The web app is not built")
    content += (
        "<p><code>make app</code> builds it; restart the server afterwards. All else works: "
        '<a href="/docs">the reference</a> lists every call.</p>'
    )
    return page("plotkiln: not built", content, status=503)
