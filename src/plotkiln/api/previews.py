"""Pictures in a style that is not stored."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import principal_of
from plotkiln.api.bodies import read_document
from plotkiln.api.disconnects import while_connected
from plotkiln.api.negotiation import MEDIA_TYPES, accepted_format
from plotkiln.api.operations import Body, Operation, picture_answers
from plotkiln.api.pictures import picture_response
from plotkiln.api.services import services_of
from plotkiln.api.styles import NAME_PARAMETER
from plotkiln.documents import Contract
from plotkiln.identity import Scope

__all__ = ["OPERATIONS"]


class _Parts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The two documents as they were sent: whoever knows their contracts reads them."""

    style: msgspec.Raw
    spec: msgspec.Raw


class _Preview(msgspec.Struct, frozen=True, kw_only=True):
    """The same for a body that is refused, to say why."""

    style: dict[str, Any]
    spec: dict[str, Any]


_CONTRACT = Contract(
    _Preview, title="Preview", description="A style document and a spec.", closed=True
)
_PARTS = msgspec.json.Decoder(_Parts)


async def preview_style(request: Request) -> Response:
    """Draw a spec in a style document that is not stored."""
    services, name = services_of(request), request.path_params["name"]
    accepted = accepted_format(request.headers.get("accept", ""))
    parts = _read(await read_document(request))
    plan = await services.previews.plan(
        principal_of(request),
        name,
        bytes(parts.style),
        bytes(parts.spec),
        accepted=accepted,
    )
    picture = await while_connected(request, services.previews.picture(plan))
    headers = {"Plotkiln-Style": f"{name}@preview", "Cache-Control": "no-store"}
    return await picture_response(request, picture, headers)


def _read(data: bytes) -> _Parts:
    try:
        return _PARTS.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        preview = _CONTRACT.decode(data)
    return _Parts(
        style=msgspec.Raw(msgspec.json.encode(preview.style)),
        spec=msgspec.Raw(msgspec.json.encode(preview.spec)),
    )


OPERATIONS = (
    Operation(
        method="POST",
        path="/styles/{name}/preview",
        handler=preview_style,
        scope=Scope.STYLES_READ,
        tag="Styles",
        summary="Draw a spec in a style that is not stored",
        description=(
            "The picture as it would be, were this document the style `{name}`: what it extends "
            "comes from the stored styles, the spec's own `style` counts for nothing. Nothing is "
            "stored. The format is the spec's `format`, else what `Accept` likes best, else PNG."
        ),
        parameters=(NAME_PARAMETER,),
        body=Body(
            content={
                "application/json": {
                    "type": "object",
                    "properties": {
                        "style": {"$ref": "#/components/schemas/Style"},
                        "spec": {"$ref": "#/components/schemas/Spec"},
                    },
                    "required": ["style", "spec"],
                    "additionalProperties": False,
                }
            },
            examples={
                "a colour": {
                    "style": {"extends": "default", "title": {"color": "#0B7285"}},
                    "spec": {"y": [1, 3, 2], "title": "Seen before it is written"},
                }
            },
        ),
        answers=picture_answers(*MEDIA_TYPES.values(), cached=False),
        problems=(400, 406, 413, 415, 422, 429, 503),
    ),
)
