"""The applications of the counter's own programs: a homepage, and one that counts."""

from collections.abc import Iterable

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.acceptance import Acceptance, accepting
from plotkiln.api.access import principal_of, shared_by
from plotkiln.api.conditions import matches, quoted
from plotkiln.api.errors import answer_error, answer_http_error
from plotkiln.api.event_messages import allow_webhook, read_event, reply_response
from plotkiln.api.events import receive_event as receive_event_of_services
from plotkiln.api.guards import UNGUARDED, Guards, guarding
from plotkiln.api.health import get_live
from plotkiln.api.metrics import answer_metrics
from plotkiln.api.operations import Answer, Handler, Operation, routes
from plotkiln.counter.homepage import OPERATIONS as HOMEPAGE_OPERATIONS
from plotkiln.counter.homepage import Homepage, attach_homepage
from plotkiln.errors import NotFoundError, PlotkilnError
from plotkiln.identity import Scope
from plotkiln.service import Metrics
from plotkiln.service.events import EventService

__all__ = ["AT_ROOT", "count_app", "homepage_app"]


class Receiver(msgspec.Struct, frozen=True, kw_only=True):
    """What receives events."""

    events: EventService
    #: Most bytes of an event.
    max_event: int


def homepage_app(homepage: Homepage, metrics: Metrics, *, guards: Guards = UNGUARDED) -> Starlette:
    """Return the application that serves pages and pictures, and draws none."""
    app = _app((*HOMEPAGE_OPERATIONS, *_PICTURES), metrics, guards)
    attach_homepage(app, homepage)
    return app


def count_app(
    events: EventService,
    metrics: Metrics,
    *,
    max_event: int,
    accept: Acceptance = "open",
    guards: Guards = UNGUARDED,
) -> Starlette:
    """Return the application that takes events at `/`, as a Trigger sends them, and `/events`.

    `accept` says whose.
    """
    app = _app(accepting(_RECEIVING, accept), metrics, guards)
    app.state.receiver = Receiver(events=events, max_event=max_event)
    return app


def _app(operations: Iterable[Operation], metrics: Metrics, guards: Guards) -> Starlette:
    app = Starlette(
        routes=routes((*operations, *_OPERATION)),
        middleware=guarding(metrics, guards),
        exception_handlers={PlotkilnError: answer_error, HTTPException: answer_http_error},
    )
    app.state.metrics = metrics
    app.state.guards = guards
    return app


async def get_picture(request: Request) -> Response:
    """Show a named picture; 304 to whoever holds it."""
    visits, name = request.app.state.homepage.visits, request.path_params["name"]
    record = await visits.record(name)
    if record is None:
        raise NotFoundError(f"There is no picture named {name}.")
    headers = {
        "ETag": quoted(record.digest),
        "Cache-Control": f"{shared_by(request)}, no-cache",
        "Plotkiln-Style": record.style,
        "Plotkiln-Generation": str(record.generation),
        "Plotkiln-Number": str(record.number),
    }
    if matches(request.headers.get("if-none-match"), record.digest):
        return Response(status_code=304, headers=headers)
    shown = await visits.shown(record)
    if shown.by_hand:
        headers = {"Cache-Control": "no-store"}
    return Response(shown.data, headers=headers, media_type=shown.media_type)


async def receive_event(request: Request) -> Response:
    """Count an event, and answer with its total as an event."""
    receiver: Receiver = request.app.state.receiver
    event = await read_event(request, most=receiver.max_event)
    return reply_response(await receiver.events.receive(principal_of(request), event))


async def receive_event_at_root(request: Request) -> Response:
    """Do what `POST /events` does."""
    return await receive_event_of_services(request)


async def allow_events_at_root(request: Request) -> Response:
    """Say that events may be sent here."""
    return await allow_webhook(request)


async def get_ready(_request: Request) -> Response:
    """Say that whoever is answered is served: this process waits for no store."""
    headers = {"Cache-Control": "no-store"}
    return Response(b'{"status":"ready"}', headers=headers, media_type="application/json")


async def get_metrics(request: Request) -> Response:
    """Return every metric in Prometheus' text format."""
    return answer_metrics(request.app.state.metrics)


def _operation(method: str, path: str, handler: Handler, scope: Scope | None = None) -> Operation:
    """Return an operation of a program that describes itself nowhere."""
    return Operation(
        method=method,
        path=path,
        handler=handler,
        scope=scope,
        tag="",
        summary="",
        answers={200: Answer(description="")},
    )


_OPERATION = (
    _operation("GET", "/health/live", get_live),
    _operation("GET", "/health/ready", get_ready),
    _operation("GET", "/metrics", get_metrics, Scope.ADMIN),
)

_PICTURES = (_operation("GET", "/artifacts/{name}", get_picture, Scope.RENDER),)

_RECEIVING = tuple(
    _operation(method, path, handler, scope)
    for path in ("/", "/events")
    for method, handler, scope in (
        ("POST", receive_event, Scope.EVENTS),
        ("OPTIONS", allow_webhook, None),
    )
)

#: For an application that takes events at `/events`: Triggers send them to `/`.
AT_ROOT = (
    _operation("POST", "/", receive_event_at_root, Scope.EVENTS),
    _operation("OPTIONS", "/", allow_events_at_root),
)
