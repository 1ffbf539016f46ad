"""Tickets for the live channel, where that has another host: cookies do not go there."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import admit_known
from plotkiln.api.doors import doors_of
from plotkiln.api.limits import admit_found
from plotkiln.api.operations import Answer, Operation
from plotkiln.api.security import NAMING

__all__ = ["OPERATIONS"]


async def create_ticket(request: Request) -> Response:
    """Make a ticket for whoever asks; nothing but who they are is needed."""
    principal = await admit_known(request)
    admit_found(request)
    ticket = await doors_of(request).sessions.ticket(principal)
    body = msgspec.json.encode({"ticket": ticket.secret, "expires": ticket.expires})
    return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")


_TICKET = {
    "type": "object",
    "required": ["ticket", "expires"],
    "properties": {
        "ticket": {"type": "string"},
        "expires": {"type": "string", "format": "date-time"},
    },
}

OPERATIONS = (
    Operation(
        method="POST",
        path="/live/tickets",
        handler=create_ticket,
        scope=None,
        shown_by=NAMING,
        tag="Identity",
        summary="Make a ticket for the live channel",
        description=(
            "`GET /live?ticket=…` is served for whoever made the ticket: once, within 30 seconds. "
            "Each is that of who made it."
        ),
        answers={
            200: Answer(
                description="The ticket, and until when it is good.",
                content={"application/json": _TICKET},
            )
        },
        problems=(401, 403, 429, 503),
    ),
)
