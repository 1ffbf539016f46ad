"""The channel as a server of its own: sockets and long polls, and nothing that draws."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.draining import Draining
from plotkiln.api.errors import answer_error, answer_http_error
from plotkiln.api.guards import UNGUARDED, Guards, guarding
from plotkiln.api.health import get_live
from plotkiln.api.job_operations import LIVE_OPERATIONS as JOB_OPERATIONS
from plotkiln.api.metrics import answer_metrics
from plotkiln.api.operations import Answer, Handler, Operation, routes
from plotkiln.errors import PlotkilnError
from plotkiln.identity import Scope
from plotkiln.live.channel import LiveChannel
from plotkiln.live.routes import OPERATIONS, attach_live
from plotkiln.service import Metrics
from plotkiln.service.jobs import JobService

__all__ = ["live_app"]


def live_app(
    channel: LiveChannel, jobs: JobService, metrics: Metrics, *, guards: Guards = UNGUARDED
) -> Starlette:
    """Return the application; pages that may ask here by `guards` may follow jobs, too."""
    app = Starlette(
        routes=routes((*OPERATIONS, *JOB_OPERATIONS, *_OPERATION)),
        middleware=guarding(metrics, guards),
        exception_handlers={PlotkilnError: answer_error, HTTPException: answer_http_error},
    )
    app.state.guards = guards
    app.state.metrics = metrics
    app.state.jobs = jobs
    app.state.draining = Draining()
    attach_live(app, channel)
    return app


async def get_ready(_request: Request) -> Response:
    """Say that whoever is answered is served; sockets are refused while Redis is away."""
    headers = {"Cache-Control": "no-store"}
    return Response(b'{"status":"ready"}', headers=headers, media_type="application/json")


async def get_metrics(request: Request) -> Response:
    """Return every metric in Prometheus' text format."""
    return answer_metrics(request.app.state.metrics)


def _operation(path: str, handler: Handler, scope: Scope | None = None) -> Operation:
    """Return an operation of a program that describes itself nowhere."""
    return Operation(
        method="GET",
        path=path,
        handler=handler,
        scope=scope,
        tag="",
        summary="",
        answers={200: Answer(description="")},
    )


_OPERATION = (
    _operation("/health/live", get_live),
    _operation("/health/ready", get_ready),
    _operation("/metrics", get_metrics, Scope.ADMIN),
)
