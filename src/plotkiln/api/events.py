"""Events as a broker delivers them, and what the embedded broker did with those it took."""

from typing import cast, get_args

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import principal_of
from plotkiln.api.disconnects import while_connected
from plotkiln.api.event_messages import EVENT_BODY, allow_webhook, read_event, reply_response
from plotkiln.api.numbers import whole_number
from plotkiln.api.operations import Answer, Operation, Parameter
from plotkiln.api.services import services_of
from plotkiln.errors import MalformedError, NotFoundError
from plotkiln.events.store import DeliveryState
from plotkiln.identity import Scope
from plotkiln.service.job_publishing import JOB_REQUESTS

__all__ = ["OPERATIONS", "WEBHOOK_ANSWER"]

#: Events on one page.
_MOST = 500

#: SQLite's greatest number.
_LARGEST = 2**63 - 1


async def receive_event(request: Request) -> Response:
    """Handle an event, and answer with the reply."""
    services = services_of(request)
    event = await read_event(request, most=services.max_event)
    work = services.events.receive(principal_of(request), event)
    if event.type in JOB_REQUESTS:  # nothing is drawn that a broker waits for no more
        return reply_response(await while_connected(request, work))
    return reply_response(await work)


async def allow_events(request: Request) -> Response:
    """Say that events may be sent here."""
    return await allow_webhook(request, methods="GET, HEAD, OPTIONS, POST")


async def get_events(request: Request) -> Response:
    """List what the embedded broker took."""
    page = await services_of(request).brokers.page(
        principal_of(request),
        before=whole_number(request, "before", least=1, most=_LARGEST),
        limit=whole_number(request, "limit", least=1, most=_MOST) or 50,
        state=_state(request),
    )
    return _json(page)


async def get_event(request: Request) -> Response:
    """Return one event with its deliveries."""
    found = await services_of(request).brokers.event(principal_of(request), _number(request))
    return _json(found)


async def replay_event(request: Request) -> Response:
    """Deliver an event once more."""
    replayed = await services_of(request).brokers.replay(principal_of(request), _number(request))
    return _json(replayed, status=202)


def _json(value: object, status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(msgspec.json.encode(value), status, headers, media_type="application/json")


def _number(request: Request) -> int:
    text = request.path_params["number"]
    if text.isascii() and text.isdecimal() and len(text) <= len(str(_LARGEST)):
        number = int(text)
        if number <= _LARGEST:
            return number
    raise NotFoundError(f"There is no event {text}: events have numbers.")


def _state(request: Request) -> DeliveryState | None:
    text = request.query_params.get("state")
    if text is None:
        return None
    if text not in get_args(DeliveryState):
        raise MalformedError(f"?state= takes one of {', '.join(get_args(DeliveryState))}.")
    return cast("DeliveryState", text)


_PROSE = """\
As a Trigger, or any sender of CloudEvents over HTTP, delivers it: in structured mode as JSON, or in
binary mode with the attributes in `ce-` headers and data of any type. Each rule that wants the
event draws its picture before the answer. An event that came before (`source` and `id`) is answered
as it was then. Knative tries 429, 500 and 503 again, and gives the others up."""

WEBHOOK_ANSWER = Answer(
    description="They may.",
    headers={
        "WebHook-Allowed-Origin": "The sender that asked by `WebHook-Request-Origin`.",
        "WebHook-Allowed-Rate": "`*`, to a sender that asked by `WebHook-Request-Rate`.",
    },
)

_NUMBER = Parameter(
    name="number",
    place="path",
    description="The event's number.",
    schema={"type": "integer", "minimum": 1, "maximum": _LARGEST},
    required=True,
    example=1,
)

_PAGE = (
    Parameter(
        name="state",
        place="query",
        description="Only events with a delivery in this state: `dead` lists the dead letters.",
        schema={"enum": list(get_args(DeliveryState))},
    ),
    Parameter(
        name="before",
        place="query",
        description="Only events with smaller numbers: the last page's `before`.",
        schema={"type": "integer", "minimum": 1, "maximum": _LARGEST},
    ),
    Parameter(
        name="limit",
        place="query",
        description="The most events to return.",
        schema={"type": "integer", "minimum": 1, "maximum": _MOST, "default": 50},
    ),
)

OPERATIONS = (
    Operation(
        method="POST",
        path="/events",
        handler=receive_event,
        scope=Scope.EVENTS,
        tag="Events",
        summary="Handle an event",
        description=_PROSE,
        body=EVENT_BODY,
        answers={
            200: Answer(
                description="Handled; the body is the reply, an event in binary mode.",
                content={"*/*": {}},
            ),
            204: Answer(description="Handled, or wanted by no rule."),
        },
        problems=(400, 413, 415, 422, 429, 503),
    ),
    Operation(
        method="OPTIONS",
        path="/events",
        handler=allow_events,
        scope=None,
        tag="Events",
        summary="Ask whether events may be sent",
        answers={200: WEBHOOK_ANSWER},
    ),
    Operation(
        method="GET",
        path="/events",
        handler=get_events,
        scope=Scope.ADMIN,
        tag="Events",
        summary="List the embedded broker's events",
        description="What arrived, where it went, what failed. 404 where no embedded broker runs.",
        parameters=_PAGE,
        answers={
            200: Answer(
                description="Newest first.",
                content={"application/json": {"$ref": "#/components/schemas/EventPage"}},
            )
        },
        problems=(400, 404, 503),
    ),
    Operation(
        method="GET",
        path="/events/{number}",
        handler=get_event,
        scope=Scope.ADMIN,
        tag="Events",
        summary="Read one event",
        parameters=(_NUMBER,),
        answers={
            200: Answer(
                description="The event as it was delivered, and its deliveries.",
                content={"application/json": {"$ref": "#/components/schemas/EventView"}},
            )
        },
        problems=(404, 503),
    ),
    Operation(
        method="POST",
        path="/events/{number}/replay",
        handler=replay_event,
        scope=Scope.ADMIN,
        tag="Events",
        summary="Deliver an event once more",
        description="Where it failed; to every Trigger that wants it, where it failed nowhere.",
        parameters=(_NUMBER,),
        answers={
            202: Answer(
                description="It is under way.",
                content={"application/json": {"$ref": "#/components/schemas/Replayed"}},
            )
        },
        problems=(404, 503),
    ),
)
