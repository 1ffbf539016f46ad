"""The addresses of the channel: the socket itself, what plain requests get there, where it is."""

from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from plotkiln.api.operations import Answer, Operation, Parameter
from plotkiln.api.security import NAMING
from plotkiln.live.channel import LiveChannel
from plotkiln.live.messages import SUBPROTOCOL
from plotkiln.live.sessions import EXPIRED
from plotkiln.live.topics import TOPIC
from plotkiln.service.problems import Problem

__all__ = ["OPERATIONS", "attach_live"]


def attach_live(app: Starlette, channel: LiveChannel) -> None:
    """Have an application that serves `OPERATIONS` serve the sockets, too."""
    app.state.live = channel
    app.state.live_url = channel.address  # the web app's policy names it
    app.router.routes.append(WebSocketRoute("/live", open_socket))


async def open_socket(socket: WebSocket) -> None:
    """Serve one socket."""
    await _channel_of(socket).serve(socket)


async def get_live_channel(_request: Request) -> Response:
    """Say that this is a WebSocket: whoever gets here has asked for no upgrade."""
    problem = Problem(
        type="about:blank",
        title="Upgrade Required",
        status=426,
        detail=f"This is a WebSocket of the subprotocol {SUBPROTOCOL}: open it as one.",
    )
    return Response(
        msgspec.json.encode(problem),
        status_code=426,
        headers={"Upgrade": "websocket", "Connection": "Upgrade", "Cache-Control": "no-store"},
        media_type="application/problem+json",
    )


async def get_live_address(request: Request) -> Response:
    """Return where browsers find the channel."""
    return Response(
        msgspec.json.encode({"url": _channel_of(request).address}),
        headers={"Cache-Control": "no-cache"},
        media_type="application/json",
    )


def _channel_of(connection: HTTPConnection) -> LiveChannel:
    channel: LiveChannel = connection.app.state.live
    return channel


_PROSE = f"""\
A WebSocket of the subprotocol `{SUBPROTOCOL}`: each text frame is one CloudEvent in JSON. First
comes `plotkiln.live.welcome`, then whatever happens to the topics that are named:
`plotkiln.job.changed`, `plotkiln.job.finished`, `plotkiln.style.changed`,
`plotkiln.artifact.updated`; `plotkiln.live.heartbeat` every 20 seconds. A frame of the type
`plotkiln.live.subscribe` with the data `{{"topics": […]}}` names others. Each event has a
`sequence`, to resume `after`. News are lossy: where `plotkiln.live.dropped` says that some are
missing, look at what they were about. Jobs need the scope `jobs`, styles `styles:read`, artifacts
`render`. A socket ends with the code {EXPIRED} when what was shown at its handshake expires."""

_PROBLEM: dict[str, dict[str, Any]] = {
    "application/problem+json": {"$ref": "#/components/schemas/Problem"}
}

_ADDRESS = {
    "type": "object",
    "required": ["url"],
    "properties": {
        "url": {
            "type": "string",
            "description": "A URL, or a path of this server; its scheme may be http or ws.",
            "examples": ["/live", "wss://live.charts.example/live"],
        }
    },
}

_PARAMETERS = (
    Parameter(
        name="topic",
        place="query",
        description="What to listen to: a kind, or one thing of it. May come several times.",
        schema={"type": "array", "items": {"type": "string", "pattern": TOPIC}, "maxItems": 64},
        example=["jobs", "styles/default"],
    ),
    Parameter(
        name="after",
        place="query",
        description="Resume behind this `sequence`.",
        schema={"type": "string", "maxLength": 64},
    ),
    Parameter(
        name="ticket",
        place="query",
        description="What `POST /live/tickets` gave, where no cookie goes: good once.",
        schema={"type": "string"},
    ),
)

OPERATIONS = (
    Operation(
        method="GET",
        path="/live",
        handler=get_live_channel,
        scope=None,
        shown_by=(*NAMING, "ticket"),
        tag="Live",
        summary="Listen to what happens, by WebSocket",
        description=_PROSE,
        parameters=_PARAMETERS,
        answers={
            101: Answer(description="The WebSocket is open."),
            426: Answer(
                description="The request asks for no upgrade.",
                content=_PROBLEM,
                headers={"Upgrade": "`websocket`."},
            ),
        },
        problems=(400, 401, 403, 503),
    ),
    Operation(
        method="GET",
        path="/live/address",
        handler=get_live_address,
        scope=None,
        tag="Live",
        summary="Where browsers find the live channel",
        answers={
            200: Answer(
                description="Where to open the WebSocket.",
                content={"application/json": _ADDRESS},
            )
        },
    ),
)
