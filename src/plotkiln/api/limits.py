"""Requests are held to the limits of whoever asks."""

from collections.abc import Awaitable, Callable

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from plotkiln.api.access import has_identity, principal_of
from plotkiln.errors import LimitReached
from plotkiln.service.limits import Limits

__all__ = ["admit_found", "admit_stranger", "limited", "limits_of"]


async def limited(request: Request, handler: Callable[[Request], Awaitable[Response]]) -> Response:
    """Return what a handler answers to a request that was let in; count what is refused.

    Raises `LimitReached` where whoever asks may not for now: without identity nobody is told from
    others.
    """
    limits = limits_of(request)
    if limits is None:
        return await handler(request)
    try:
        if has_identity(request.app):
            limits.admit(principal_of(request), request.scope["path"])
        return await handler(request)
    except LimitReached as error:
        limits.refused(error)
        raise


def admit_found(connection: HTTPConnection) -> None:
    """Count a request whose handler has found out who asks; raises `LimitReached`."""
    limits = limits_of(connection)
    if limits is not None:
        limits.admit(principal_of(connection), connection.scope["path"])


def admit_stranger(request: Request) -> None:
    """Count a sign-in that begins; raises `LimitReached` where there are too many."""
    limits = limits_of(request)
    if limits is not None:
        limits.admit_stranger(request.client.host if request.client else "")


def limits_of(connection: HTTPConnection) -> Limits | None:
    """Return the limits of the server that a request came to, None where there are none."""
    found: Limits | None = getattr(connection.app.state, "limits", None)
    return found
