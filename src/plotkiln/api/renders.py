"""Pictures of specs that come with the request."""

import asyncio

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import principal_of
from plotkiln.api.bodies import read_spec
from plotkiln.api.disconnects import while_connected
from plotkiln.api.draining import draining_of
from plotkiln.api.examples import ENCODED_EXAMPLE, SPEC_EXAMPLES
from plotkiln.api.idempotency import IDEMPOTENCY_KEY, idempotency_key
from plotkiln.api.job_answers import accepted_response, jobs_of
from plotkiln.api.job_operations import ACCEPTED
from plotkiln.api.jobs import LONGEST_WAIT
from plotkiln.api.negotiation import FORMATS, MEDIA_TYPES, accepted_format, format_of_path
from plotkiln.api.operations import Body, Operation, Parameter, picture_answers
from plotkiln.api.pictures import answer_plan, picture_response
from plotkiln.api.preferences import preference_applied, preferences_of
from plotkiln.api.services import services_of
from plotkiln.identity import Scope
from plotkiln.jobs import Job
from plotkiln.service import Picture, Plan
from plotkiln.service.patience import Wish
from plotkiln.spec import decode_spec
from plotkiln.spec.models import Format

__all__ = ["OPERATIONS"]


async def post_plot(request: Request) -> Response:
    """Draw the spec in the body, now or as a job."""
    services, principal = services_of(request), principal_of(request)
    wish = _wish(request)
    accepted = _accepted(request, wish)
    data = await read_spec(request)
    parsed = await services.renders.read(data)
    plan = await services.renders.plan(
        principal, data, parsed, format=parsed.spec.format or accepted or "png"
    )
    outcome = await while_connected(request, _posted(request, plan, wish, picture=bool(accepted)))
    chart = await services.charts.keep_beside(principal, data, parsed)
    address = {"Content-Location": f"/charts/{chart.id}.{plan.format}"} if chart else {}
    if isinstance(outcome, Job):
        return await accepted_response(request, outcome, address, asked=wish.job)
    applied = preference_applied(wait=wish.wait if wish.job and wish.wait else None)
    return await picture_response(request, outcome, {**address, **applied})


def _accepted(request: Request, wish: Wish) -> Format | None:
    """Return the format that the client likes best; None where it takes no picture, but a job."""
    try:
        return accepted_format(request.headers.get("accept", ""))
    except HTTPException:
        if wish.job and jobs_of(request).available:
            return None
        raise


async def _posted(request: Request, plan: Plan, wish: Wish, *, picture: bool) -> Picture | Job:
    """Return what becomes of a plan: without `picture` a job, whether or not that is there.

    A server that ends lets nobody wait who takes a job, too.
    """
    patience, principal = services_of(request).patience, principal_of(request)
    if not picture:
        key = wish.idempotency_key
        submission = await jobs_of(request).submit(
            principal, plan, idempotency_key=key, fingerprint=plan.fingerprint
        )
        return submission.job
    if wish.job and wish.wait:
        waiting = patience.posted(principal, plan, wish)
        outcome = await draining_of(request).unless_begun(waiting)
        if outcome is not None:
            return outcome
        wish = msgspec.structs.replace(wish, wait=0)
    return await patience.posted(principal, plan, wish)


def _wish(request: Request) -> Wish:
    preferences = preferences_of(request)
    return Wish(
        job=preferences.respond_async,
        wait=min(preferences.wait or 0, LONGEST_WAIT),
        idempotency_key=idempotency_key(request),
    )


async def get_plot(request: Request) -> Response:
    """Draw the spec in the address."""
    services, principal = services_of(request), principal_of(request)
    chosen = format_of_path(request.path_params["format"])
    data = await _decoded(request.path_params["encoded"], services.max_body)
    parsed = await services.renders.read(data)
    plan = await services.renders.plan(
        principal,
        data,
        parsed,
        format=chosen,
        style=request.query_params.get("style"),
    )
    return await answer_plan(request, plan)


async def _decoded(encoded: str, most: int) -> bytes:
    """Return the spec in an address; a long one may inflate a thousandfold, while others wait."""
    if len(encoded) < _LONG_ADDRESS:
        return decode_spec(encoded, most)
    return await asyncio.to_thread(decode_spec, encoded, most)


#: Characters from which an encoded spec is inflated in a thread.
_LONG_ADDRESS = 1024

FORMAT_PARAMETER = Parameter(
    name="format",
    place="path",
    description="The picture's format.",
    schema={"enum": [*FORMATS, "jpg"]},
    required=True,
    example="png",
)

STYLE_PARAMETER = Parameter(
    name="style",
    place="query",
    description="A style instead of the spec's own; pinned as `name@version` or `name@sha256:…`.",
    schema={"type": "string"},
    example="default",
)

_PREFER = Parameter(
    name="Prefer",
    place="header",
    description=(
        "`respond-async`: a job, unless the picture is there already; with `wait=N` only if it is "
        "not there within N seconds (RFC 7240). Who accepts no picture gets the job in any case."
    ),
    schema={"type": "string"},
    example="respond-async, wait=5",
)

IF_NONE_MATCH = Parameter(
    name="If-None-Match",
    place="header",
    description="Entity tags of pictures that the client holds.",
    schema={"type": "string"},
)

OPERATIONS = (
    Operation(
        method="POST",
        path="/plot",
        handler=post_plot,
        scope=Scope.RENDER,
        tag="Pictures",
        summary="Draw a spec",
        description=(
            "The format is the spec's `format`, else the one that `Accept` likes best, else PNG. "
            "The answer names the address of the stored spec in `Content-Location`: revalidate "
            "there. A CSV body takes the spec's members as query parameters. A picture that is "
            "expected to take longer than the budget, or does, becomes a job."
        ),
        parameters=(_PREFER, IDEMPOTENCY_KEY),
        body=Body(
            content={
                "application/json": {"$ref": "#/components/schemas/Spec"},
                "text/csv": {"type": "string"},
            },
            examples=SPEC_EXAMPLES,
        ),
        answers={**picture_answers(*MEDIA_TYPES.values(), cached=False), 202: ACCEPTED},
        problems=(400, 406, 413, 415, 422, 429, 500, 503),
    ),
    Operation(
        method="GET",
        path="/plot/{encoded}.{format}",
        handler=get_plot,
        scope=Scope.RENDER,
        tag="Pictures",
        summary="Draw the spec in the address",
        description="For `<img>`: the spec's JSON, deflated (RFC 1950), in unpadded base64url.",
        parameters=(
            Parameter(
                name="encoded",
                place="path",
                description="The encoded spec.",
                schema={"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
                required=True,
                example=ENCODED_EXAMPLE,
            ),
            FORMAT_PARAMETER,
            STYLE_PARAMETER,
            IF_NONE_MATCH,
        ),
        answers=picture_answers(*MEDIA_TYPES.values(), cached=True),
        problems=(400, 404, 413, 422, 429, 500, 503),
    ),
)
