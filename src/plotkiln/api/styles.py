"""The style store: entity tags are versions, and no write goes unguarded."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import principal_of
from plotkiln.api.bodies import read_document
from plotkiln.api.conditions import expected_version, matches, quoted
from plotkiln.api.examples import STYLE_EXAMPLES
from plotkiln.api.numbers import whole_number
from plotkiln.api.operations import Answer, Body, Operation, Parameter
from plotkiln.api.services import services_of
from plotkiln.identity import Scope

__all__ = ["OPERATIONS"]


async def get_styles(request: Request) -> Response:
    """List every style with its state."""
    listed = await services_of(request).styles.list(principal_of(request))
    return Response(
        msgspec.json.encode(listed),
        headers={"Cache-Control": "no-cache"},
        media_type="application/json",
    )


async def get_style(request: Request) -> Response:
    """Return one document with its version, the newest or an old one."""
    version = whole_number(request, "version", least=1, most=2**63 - 1)
    if version is not None:
        return await _old_style(request, version)
    name = request.path_params["name"]
    document = await services_of(request).styles.get(principal_of(request), name)
    headers = {
        "ETag": quoted(str(document.version)),
        "Cache-Control": "no-cache",
        "Plotkiln-Style-State": document.state,
    }
    if matches(request.headers.get("if-none-match"), str(document.version)):
        return Response(status_code=304, headers=headers)
    return Response(document.data, headers=headers, media_type="application/json")


async def _old_style(request: Request, version: int) -> Response:
    document = await services_of(request).histories.document(
        principal_of(request), request.path_params["name"], version
    )
    headers = {"ETag": quoted(str(version)), "Cache-Control": "no-cache"}
    if matches(request.headers.get("if-none-match"), str(version)):
        return Response(status_code=304, headers=headers)
    return Response(document.data, headers=headers, media_type="application/json")


async def put_style(request: Request) -> Response:
    """Write one document."""
    expected = _expected(request)
    stored = await services_of(request).styles.put(
        principal_of(request),
        request.path_params["name"],
        await read_document(request),
        expected=expected,
        why=request.query_params.get("why", ""),
    )
    headers = {"ETag": quoted(str(stored.version)), "Location": f"/styles/{stored.name}"}
    return Response(status_code=201 if expected == 0 else 204, headers=headers)


async def delete_style(request: Request) -> Response:
    """Remove one document."""
    await services_of(request).styles.delete(
        principal_of(request),
        request.path_params["name"],
        expected=_expected(request),
        why=request.query_params.get("why", ""),
    )
    return Response(status_code=204)


def _expected(request: Request) -> int | None:
    return expected_version(request.headers.get("if-match"), request.headers.get("if-none-match"))


NAME_PARAMETER = Parameter(
    name="name",
    place="path",
    description="The style's name.",
    schema={"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"},
    required=True,
    example="default",
)

IF_MATCH = Parameter(
    name="If-Match",
    place="header",
    description='The version that is replaced, as `"42"`; to create, send `If-None-Match: *`.',
    schema={"type": "string"},
    example='"42"',
)

CREATE = Parameter(
    name="If-None-Match",
    place="header",
    description="`*` creates: 412 where the style exists.",
    schema={"type": "string"},
    example="*",
)

WHY = Parameter(
    name="why",
    place="query",
    description="The reason, for the history.",
    schema={"type": "string", "maxLength": 1000},
    example="The new colours do not print.",
)

VERSION = Parameter(
    name="version",
    place="query",
    description="An old version instead of the newest.",
    schema={"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
)

DOCUMENT = {"application/json": {"$ref": "#/components/schemas/Style"}}

OPERATIONS = (
    Operation(
        method="GET",
        path="/styles",
        handler=get_styles,
        scope=Scope.STYLES_READ,
        tag="Styles",
        summary="List the styles",
        answers={
            200: Answer(
                description="Every style, `default` first, and whether the store answers.",
                content={"application/json": {"$ref": "#/components/schemas/StyleList"}},
            )
        },
    ),
    Operation(
        method="GET",
        path="/styles/{name}",
        handler=get_style,
        scope=Scope.STYLES_READ,
        tag="Styles",
        summary="Read a style",
        parameters=(NAME_PARAMETER, VERSION),
        answers={
            200: Answer(
                description="The document as stored, broken or not.",
                content=DOCUMENT,
                headers={
                    "ETag": "The version.",
                    "Plotkiln-Style-State": "`fresh`, `stale` or `builtin`; not of old versions.",
                },
            ),
            304: Answer(description="The client holds this version."),
        },
        problems=(400, 404, 422, 503),
    ),
    Operation(
        method="PUT",
        path="/styles/{name}",
        handler=put_style,
        scope=Scope.STYLES_WRITE,
        tag="Styles",
        summary="Write a style",
        description="Compare-and-set: nothing is overwritten that the writer has not read.",
        parameters=(NAME_PARAMETER, IF_MATCH, CREATE, WHY),
        body=Body(content=DOCUMENT, examples=STYLE_EXAMPLES),
        answers={
            201: Answer(description="Created.", headers={"ETag": "The new version."}),
            204: Answer(description="Replaced.", headers={"ETag": "The new version."}),
        },
        problems=(400, 412, 413, 415, 422, 428, 503),
    ),
    Operation(
        method="DELETE",
        path="/styles/{name}",
        handler=delete_style,
        scope=Scope.STYLES_WRITE,
        tag="Styles",
        summary="Remove a style",
        parameters=(NAME_PARAMETER, IF_MATCH, WHY),
        answers={204: Answer(description="Removed.")},
        problems=(400, 404, 409, 412, 422, 428, 503),
    ),
)
