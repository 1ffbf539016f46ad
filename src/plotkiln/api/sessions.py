"""Sessions: who is signed in, and the end of it."""

from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import identify
from plotkiln.api.operations import Answer, Operation
from plotkiln.errors import CredentialError
from plotkiln.identity import ANONYMOUS, NOBODY, Principal, Scope

__all__ = ["OPERATIONS", "SessionView"]


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, and what they may."""

    #: Whether whoever asks must say who they are.
    identity: bool
    #: Name of the principal; null for anybody.
    name: str | None = None
    #: What people call them, where the provider says so; to be shown.
    label: str | None = None
    scopes: list[Scope] = []
    #: To be repeated in `Plotkiln-CSRF` with whatever a page writes.
    csrf: str | None = None
    #: Where one signs in; null where nobody can.
    sign_in: str | None = None
    #: When the session ends.
    expires: datetime | None = None


async def get_session(request: Request) -> Response:
    """Say who asks; a credential that is no good is nobody's."""
    if getattr(request.app.state, "identities", None) is None:
        return _answer(_view(ANONYMOUS, identity=False))
    return _answer(_view(await _whoever(request), identity=True))


async def _whoever(request: Request) -> Principal:
    try:
        return await identify(request)
    except CredentialError:
        return NOBODY


def _view(principal: Principal, *, identity: bool) -> SessionView:
    is_known = principal not in {ANONYMOUS, NOBODY}
    return SessionView(
        identity=identity,
        name=principal.name if is_known else None,
        scopes=[scope for scope in Scope if principal.may(scope)],
    )


def _answer(view: SessionView) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(msgspec.json.encode(view), headers=headers, media_type="application/json")


OPERATIONS = (
    Operation(
        method="GET",
        path="/session",
        handler=get_session,
        scope=None,
        tag="Identity",
        summary="Who asks, and what they may",
        answers={
            200: Answer(
                description="Where nobody has to say who they are, all scopes and no name.",
                content={"application/json": {"$ref": "#/components/schemas/SessionView"}},
            )
        },
        problems=(503,),
    ),
)
