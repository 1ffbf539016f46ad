"""Named pictures: what a name shows now."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import principal_of
from plotkiln.api.disconnects import while_connected
from plotkiln.api.negotiation import MEDIA_TYPES
from plotkiln.api.operations import Operation, Parameter, picture_answers
from plotkiln.api.pictures import PictureFacts, answer_picture, not_modified, server_timing
from plotkiln.api.renders import IF_NONE_MATCH
from plotkiln.api.services import services_of
from plotkiln.artifacts.names import NAME_PATTERN
from plotkiln.identity import Scope
from plotkiln.service.artifacts import Shown

__all__ = ["OPERATIONS"]


async def get_artifact(request: Request) -> Response:
    """Show what a name shows, in today's style."""
    services, principal = services_of(request), principal_of(request)
    artifacts = services.artifacts
    name = request.path_params["name"]
    shown = await while_connected(request, artifacts.show(principal, name))
    unchanged = not_modified(request, _facts(shown))
    if unchanged is not None:
        return unchanged
    drawn = artifacts.picture(principal, shown, patience=services.patience)
    picture = await while_connected(request, drawn)
    timing = server_timing(picture.source, picture.stages)
    facts = _facts(picture.shown)
    return await answer_picture(request, facts, picture.data, picture.warnings, timing)


def _facts(shown: Shown) -> PictureFacts:
    artifact = shown.artifact
    order = {
        "Plotkiln-Generation": str(artifact.generation),
        "Plotkiln-Number": str(artifact.number),
    }
    return PictureFacts(
        digest=artifact.digest,
        format=shown.format,
        style=shown.style,
        state=shown.state,
        further=order,
    )


_ORDER = {
    "Plotkiln-Generation": "The run of the number that the picture shows; a reset begins the next.",
    "Plotkiln-Number": "The number that the picture shows; it never falls within a generation.",
}

OPERATIONS = (
    Operation(
        method="GET",
        path="/artifacts/{name}",
        handler=get_artifact,
        scope=Scope.RENDER,
        tag="Named pictures",
        summary="Show a named picture",
        description=(
            "The newest that an event has drawn under this name, in its style as it is now; where "
            "that cannot be drawn, the last good one with the state `stale`. Totals of the hit "
            "counter are open to everybody, as the pages that show them."
        ),
        parameters=(
            Parameter(
                name="name",
                place="path",
                description="The picture's name; its ending is the format.",
                schema={"type": "string", "pattern": NAME_PATTERN},
                required=True,
                example="hits.png",
            ),
            IF_NONE_MATCH,
        ),
        answers={
            status: msgspec.structs.replace(answer, headers={**answer.headers, **_ORDER})
            for status, answer in picture_answers(*MEDIA_TYPES.values(), cached=True).items()
        },
        problems=(404, 422, 429, 500, 503),
    ),
)
