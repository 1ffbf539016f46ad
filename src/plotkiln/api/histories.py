"""The history of styles: what changed, old versions, going back, publishing drafts."""

from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import principal_of
from plotkiln.api.bodies import read_document
from plotkiln.api.conditions import expected_version, quoted
from plotkiln.api.numbers import whole_number
from plotkiln.api.operations import Answer, Body, Operation, Parameter
from plotkiln.api.services import services_of
from plotkiln.api.styles import CREATE, IF_MATCH, NAME_PARAMETER
from plotkiln.documents import Contract
from plotkiln.identity import Scope
from plotkiln.style.looks import StoredDocument

__all__ = ["OPERATIONS", "PUBLISH_CONTRACT", "ROLLBACK_CONTRACT"]

_Version = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
_Why = Annotated[str, msgspec.Meta(max_length=1000, description="The reason, for the history.")]


class Rollback(msgspec.Struct, frozen=True, kw_only=True):
    """What to go back to."""

    #: The version whose document is written anew.
    version: _Version
    why: _Why = ""


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """Which draft to publish."""

    #: The draft's version, as it was read.
    draft: _Version
    why: _Why = ""


ROLLBACK_CONTRACT = Contract(
    Rollback, title="Rollback", description="What to go back to.", closed=True
)
PUBLISH_CONTRACT = Contract(
    Publication, title="Publication", description="Which draft to publish.", closed=True
)


async def get_history(request: Request) -> Response:
    """List what became of a style, newest first."""
    page = await services_of(request).histories.page(
        principal_of(request),
        request.path_params["name"],
        before=whole_number(request, "before", least=1, most=2**63 - 1),
        limit=whole_number(request, "limit", least=1, most=_MOST) or _USUAL,
    )
    return Response(
        msgspec.json.encode(page),
        headers={"Cache-Control": "no-cache"},
        media_type="application/json",
    )


async def rollback_style(request: Request) -> Response:
    """Write an old document as a new version."""
    asked = ROLLBACK_CONTRACT.decode(await read_document(request))
    expected = _expected(request)
    stored = await services_of(request).histories.rollback(
        principal_of(request),
        request.path_params["name"],
        asked.version,
        expected=expected,
        why=asked.why,
    )
    return _written(stored, expected)


async def publish_style(request: Request) -> Response:
    """Put a draft in its style's place."""
    asked = PUBLISH_CONTRACT.decode(await read_document(request))
    expected = _expected(request)
    stored = await services_of(request).histories.publish(
        principal_of(request),
        request.path_params["name"],
        draft=asked.draft,
        expected=expected,
        why=asked.why,
    )
    return _written(stored, expected)


def _expected(request: Request) -> int | None:
    return expected_version(request.headers.get("if-match"), request.headers.get("if-none-match"))


def _written(stored: StoredDocument, expected: int | None) -> Response:
    headers = {"ETag": quoted(str(stored.version)), "Location": f"/styles/{stored.name}"}
    return Response(status_code=201 if expected == 0 else 204, headers=headers)


#: Changes in one answer.
_USUAL, _MOST = 20, 100

_WRITTEN = {
    201: Answer(description="Created.", headers={"ETag": "The new version."}),
    204: Answer(description="Replaced.", headers={"ETag": "The new version."}),
}

OPERATIONS = (
    Operation(
        method="GET",
        path="/styles/{name}/history",
        handler=get_history,
        scope=Scope.STYLES_READ,
        tag="Styles",
        summary="Read a style's history",
        description="Who changed it, when, why, and what is other than before. Newest first.",
        parameters=(
            NAME_PARAMETER,
            Parameter(
                name="before",
                place="query",
                description="Changes below this version alone: the last answer's `before`.",
                schema={"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
            ),
            Parameter(
                name="limit",
                place="query",
                description=f"The most changes that are wanted; {_USUAL} where it is missing.",
                schema={"type": "integer", "minimum": 1, "maximum": _MOST},
            ),
        ),
        answers={
            200: Answer(
                description="The newest changes, and where to go on.",
                content={"application/json": {"$ref": "#/components/schemas/StyleHistoryPage"}},
            )
        },
        problems=(400, 404, 422, 503),
    ),
    Operation(
        method="POST",
        path="/styles/{name}/rollback",
        handler=rollback_style,
        scope=Scope.STYLES_WRITE,
        tag="Styles",
        summary="Go back to an old version",
        description="The old document becomes a new version; nothing in the history is lost.",
        parameters=(NAME_PARAMETER, IF_MATCH, CREATE),
        body=Body(
            content={"application/json": {"$ref": "#/components/schemas/Rollback"}},
            examples={"why": {"version": 42, "why": "The new colours do not print."}},
        ),
        answers=_WRITTEN,
        problems=(400, 404, 412, 413, 415, 422, 428, 503),
    ),
    Operation(
        method="POST",
        path="/styles/{name}/publish",
        handler=publish_style,
        scope=Scope.STYLES_WRITE,
        tag="Styles",
        summary="Publish a style's draft",
        description="The style `{name}.draft` takes the style's place, and is gone, in one step.",
        parameters=(NAME_PARAMETER, IF_MATCH, CREATE),
        body=Body(
            content={"application/json": {"$ref": "#/components/schemas/Publication"}},
            examples={"why": {"draft": 57, "why": "Approved by the editors."}},
        ),
        answers=_WRITTEN,
        problems=(400, 404, 409, 412, 413, 415, 422, 428, 503),
    ),
)
