"""Pictures as answers: their headers, conditional requests, compression of SVG."""

import asyncio
import gzip
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.conditions import matches, quoted
from plotkiln.api.disconnects import while_connected
from plotkiln.api.negotiation import MEDIA_TYPES
from plotkiln.api.services import services_of
from plotkiln.service import Picture, Plan

__all__ = ["answer_plan", "picture_response"]

#: Characters of Plotkiln-Warnings: proxies refuse longer header lines.
_MOST_WARNINGS = 2048

#: SVG below this size is sent as it is.
_LEAST_COMPRESSED = 1024


async def answer_plan(request: Request, plan: Plan) -> Response:
    """Answer a GET: 304 where the client holds the rendering already, else the picture."""
    services = services_of(request)
    encoding = _encoding(request, plan)
    tag = _tag(plan, encoding)
    if matches(request.headers.get("if-none-match"), tag):
        services.metrics.count("pictures", "not_modified")
        return Response(status_code=304, headers=_headers(plan, tag))
    picture = await while_connected(request, services.renders.picture(plan))
    return await picture_response(request, picture)


async def picture_response(
    request: Request, picture: Picture, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with a picture that was drawn or found; `headers` are added."""
    plan = picture.plan
    encoding = _encoding(request, plan)
    body = picture.data
    if encoding and len(body) >= _LEAST_COMPRESSED:
        body = await asyncio.to_thread(gzip.compress, body, 6, mtime=0)
    else:
        encoding = ""
    answer = _headers(plan, _tag(plan, encoding))
    answer["Server-Timing"] = _server_timing(picture)
    if encoding:
        answer["Content-Encoding"] = encoding
    if picture.warnings:
        answer["Plotkiln-Warnings"] = _warnings(picture.warnings)
    return Response(
        body, headers={**answer, **(headers or {})}, media_type=MEDIA_TYPES[plan.format]
    )


def _headers(plan: Plan, tag: str) -> dict[str, str]:
    look = plan.look
    return {
        "ETag": quoted(tag),
        "Cache-Control": "public, no-cache",
        "Vary": "Accept, Accept-Encoding" if plan.format == "svg" else "Accept",
        "Plotkiln-Style": f"{look.name}@{look.version}",
        "Plotkiln-Style-State": look.state,
    }


def _encoding(request: Request, plan: Plan) -> str:
    """Return `gzip` for an SVG that may be compressed: all else is compressed in itself."""
    if plan.format != "svg":
        return ""
    return "gzip" if "gzip" in request.headers.get("accept-encoding", "") else ""


def _tag(plan: Plan, encoding: str) -> str:
    """Return the entity tag: other bytes under a content coding need one of their own."""
    return f"{plan.digest}-{encoding}" if encoding else plan.digest


def _server_timing(picture: Picture) -> str:
    """Return the stages in milliseconds (Server Timing, W3C)."""
    stages = [f"{name};dur={value:.1f}" for name, value in picture.stages.items()]
    return ", ".join([f"source;desc={picture.source}", *stages])


def _warnings(warnings: Sequence[str]) -> str:
    """Join warnings into one header line of ASCII; `%` and all else is percent-encoded UTF-8."""
    from urllib.parse import quote  # noqa: PLC0415 -- few pictures have warnings

    line = "; ".join(quote(warning, safe=_HEADER_SAFE) for warning in warnings)
    return line if len(line) <= _MOST_WARNINGS else line[: _MOST_WARNINGS - 3] + "..."


_HEADER_SAFE = " !\"#$&'()*+,-./:<=>?@[\\]^_`{|}~"
