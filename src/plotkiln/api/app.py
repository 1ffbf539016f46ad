"""The ASGI application: every route, and one answer for every error."""

from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from plotkiln.api.acceptance import Acceptance, accepting, closed
from plotkiln.api.docs import get_docs
from plotkiln.api.draining import Draining
from plotkiln.api.errors import answer_error, answer_http_error
from plotkiln.api.guards import UNGUARDED, Guards, guarding
from plotkiln.api.openapi import API_OPERATIONS, get_openapi
from plotkiln.api.operations import Operation, routes
from plotkiln.api.pages import get_stylesheet
from plotkiln.api.services import Services
from plotkiln.api.webapp import app_routes
from plotkiln.errors import PlotkilnError

__all__ = ["create_app"]


#: What others may attach; each request looks for it, and to find nothing takes longest.
_ATTACHED = ("event_senders", "identities", "limits", "open_to_all")


def create_app(
    services: Services,
    further: Iterable[Operation] = (),
    *,
    events: Acceptance = "open",
    guards: Guards = UNGUARDED,
) -> Starlette:
    """Return the application that serves these use cases, and the operations of other rooms.

    `events` says whose events it takes, `guards` how it guards itself.
    """
    known = (*API_OPERATIONS, *further)
    operations = accepting(known, events)
    app = Starlette(
        routes=[
            Route("/docs", get_docs),
            Route("/openapi.json", get_openapi),
            Route("/static/plain.css", get_stylesheet),
            *routes(operations),
            *closed(known, events),
            *app_routes(),
        ],
        middleware=guarding(services.metrics, guards),
        exception_handlers={PlotkilnError: answer_error, HTTPException: answer_http_error},
    )
    app.state.services = services
    app.state.metrics = services.metrics
    app.state.guards = guards
    app.state.jobs = services.jobs
    app.state.draining = Draining()
    for attached in _ATTACHED:
        setattr(app.state, attached, None)
    app.state.operations = operations
    return app
