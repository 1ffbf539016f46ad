"""The templates: which there are, and what each takes."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import principal_of
from plotkiln.api.conditions import matches, quoted
from plotkiln.api.operations import Answer, Operation, Parameter
from plotkiln.api.services import services_of
from plotkiln.documents import sha256_hex
from plotkiln.identity import Scope

__all__ = ["OPERATIONS"]


async def get_templates(request: Request) -> Response:
    """List every template, and what could not be loaded."""
    listed = await services_of(request).templates.list(principal_of(request))
    return _answer(request, msgspec.json.encode(listed))


async def get_template(request: Request) -> Response:
    """Return one template with the JSON Schema of its parameters."""
    name = request.path_params["name"]
    described = await services_of(request).templates.get(principal_of(request), name)
    return _answer(request, msgspec.json.encode(described))


def _answer(request: Request, data: bytes) -> Response:
    tag = sha256_hex(data)
    headers = {"ETag": quoted(tag), "Cache-Control": "no-cache"}
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type="application/json")


_TAG = {"ETag": "The digest of the answer."}
_UNCHANGED = Answer(description="The client holds the newest answer.", headers=_TAG)

OPERATIONS = (
    Operation(
        method="GET",
        path="/templates",
        handler=get_templates,
        scope=Scope.RENDER,
        tag="Templates",
        summary="List the templates",
        description="Those that cannot be loaded are listed as broken, each with its fault.",
        answers={
            200: Answer(
                description="Every template, by name, and what is broken.",
                content={"application/json": {"$ref": "#/components/schemas/TemplateList"}},
                headers=_TAG,
            ),
            304: _UNCHANGED,
        },
        problems=(503,),
    ),
    Operation(
        method="GET",
        path="/templates/{name}",
        handler=get_template,
        scope=Scope.RENDER,
        tag="Templates",
        summary="Read what a template takes",
        parameters=(
            Parameter(
                name="name",
                place="path",
                description="The template's name.",
                schema={"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"},
                required=True,
                example="odometer",
            ),
        ),
        answers={
            200: Answer(
                description="The template, its parameters as a JSON Schema (2020-12).",
                content={"application/json": {"$ref": "#/components/schemas/DescribedTemplate"}},
                headers=_TAG,
            ),
            304: _UNCHANGED,
        },
        problems=(404, 503),
    ),
)
