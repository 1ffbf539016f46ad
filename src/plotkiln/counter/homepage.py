"""The homepage: pages and pictures that count, and totals."""

import re
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.languages import language_of
from plotkiln.api.operations import Answer, Operation, Parameter
from plotkiln.counter.pages import content_security, hit_page
from plotkiln.counter.subjects import HOME, PATTERN, shows_total, subject_of
from plotkiln.counter.totals import Total, Totals
from plotkiln.counter.visits import Visits

__all__ = ["OPERATIONS", "Homepage", "attach_homepage"]

#: Crawlers that name themselves; no others can be told. CUBOT makes telephones.
_ROBOT = re.compile(r"(?<!cu)bot\b|crawl|spider|slurp|facebookexternalhit|preview", re.IGNORECASE)


class Homepage(msgspec.Struct, frozen=True, kw_only=True):
    """What the routes here are given."""

    visits: Visits
    totals: Totals
    #: Where browsers find published pictures; empty: here.
    public_url: str = ""


def attach_homepage(app: Starlette, homepage: Homepage) -> None:
    """Give an application that has `OPERATIONS` what they need."""
    app.state.homepage = homepage
    app.state.open_to_all = shows_total


async def get_home_page(request: Request) -> Response:
    """Show the page of `home`, and say that it was looked at."""
    return await _page(request, HOME)


async def get_hit_page(request: Request) -> Response:
    """Show the page of a subject, and say that it was looked at."""
    return await _page(request, subject_of(request.path_params["subject"]))


async def get_hit_picture(request: Request) -> Response:
    """Show the picture of a subject as it is, and say that it was looked at."""
    subject = subject_of(request.path_params["subject"])
    visits = _homepage_of(request).visits
    if _is_visit(request):
        visits.hit(subject)
    shown = await visits.picture(subject)
    return Response(shown.data, headers=_PICTURE_HEADERS, media_type=shown.media_type)


async def get_counter(request: Request) -> Response:
    """Return the total of a subject."""
    subject = subject_of(request.path_params["subject"])
    total = await _homepage_of(request).totals.read(subject)
    return Response(
        msgspec.json.encode(total),
        headers={"Cache-Control": "no-cache"},
        media_type="application/json",
    )


async def _page(request: Request, subject: str) -> Response:
    homepage = _homepage_of(request)
    if _is_ahead(request):
        # what is shown later without another request would never be counted
        return Response(status_code=503, headers={"Cache-Control": "no-store"})
    if _is_visit(request):
        homepage.visits.hit(subject)
    page = hit_page(
        subject,
        picture=await homepage.visits.address(subject),
        base=str(request.base_url),
        language=language_of(request.headers.get("accept-language", "")),
    )
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": content_security(homepage.public_url),
        "Referrer-Policy": "same-origin",
        "Vary": "Accept-Language, Sec-Purpose",
    }
    return Response(page, headers=headers, media_type="text/html")


def _homepage_of(request: Request) -> Homepage:
    homepage: Homepage = request.app.state.homepage
    return homepage


def _is_visit(request: Request) -> bool:
    """Say whether somebody looks: not a HEAD, a browser ahead of its reader, or a robot."""
    if request.method == "HEAD" or _is_ahead(request):
        return False
    return not _ROBOT.search(request.headers.get("user-agent", ""))


def _is_ahead(request: Request) -> bool:
    """Say whether a browser fetches what nobody looks at yet."""
    purposes = (request.headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz"))
    return any("prefetch" in purpose.lower() for purpose in purposes)


#: Pages elsewhere may embed it, also those that are isolated from other origins.
_PICTURE_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

_SUBJECT = Parameter(
    name="subject",
    place="path",
    description="What is counted.",
    schema={"type": "string", "pattern": PATTERN},
    required=True,
    example=HOME,
)

_TOTAL: dict[str, Any] = msgspec.json.schema_components([Total])[1]["Total"]

_HTML: dict[str, dict[str, Any]] = {"text/html": {"type": "string"}}

_COUNTS = (
    "A hit is said in the background, and not waited for. HEAD, browsers that fetch ahead of their "
    "reader, and robots that name themselves do not count."
)

_PAGE_ANSWERS = {
    200: Answer(description="The page, in English or Chinese.", content=_HTML),
    503: Answer(description="A browser fetched ahead of its reader: the view itself asks again."),
}

OPERATIONS = (
    Operation(
        method="GET",
        path="/hits/",
        handler=get_home_page,
        scope=None,
        tag="Hit counter",
        summary="The page of the counter `home`, which counts who looks at it",
        description=_COUNTS,
        answers=_PAGE_ANSWERS,
    ),
    Operation(
        method="GET",
        path="/hits/{subject}.png",
        handler=get_hit_picture,
        scope=None,
        tag="Hit counter",
        summary="Count, and show the picture as it is",
        description=f"For an `<img>` in a page elsewhere. {_COUNTS}",
        parameters=(_SUBJECT,),
        answers={
            200: Answer(
                description="The picture; drawn by hand, as SVG, where there is none yet.",
                content={"image/png": {}, "image/svg+xml": {}},
            )
        },
        problems=(404,),
    ),
    Operation(
        method="GET",
        path="/hits/{subject}",
        handler=get_hit_page,
        scope=None,
        tag="Hit counter",
        summary="The page of a counter, which counts who looks at it",
        description=_COUNTS,
        parameters=(_SUBJECT,),
        answers=_PAGE_ANSWERS,
        problems=(404,),
    ),
    Operation(
        method="GET",
        path="/counters/{subject}",
        handler=get_counter,
        scope=None,
        tag="Hit counter",
        summary="Read a total",
        parameters=(_SUBJECT,),
        answers={
            200: Answer(
                description="The total of the newest generation; 0 where nothing was counted.",
                content={"application/json": _TOTAL},
            )
        },
        problems=(404, 503),
    ),
)
