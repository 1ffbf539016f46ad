"""Sign in by way of the provider, which sends the browser back here; and sign out."""

import logging
import re
from typing import TYPE_CHECKING

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from plotkiln.api.access import CSRF, session_cookie
from plotkiln.api.cookies import begun_cookie, drop_cookie, set_cookie
from plotkiln.api.doors import doors_of
from plotkiln.api.limits import admit_stranger
from plotkiln.api.operations import Answer, Operation, Parameter
from plotkiln.api.origins import is_foreign, public_url
from plotkiln.api.sessions import SIGN_IN
from plotkiln.api.sign_in_pages import sign_in_failed
from plotkiln.api.ways_back import way_back
from plotkiln.errors import ForbiddenError, NotFoundError, SignInFailed, UnavailableError
from plotkiln.identity.code_flow import Returned

if TYPE_CHECKING:
    from plotkiln.service.sign_in import SignInService

__all__ = ["CALLBACK", "OPERATIONS"]

#: Where the provider sends browsers back to, below the public URL.
CALLBACK = f"{SIGN_IN}/callback"

#: Seconds for which the secret of a sign-in that has begun stays in its browser.
_BEGUN = 600

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")

log = logging.getLogger("plotkiln.identity")

_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


async def sign_in(request: Request) -> Response:
    """Send a browser to the provider."""
    service, cookie = _service(request), begun_cookie(request)
    held = request.cookies.get(cookie, "")
    admit_stranger(request)
    try:
        departure = await service.begin(
            browser=held if _SECRET.fullmatch(held) else "",
            redirect=public_url(request) + CALLBACK,
            back=way_back(request.query_params.get("next", "")),
        )
    except (SignInFailed, UnavailableError) as error:
        return _failed(request, error)
    answer = RedirectResponse(departure.address, 303, _HEADERS)
    set_cookie(request, answer, cookie, departure.browser, age=_BEGUN)
    return answer


async def finish_sign_in(request: Request) -> Response:
    """Make a session for whom the provider sends back, and lead to where they came from.

    Whoever only looks (HEAD) is told nothing: what was begun can be finished once.
    """
    if request.method == "HEAD":
        raise HTTPException(405, headers={"Allow": "GET"})
    service, cookie = _service(request), begun_cookie(request)
    age = round(doors_of(request).sessions.age)
    try:
        done = await service.finish(
            _returned(request),
            browser=request.cookies.get(cookie, ""),
            former=request.cookies.get(session_cookie(request), ""),
        )
    except (SignInFailed, UnavailableError) as error:
        return _failed(request, error)
    answer = RedirectResponse(done.back, 303, _HEADERS)
    set_cookie(request, answer, session_cookie(request), done.session.secret, age=age)
    return answer  # the other cookie ends by itself: what another tab has begun can be finished


async def sign_out(request: Request) -> Response:
    """End the session; the browser forgets its secret, and the pictures that it kept."""
    if is_foreign(request):
        raise ForbiddenError("This came from a page of another site: nothing was done.")
    cookie, doors = session_cookie(request), doors_of(request)
    ended = await doors.sessions.end(
        request.cookies.get(cookie, ""), csrf=request.headers.get(CSRF, "")
    )
    end = await doors.sign_in.end_address(ended) if doors.sign_in else None
    body = msgspec.json.encode({"end": end})
    answer = Response(body, headers=_SIGNED_OUT, media_type="application/json")
    drop_cookie(request, answer, cookie)
    return answer


def _service(request: Request) -> "SignInService":
    service = doors_of(request).sign_in
    if service is None:
        raise NotFoundError("Nobody signs in here: PLOTKILN_OIDC_CLIENT_ID is not set.")
    return service


def _returned(request: Request) -> Returned:
    """Return what the provider says; no parameter may come twice (RFC 6749, section 3.1)."""
    query = request.query_params
    given = {name: query.get(name, "") for name in ("state", "code", "error", "iss")}
    if any(len(query.getlist(name)) > 1 for name in given):
        raise SignInFailed("A parameter comes twice.", reason="over")
    return Returned(
        state=given["state"], code=given["code"], error=given["error"], issuer=given["iss"]
    )


def _failed(request: Request, error: SignInFailed | UnavailableError) -> Response:
    log.warning("a sign-in failed: %s", error)
    return sign_in_failed(request, error)


#: The cache keeps private pictures, that the next one at this machine is not to see. `cookies` and
#: `storage` would take what is not ours, or what is to stay: the chosen language, the worker.
_SIGNED_OUT = {"Cache-Control": "no-store", "Clear-Site-Data": '"cache"'}

_TAG = "Identity"

_PAGE = {"text/html": {"type": "string"}}

_FAILED = {
    400: Answer(description="What was begun is over, or began in another browser.", content=_PAGE),
    403: Answer(description="The provider, or whoever signs in, refused.", content=_PAGE),
    502: Answer(description="The provider and this server do not agree.", content=_PAGE),
    503: Answer(description="The provider does not answer.", content=_PAGE),
}


_END = {
    "type": "object",
    "required": ["end"],
    "properties": {
        "end": {
            "type": ["string", "null"],
            "description": "Where to end the session at the provider, if that is possible.",
        }
    },
}


def _said(name: str, description: str) -> Parameter:
    return Parameter(name=name, place="query", description=description, schema={"type": "string"})


OPERATIONS = (
    Operation(
        method="GET",
        path=SIGN_IN,
        handler=sign_in,
        scope=None,
        tag=_TAG,
        summary="Sign in, in a browser",
        description="By authorization code with PKCE, at the OpenID provider.",
        parameters=(
            _said("next", "Where to go afterwards: a path of this server, or a fragment of `/`."),
        ),
        answers={
            303: Answer(description="On to the provider.", headers={"Location": "The provider."}),
            502: _FAILED[502],
            503: _FAILED[503],
        },
        problems=(404, 429),
    ),
    Operation(
        method="GET",
        path=CALLBACK,
        handler=finish_sign_in,
        scope=None,
        tag=_TAG,
        summary="Where the provider sends browsers back to",
        parameters=(
            _said("state", "What was begun."),
            _said("code", "What the provider exchanges for tokens."),
            _said("error", "Why it refuses."),
            _said("iss", "Who it is (RFC 9207)."),
        ),
        answers={
            303: Answer(
                description="Signed in, by a new session.",
                headers={"Location": "Where it began.", "Set-Cookie": "The session's secret."},
            ),
            **_FAILED,
        },
        problems=(404,),
    ),
    Operation(
        method="POST",
        path="/sign-out",
        handler=sign_out,
        scope=None,
        tag=_TAG,
        summary="End a session",
        description="Needs the session's cookie, and its CSRF token in `Plotkiln-CSRF`.",
        answers={
            200: Answer(
                description="Signed out, here; whoever wants to be signed out there, too, goes on.",
                content={"application/json": _END},
                headers={"Clear-Site-Data": "The browser forgets the pictures that it kept."},
            )
        },
        problems=(503,),
    ),
)
