"""Probes: answered at once, without a render, and without a store unless that is asked for."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import admit
from plotkiln.api.operations import Answer, Operation, Parameter
from plotkiln.api.services import services_of
from plotkiln.identity import Scope
from plotkiln.service.health import Health

__all__ = ["OPERATIONS"]


async def get_live(_request: Request) -> Response:
    """Say that the process runs its event loop."""
    return Response(b'{"status":"live"}', media_type="application/json")


async def get_ready(request: Request) -> Response:
    """Describe the process: whoever is answered is accepted, and ready does not mean warm.

    With `?verbose` everything that it needs is looked at.
    """
    service = services_of(request).health
    if _is_verbose(request):
        await admit(request, Scope.ADMIN)
        health: Health = await service.examined()
    else:
        health = service.now()
    return Response(
        msgspec.json.encode(health),
        status_code=200 if service.serving else 503,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def _is_verbose(request: Request) -> bool:
    return request.query_params.get("verbose", "0").casefold() not in {"0", "false", "no"}


_CONTENT = {
    "application/json": {
        "anyOf": [
            {"$ref": "#/components/schemas/VerboseHealth"},
            {"$ref": "#/components/schemas/Health"},
        ]
    }
}

OPERATIONS = (
    Operation(
        method="GET",
        path="/health/live",
        handler=get_live,
        scope=None,
        tag="Operation",
        summary="Whether the process lives",
        answers={200: Answer(description="It does.", content={"application/json": {}})},
    ),
    Operation(
        method="GET",
        path="/health/ready",
        handler=get_ready,
        scope=None,
        sometimes=Scope.ADMIN,
        tag="Operation",
        summary="Whether the process takes requests",
        description="With `verbose` also what it needs: the stores, the disk, memory and the "
        "render processes, each looked at within a second. A store that is away changes no "
        "status: pictures are drawn without it. `verbose` needs the scope `admin`.",
        parameters=(
            Parameter(
                name="verbose",
                place="query",
                description="Look at everything that the process needs: `?verbose`.",
                schema={"type": "string"},
            ),
        ),
        answers={
            200: Answer(description="It does.", content=_CONTENT),
            503: Answer(description="It does not: it drains.", content=_CONTENT),
        },
        problems=(401, 403),
    ),
)
