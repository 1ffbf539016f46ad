"""Whose events are taken: of whoever may send some, those with a token, anyone's, nobody's."""

from collections.abc import Iterable
from typing import Literal

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.operations import Operation
from plotkiln.identity import Scope
from plotkiln.service.identities import Identities

__all__ = ["Acceptance", "attach_senders", "described", "served"]

#: `open`: whoever the server's identity lets, where it has one; `oidc`: those whom a broker's own
#: issuer vouches for; `anyone`: whoever reaches them, also where all else needs a name; `off`:
#: there is nothing at these addresses.
Acceptance = Literal["open", "oidc", "anyone", "off"]


def attach_senders(app: Starlette, senders: Identities | None) -> None:
    """Have an application ask these who sends an event, and nobody else; None: as for all else."""
    app.state.event_senders = senders


def described(operations: Iterable[Operation], acceptance: Acceptance) -> tuple[Operation, ...]:
    """Return the operations that there are: those that take events only where events are taken."""
    if acceptance == "off":
        return tuple(one for one in operations if not _takes_events(one))
    return served(operations, acceptance)


def served(operations: Iterable[Operation], acceptance: Acceptance) -> tuple[Operation, ...]:
    """Return what answers: where no events are taken, their addresses are 404, and never 405."""
    change = {"anyone": _for_anyone, "off": _closed}.get(acceptance)
    if change is None:
        return tuple(operations)
    return tuple(change(one) if _takes_events(one) else one for one in operations)


def _takes_events(operation: Operation) -> bool:
    """Say whether events come by it, or who wants to send some asks by it whether they may."""
    return operation.scope is Scope.EVENTS or operation.method == "OPTIONS"


def _for_anyone(operation: Operation) -> Operation:
    return msgspec.structs.replace(operation, scope=None)


def _closed(operation: Operation) -> Operation:
    return msgspec.structs.replace(operation, handler=_say_nothing_is_here, scope=None)


async def _say_nothing_is_here(_request: Request) -> Response:
    raise HTTPException(404)
