"""Sessions: who is signed in, and the end of it."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import identify, session_secret
from plotkiln.api.doors import doors_of
from plotkiln.api.operations import Answer, Operation
from plotkiln.errors import CredentialError
from plotkiln.identity import ANONYMOUS, NOBODY, Principal, Scope

if TYPE_CHECKING:
    from plotkiln.identity.sessions import Session

__all__ = ["OPERATIONS", "SIGN_IN", "SessionView"]

#: Where one signs in.
SIGN_IN = "/sign-in"


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
    view = _view(await _whoever(request), identity=True)
    doors = doors_of(request)
    session = await doors.sessions.get(session_secret(request))
    if session is not None:
        view = _signed_in(view, session)
    return _answer(replace(view, sign_in=SIGN_IN if doors.sign_in else None))


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


def _signed_in(view: SessionView, session: "Session") -> SessionView:
    return replace(
        view,
        label=session.label or None,
        csrf=session.csrf,
        expires=datetime.fromtimestamp(session.expires, UTC),
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
