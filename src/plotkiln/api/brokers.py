"""The embedded broker's ingress, at the addresses that a cluster's brokers have."""

from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import principal_of
from plotkiln.api.event_messages import EVENT_BODY, allow_webhook, read_event
from plotkiln.api.events import WEBHOOK_ANSWER
from plotkiln.api.operations import Answer, Operation, Parameter
from plotkiln.api.services import services_of
from plotkiln.identity import Scope

__all__ = ["OPERATIONS"]


async def accept_event(request: Request) -> Response:
    """Take an event: once this is answered, it is safe."""
    services, path = services_of(request), request.path_params
    event = await read_event(request, most=services.max_event)
    broker = (path["namespace"], path["name"])
    await services.brokers.accept(principal_of(request), broker, event)
    return Response(status_code=202)


async def allow_broker(request: Request) -> Response:
    """Say that events may be sent here."""
    return await allow_webhook(request)


def _part(name: str, description: str) -> Parameter:
    schema = {"type": "string", "minLength": 1}
    return Parameter(
        name=name,
        place="path",
        description=description,
        schema=schema,
        required=True,
        example="default",
    )


_BROKER = (_part("namespace", "The broker's namespace."), _part("name", "The broker's name."))

OPERATIONS = (
    Operation(
        method="POST",
        path="/broker/{namespace}/{name}",
        handler=accept_event,
        scope=Scope.EVENTS,
        tag="Events",
        summary="Send an event to the embedded broker",
        description=(
            "In structured mode, or in binary mode with the attributes in `ce-` headers. The event "
            "is kept, and goes to every Trigger that wants it. `default/default` is there without "
            "being declared; 404 is any other, and any at all where no embedded broker runs."
        ),
        parameters=_BROKER,
        body=EVENT_BODY,
        answers={202: Answer(description="Kept: it survives the death of the process.")},
        problems=(400, 404, 413, 415, 503),
    ),
    Operation(
        method="OPTIONS",
        path="/broker/{namespace}/{name}",
        handler=allow_broker,
        scope=None,
        tag="Events",
        summary="Ask whether events may be sent to the broker",
        parameters=_BROKER,
        answers={200: WEBHOOK_ANSWER},
    ),
)
