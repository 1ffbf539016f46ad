"""Errors as answers: one table from error to status, one form (RFC 9457) for all of them."""

import logging
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from plotkiln import errors
from plotkiln.api.error_pictures import error_picture
from plotkiln.api.request_id import current_request_id
from plotkiln.errors import Fault, NotReadyError, PlotkilnError, UnavailableError

__all__ = [
    "PICTURES",
    "PROBLEMS",
    "Problem",
    "ProblemKind",
    "answer_defect",
    "answer_error",
    "answer_http_error",
    "problem_of",
]

log = logging.getLogger("plotkiln.api")


#: What has an ending below these addresses is a picture; so are the errors there.
PICTURES = ("/plot/", "/charts/", "/artifacts/")


class ProblemKind(msgspec.Struct, frozen=True):
    """One row of the table."""

    error: type[PlotkilnError]
    status: int
    #: Names the kind of problem; the anchor of its description in `/docs`.
    slug: str
    title: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Problem details (RFC 9457): what went wrong, where, and how to mend it."""

    type: str
    title: str
    status: int
    detail: str
    #: Every fault found, each with its place.
    errors: list[Fault] = []
    #: Names this request in the log.
    request_id: str = ""


#: The first row whose error fits is the answer: subclasses stand before their bases.
PROBLEMS: tuple[ProblemKind, ...] = (
    ProblemKind(errors.MalformedError, 400, "malformed", "The body cannot be read"),
    ProblemKind(errors.SchemaError, 400, "schema", "The document breaks its schema"),
    ProblemKind(errors.RuleError, 422, "rules", "The document cannot be used as it is"),
    ProblemKind(errors.TooLargeError, 413, "too-large", "The body is too large"),
    ProblemKind(
        errors.UnsupportedFormat, 415, "unsupported-format", "Another media type is expected"
    ),
    ProblemKind(errors.NotFoundError, 404, "not-found", "There is no such thing"),
    ProblemKind(errors.NotReadyError, 409, "not-ready", "It is not there yet"),
    ProblemKind(errors.GoneError, 410, "gone", "It is not kept any more"),
    ProblemKind(errors.InUseError, 409, "in-use", "Others build on it"),
    ProblemKind(errors.PreconditionMissing, 428, "precondition", "A precondition is required"),
    ProblemKind(errors.PreconditionFailed, 412, "lost-race", "Somebody else wrote first"),
    ProblemKind(errors.StyleBrokenError, 500, "style-broken", "The stored style is broken"),
    ProblemKind(errors.QueueFull, 429, "queue-full", "Too many renders wait"),
    ProblemKind(errors.MemoryShort, 503, "memory-short", "Too little memory is free"),
    ProblemKind(errors.StoreUnavailable, 503, "store-away", "A store does not answer"),
    ProblemKind(errors.WorkersUnavailable, 503, "no-worker", "No render process is to be had"),
    ProblemKind(errors.ShuttingDown, 503, "shutting-down", "The service is shutting down"),
    ProblemKind(errors.UnavailableError, 503, "unavailable", "Try again later"),
    ProblemKind(errors.DeadlineExceeded, 422, "deadline", "The drawing takes too long"),
    ProblemKind(errors.MemoryExceeded, 422, "memory", "The drawing needs too much memory"),
    ProblemKind(errors.RenderError, 422, "drawing", "The drawing cannot be made"),
    ProblemKind(errors.PlotkilnError, 500, "internal", "Something went wrong here"),
)


def problem_of(error: PlotkilnError) -> Problem:
    """Describe an error by its row of the table."""
    kind = next(row for row in PROBLEMS if isinstance(error, row.error))
    return Problem(
        type=f"/docs#{kind.slug}",
        title=kind.title,
        status=kind.status,
        detail=str(error),
        errors=list(error.faults),
        request_id=current_request_id(),
    )


async def answer_error(request: Request, error: Exception) -> Response:
    """Answer one of plotkiln's own errors; where a picture was asked for, with a picture."""
    if not isinstance(error, PlotkilnError):
        raise error
    problem = problem_of(error)
    if problem.status >= 500:
        log.warning("%s %s: %s", request.method, request.url.path, problem.detail)
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, UnavailableError | NotReadyError):
        headers["Retry-After"] = str(error.retry_after)
    return _answer(request, problem, headers)


async def answer_http_error(request: Request, error: Exception) -> Response:
    """Answer the web framework's own refusals (404, 405) and ours (406, 415) in the same form."""
    if not isinstance(error, HTTPException):
        raise error
    problem = Problem(
        type="about:blank",
        title=error.detail,
        status=error.status_code,
        detail=_DETAILS.get(error.status_code, error.detail),
        request_id=current_request_id(),
    )
    return _answer(request, problem, dict(error.headers or {}))


def answer_defect() -> Response:
    """Answer an exception that is nobody's fault but ours; what it says is for the log alone."""
    problem = problem_of(PlotkilnError("This is a defect: report it with the request's id."))
    headers = {"Cache-Control": "no-store"}
    body = msgspec.json.encode(problem)
    return Response(body, problem.status, headers, media_type="application/problem+json")


_DETAILS = {
    404: "There is nothing at this address; /docs lists what there is.",
    405: "This address does not take this method; the header Allow lists those it takes.",
}


def _answer(request: Request, problem: Problem, headers: dict[str, Any]) -> Response:
    if request.method in {"GET", "HEAD"} and _wants_picture(request):
        return Response(
            error_picture(problem.status, problem.title, problem.detail),
            problem.status,
            headers,
            media_type="image/svg+xml",
        )
    body = msgspec.json.encode(problem)
    return Response(body, problem.status, headers, media_type="application/problem+json")


def _wants_picture(request: Request) -> bool:
    """Say whether an `<img>` asked: by the address of a picture, without a wish for JSON."""
    if "json" in request.headers.get("accept", ""):
        return False
    return request.url.path.startswith(PICTURES) and "." in request.url.path
