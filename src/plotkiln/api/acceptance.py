"""Whose events are taken: of whoever may send some, those with a token, anyone's, nobody's."""

from collections.abc import Iterable
from typing import Literal

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Send
from starlette.types import Scope as Connection

from plotkiln.api.operations import Operation
from plotkiln.identity import Scope
from plotkiln.service.identities import Identities

__all__ = ["Acceptance", "accepting", "attach_senders", "closed"]

#: `open`: whoever the server's identity lets, where it has one; `oidc`: those whom a broker's own
#: issuer vouches for; `anyone`: whoever reaches them, also where all else needs a name; `off`:
#: there is nothing at these addresses.
Acceptance = Literal["open", "oidc", "anyone", "off"]


def attach_senders(app: Starlette, senders: Identities | None) -> None:
    """Have an application ask these who sends an event, and nobody else; None: as for all else."""
    app.state.event_senders = senders


def accepting(operations: Iterable[Operation], acceptance: Acceptance) -> tuple[Operation, ...]:
    """Return the operations that there are: those that take events only where events are taken."""
    if acceptance == "off":
        return tuple(one for one in operations if not _takes_events(one))
    if acceptance == "anyone":
        return tuple(_for_anyone(one) if _takes_events(one) else one for one in operations)
    return tuple(operations)


def closed(operations: Iterable[Operation], acceptance: Acceptance) -> list[Route]:
    """Return what answers where no events are taken: it is 404 by any method, and never 405.

    It stands behind the routes of the operations that there are: what else is there is served.
    """
    paths = {one.path for one in operations if _takes_events(one)}
    return [Route(path, _Nothing()) for path in paths] if acceptance == "off" else []


def _takes_events(operation: Operation) -> bool:
    """Say whether events come by it, or who wants to send some asks by it whether they may."""
    return operation.scope is Scope.EVENTS or operation.method == "OPTIONS"


def _for_anyone(operation: Operation) -> Operation:
    return msgspec.structs.replace(operation, scope=None)


class _Nothing:
    """What is at an address where nothing is: no function, which would have methods."""

    async def __call__(self, _scope: Connection, _receive: Receive, _send: Send) -> None:
        raise HTTPException(404)
