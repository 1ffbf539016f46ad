"""Stored charts and their pictures."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import principal_of, shared_by
from plotkiln.api.bodies import read_spec
from plotkiln.api.examples import SPEC_EXAMPLES
from plotkiln.api.negotiation import FORMATS, MEDIA_TYPES, format_of_path
from plotkiln.api.operations import Answer, Body, Operation, Parameter, picture_answers
from plotkiln.api.pictures import answer_plan
from plotkiln.api.renders import FORMAT_PARAMETER, IF_NONE_MATCH, STYLE_PARAMETER
from plotkiln.api.services import services_of
from plotkiln.artifacts import Chart
from plotkiln.documents import ID_PATTERN
from plotkiln.identity import Scope

__all__ = ["OPERATIONS", "StoredChart"]


class StoredChart(msgspec.Struct, frozen=True, kw_only=True):
    """A stored chart and the addresses of its pictures."""

    id: str
    #: The picture in the spec's format, else PNG.
    url: str
    #: Format → address.
    formats: dict[str, str]


async def post_chart(request: Request) -> Response:
    """Store the spec in the body."""
    data = await read_spec(request)
    chart = await services_of(request).charts.store(principal_of(request), data)
    stored = _addresses(chart)
    return Response(
        msgspec.json.encode(stored),
        201,
        {"Location": stored.url},
        media_type="application/json",
    )


async def get_chart(request: Request) -> Response:
    """Return the stored spec."""
    chart = await services_of(request).charts.get(principal_of(request), request.path_params["id"])
    headers = {"Cache-Control": f"{shared_by(request)}, no-cache"}
    return Response(chart.spec, headers=headers, media_type="application/json")


async def get_chart_picture(request: Request) -> Response:
    """Draw a stored chart as it looks now."""
    plan = await services_of(request).charts.plan(
        principal_of(request),
        request.path_params["id"],
        format=format_of_path(request.path_params["format"]),
        style=request.query_params.get("style"),
    )
    return await answer_plan(request, plan)


def _addresses(chart: Chart) -> StoredChart:
    formats: dict[str, str] = {name: f"/charts/{chart.id}.{name}" for name in FORMATS}
    return StoredChart(id=chart.id, url=formats[chart.format or "png"], formats=formats)


ID_PARAMETER = Parameter(
    name="id",
    place="path",
    description="The chart's id.",
    schema={"type": "string", "pattern": f"^{ID_PATTERN}$"},
    required=True,
)

OPERATIONS = (
    Operation(
        method="POST",
        path="/charts",
        handler=post_chart,
        scope=Scope.RENDER,
        tag="Charts",
        summary="Store a spec",
        description="Once, for a short address that always shows today's style.",
        body=Body(
            content={
                "application/json": {"$ref": "#/components/schemas/Spec"},
                "text/csv": {"type": "string"},
            },
            examples=SPEC_EXAMPLES,
        ),
        answers={
            201: Answer(
                description="Stored; storing the same spec again changes nothing.",
                content={"application/json": {"$ref": "#/components/schemas/StoredChart"}},
                headers={"Location": "The picture's address."},
            )
        },
        problems=(400, 413, 415, 422, 500, 503),
    ),
    Operation(
        method="GET",
        path="/charts/{id}.{format}",
        handler=get_chart_picture,
        scope=Scope.RENDER,
        tag="Charts",
        summary="Draw a stored chart",
        description="In its own style as it is now, or in the one that `style` names.",
        parameters=(ID_PARAMETER, FORMAT_PARAMETER, STYLE_PARAMETER, IF_NONE_MATCH),
        answers=picture_answers(*MEDIA_TYPES.values(), cached=True),
        problems=(404, 422, 429, 500, 503),
    ),
    Operation(
        method="GET",
        path="/charts/{id}",
        handler=get_chart,
        scope=Scope.RENDER,
        tag="Charts",
        summary="Read a stored spec",
        parameters=(ID_PARAMETER,),
        answers={
            200: Answer(
                description="The spec, byte for byte as it was stored.",
                content={"application/json": {"$ref": "#/components/schemas/Spec"}},
            )
        },
        problems=(404, 503),
    ),
)
