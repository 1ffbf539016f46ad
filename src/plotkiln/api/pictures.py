"""Pictures as answers: their headers, conditional requests, compression of SVG."""

import asyncio
import gzip
from collections.abc import Mapping, Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import principal_of, shared_by
from plotkiln.api.conditions import matches, quoted
from plotkiln.api.disconnects import while_connected
from plotkiln.api.negotiation import MEDIA_TYPES
from plotkiln.api.services import services_of
from plotkiln.service import Picture, Plan
from plotkiln.service.patience import FormerPicture
from plotkiln.spec.models import Format
from plotkiln.style.looks import StyleState

__all__ = [
    "PictureFacts",
    "answer_picture",
    "answer_plan",
    "not_modified",
    "picture_response",
    "server_timing",
]

#: Characters of Plotkiln-Warnings: proxies refuse longer header lines.
_MOST_WARNINGS = 2048

#: SVG below this size is sent as it is.
_LEAST_COMPRESSED = 1024


class PictureFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the headers of a picture say of it."""

    digest: str
    format: Format
    #: Name and version of the style.
    style: str
    #: None for a picture that is not to be in today's style.
    state: StyleState | None = None
    #: Headers that only such pictures have.
    further: Mapping[str, str] = {}


async def answer_plan(request: Request, plan: Plan) -> Response:
    """Answer a GET: 304 where the client holds the rendering already, else the picture.

    While that is drawn by a job it is the last good one, under that one's own entity tag.
    """
    unchanged = not_modified(request, _facts(plan))
    if unchanged is not None:
        return unchanged
    patience, principal = services_of(request).patience, principal_of(request)
    shown = await while_connected(request, patience.shown(principal, plan))
    if isinstance(shown, FormerPicture):
        return await _former_response(request, shown)
    return await picture_response(request, shown)


async def picture_response(
    request: Request, picture: Picture, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with a picture that was drawn or found; `headers` are added."""
    facts = msgspec.structs.replace(_facts(picture.plan), further=headers or {})
    timing = server_timing(picture.source, picture.stages)
    return await answer_picture(request, facts, picture.data, picture.warnings, timing)


async def _former_response(request: Request, shown: FormerPicture) -> Response:
    facts = PictureFacts(digest=shown.digest, format=shown.format, style=shown.style, state="stale")
    unchanged = not_modified(request, facts)
    if unchanged is not None:
        return unchanged
    services_of(request).metrics.count("pictures", "former")
    timing = server_timing("former", {})
    return await answer_picture(request, facts, shown.data, shown.warnings, timing)


def not_modified(request: Request, facts: PictureFacts) -> Response | None:
    """Answer 304 where the client holds the picture already; None where it does not."""
    tag = _tag(facts, _encoding(request, facts))
    if not matches(request.headers.get("if-none-match"), tag):
        return None
    services_of(request).metrics.count("pictures", "not_modified")
    return Response(status_code=304, headers=_headers(request, facts, tag))


async def answer_picture(
    request: Request, facts: PictureFacts, data: bytes, warnings: Sequence[str], timing: str
) -> Response:
    """Answer with the bytes of a picture; `timing` is its `Server-Timing`."""
    encoding, body = _encoding(request, facts), data
    if encoding and len(body) >= _LEAST_COMPRESSED:
        body = await asyncio.to_thread(gzip.compress, body, 6, mtime=0)
    else:
        encoding = ""
    answer = _headers(request, facts, _tag(facts, encoding))
    answer["Server-Timing"] = timing
    if encoding:
        answer["Content-Encoding"] = encoding
    if warnings:
        answer["Plotkiln-Warnings"] = _warnings(warnings)
    return Response(body, headers=answer, media_type=MEDIA_TYPES[facts.format])


def _facts(plan: Plan) -> PictureFacts:
    style = f"{plan.look.name}@{plan.look.version}"
    return PictureFacts(digest=plan.digest, format=plan.format, style=style, state=plan.look.state)


def _headers(request: Request, facts: PictureFacts, tag: str) -> dict[str, str]:
    return {
        "ETag": quoted(tag),
        "Cache-Control": f"{shared_by(request)}, no-cache",
        "Vary": "Accept, Accept-Encoding" if facts.format == "svg" else "Accept",
        "Plotkiln-Style": facts.style,
        **({"Plotkiln-Style-State": facts.state} if facts.state else {}),
        **facts.further,
    }


def _encoding(request: Request, facts: PictureFacts) -> str:
    """Return `gzip` for an SVG that may be compressed: all else is compressed in itself."""
    if facts.format != "svg":
        return ""
    return "gzip" if "gzip" in request.headers.get("accept-encoding", "") else ""


def _tag(facts: PictureFacts, encoding: str) -> str:
    """Return the entity tag: other bytes under a content coding need one of their own."""
    return f"{facts.digest}-{encoding}" if encoding else facts.digest


def server_timing(source: str, stages: Mapping[str, float]) -> str:
    """Return where a picture came from, and its stages in milliseconds (Server Timing, W3C)."""
    timed = [f"{name};dur={value:.1f}" for name, value in stages.items()]
    return ", ".join([f"source;desc={source}", *timed])


def _warnings(warnings: Sequence[str]) -> str:
    """Join warnings into one header line of ASCII; `%` and all else is percent-encoded UTF-8."""
    from urllib.parse import quote  # noqa: PLC0415 -- few pictures have warnings

    line = "; ".join(quote(warning, safe=_HEADER_SAFE) for warning in warnings)
    return line if len(line) <= _MOST_WARNINGS else line[: _MOST_WARNINGS - 3] + "..."


_HEADER_SAFE = " !\"#$&'()*+,-./:<=>?@[\\]^_`{|}~"
