"""Who asks, and whether they may: decided before an operation's handler runs."""

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request

from plotkiln.api.origins import SAFE, is_foreign, is_secure
from plotkiln.errors import CredentialError, ForbiddenError
from plotkiln.identity import ANONYMOUS, NOBODY, Principal, Scope
from plotkiln.service.identities import Identities, Shown
from plotkiln.traces import note

__all__ = [
    "CSRF",
    "SESSION",
    "admit",
    "admit_known",
    "has_identity",
    "identify",
    "is_still_known",
    "principal_of",
    "session_cookie",
    "session_secret",
    "shared_by",
]

#: The cookie that holds a session's secret.
SESSION = "plotkiln-session"
#: The header that repeats the session's CSRF token.
CSRF = "Plotkiln-CSRF"


async def admit(request: Request, scope: Scope | None) -> None:
    """Let a request in that may do this; whoever asks is its `principal_of` from then on.

    Raises `CredentialError` where it is not known who asks, `ForbiddenError` where they may not.
    What is open to everybody (None) asks nobody who they are; nor does what stands on open pages.
    """
    if scope is None or _is_open(request):
        return
    _check(_told(request, await _asking(request, scope)), scope)


async def admit_known(request: Request) -> Principal:
    """Let a request in whose sender is known, whatever they may, to change something of theirs.

    Raises `CredentialError` where it is not known who asks.
    """
    principal = _told(request, await identify(request, is_safe=False))
    if principal is NOBODY:
        raise CredentialError
    return principal


def _told(request: Request, principal: Principal) -> Principal:
    """Keep who asks; the log names whoever is refused, too."""
    request.state.principal = principal
    note(principal=principal.name)
    return principal


def _is_open(request: Request) -> bool:
    """Say whether an application has opened an address to whoever looks there."""
    opened: Callable[[str], bool] | None = getattr(request.app.state, "open_to_all", None)
    return opened is not None and request.method in SAFE and opened(request.scope["path"])


async def _asking(request: Request, scope: Scope) -> Principal:
    """Return who asks: where events have senders of their own, nobody else sends any."""
    is_safe = request.method in SAFE
    if scope is Scope.EVENTS:
        senders: Identities | None = getattr(request.app.state, "event_senders", None)
        if senders is not None:
            return await senders.principal(_shown(request, is_safe=is_safe))
    return await identify(request, is_safe=is_safe)


async def identify(
    connection: HTTPConnection, *, is_safe: bool = True, ticket: str = ""
) -> Principal:
    """Return who asks, by what the request carries; `ANONYMOUS` where there is no identity.

    A `ticket` is what a socket's handshake shows beside that: nothing else takes one.
    """
    if not has_identity(connection.app):
        return ANONYMOUS
    identities: Identities = connection.app.state.identities
    shown = _shown(connection, is_safe=is_safe, ticket=ticket)
    if shown.session and not is_safe and is_foreign(connection):
        raise ForbiddenError("This came from a page of another site: nothing was done.")
    return await identities.principal(shown)


async def is_still_known(connection: HTTPConnection, principal: Principal) -> bool:
    """Say whether whoever was found to ask would be found still.

    Raises `StoreUnavailable` where that cannot be said.
    """
    if not has_identity(connection.app):
        return True
    identities: Identities = connection.app.state.identities
    return await identities.still_knows(principal, _shown(connection, is_safe=True))


def has_identity(app: Starlette) -> bool:
    """Say whether whoever asks must say who they are."""
    return getattr(app.state, "identities", None) is not None


def shared_by(connection: HTTPConnection) -> str:
    """Return who may keep an answer, in the words of Cache-Control: where all may see it, all."""
    return "private" if has_identity(connection.app) else "public"


def principal_of(connection: HTTPConnection) -> Principal:
    """Return who asks, as `admit` found out."""
    found: Principal | None = getattr(connection.state, "principal", None)
    if found is not None:
        return found
    return NOBODY if has_identity(connection.app) else ANONYMOUS


def session_cookie(connection: HTTPConnection) -> str:
    """Return the name of the cookie that holds a session's secret.

    By https it has the prefix that no other host, and nobody on the way, can set (RFC 6265bis,
    section 4.1.3.2).
    """
    return f"__Host-{SESSION}" if is_secure(connection) else SESSION


def session_secret(connection: HTTPConnection) -> str:
    """Return the session's secret that a browser shows, empty where whoever asks shows a token.

    Other credentials than tokens (HTTP Basic of a proxy) are none of ours, and change nothing.
    """
    return "" if _token(connection) else connection.cookies.get(session_cookie(connection), "")


def _token(connection: HTTPConnection) -> str:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _shown(connection: HTTPConnection, *, is_safe: bool, ticket: str = "") -> Shown:
    return Shown(
        token=_token(connection),
        session=session_secret(connection),
        csrf=connection.headers.get(CSRF, ""),
        ticket=ticket,
        address=_address(connection),
        is_safe=is_safe,
    )


def _address(connection: HTTPConnection) -> str:
    """Return path and query as they were sent, byte for byte: that is what is signed."""
    path: bytes = connection.scope.get("raw_path") or connection.scope["path"].encode()
    query: bytes = connection.scope["query_string"]
    return (path + b"?" + query if query else path).decode("latin-1")


def _check(principal: Principal, scope: Scope) -> None:
    """Raise what is answered where a principal may not do this."""
    if principal.may(scope):
        return
    if principal is NOBODY:
        raise CredentialError
    raise ForbiddenError(f"This needs the scope {scope}.", scope=scope)
