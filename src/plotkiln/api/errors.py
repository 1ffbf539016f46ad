"""Errors as answers, in one form (RFC 9457) for all of them."""

import logging
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import principal_of
from plotkiln.api.challenges import LOGGED, challenge, log_refusal, reason_of
from plotkiln.api.error_pictures import error_picture
from plotkiln.api.request_id import current_request_id
from plotkiln.errors import (
    AccessError,
    BeingDrawn,
    NotReadyError,
    PlotkilnError,
    UnavailableError,
)
from plotkiln.service import problems
from plotkiln.service.problems import Problem

__all__ = [
    "PICTURES",
    "answer_defect",
    "answer_error",
    "answer_http_error",
    "problem_of",
]

log = logging.getLogger("plotkiln.api")


#: What has an ending below these addresses is a picture; so are the errors there.
PICTURES = ("/plot/", "/charts/", "/artifacts/")


def problem_of(error: PlotkilnError) -> Problem:
    """Describe an error by its row of the table, and name the request that it ends."""
    return msgspec.structs.replace(problems.problem_of(error), request_id=current_request_id())


async def answer_error(request: Request, error: Exception) -> Response:
    """Answer one of plotkiln's own errors; where a picture was asked for, with a picture."""
    if not isinstance(error, PlotkilnError):
        raise error
    problem = problem_of(error)
    if problem.status >= 500 and not isinstance(error, BeingDrawn):
        log.warning("%s %s: %s", request.method, request.url.path[:LOGGED], error)
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, UnavailableError | NotReadyError):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, AccessError):
        headers |= _refused(request, error)
    return _answer(request, problem, headers)


async def answer_http_error(request: Request, error: Exception) -> Response:
    """Answer the web framework's own refusals (404, 405) and ours (406, 408, 415) in one form."""
    if not isinstance(error, HTTPException):
        raise error
    problem = Problem(
        type="about:blank",
        title=_TITLES.get(error.status_code, error.detail),
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


#: As RFC 9457 wants it of what is no kind of its own (section 4.2.1).
_TITLES = {status.value: status.phrase for status in HTTPStatus}

_DETAILS = {
    404: "There is nothing at this address; /docs lists what there is.",
    405: "This address does not take this method; the header Allow lists those it takes.",
}


def _refused(request: Request, error: AccessError) -> dict[str, str]:
    who = principal_of(request).name
    log_refusal(error, principal=who, method=request.method, path=request.url.path)
    request.app.state.metrics.count("access_refused", reason_of(error))
    return challenge(error)


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
