"""What a handshake is answered that leads to no socket: a problem, as for any other request."""

from typing import NamedTuple

import msgspec
from starlette.exceptions import HTTPException

from plotkiln.api.challenges import challenge
from plotkiln.api.errors import problem_of
from plotkiln.errors import AccessError, PlotkilnError, UnavailableError
from plotkiln.service.problems import Problem

__all__ = ["Refusal", "refusal"]


class Refusal(NamedTuple):
    """One answer."""

    problem: Problem
    headers: dict[str, str]
    body: bytes


def refusal(error: PlotkilnError | HTTPException) -> Refusal:
    """Return what an error is answered by."""
    problem = _problem(error)
    headers = {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
    if isinstance(error, UnavailableError):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, AccessError):
        headers |= challenge(error)
    return Refusal(problem, headers, msgspec.json.encode(problem))


def _problem(error: PlotkilnError | HTTPException) -> Problem:
    if isinstance(error, PlotkilnError):
        return problem_of(error)
    title = "The socket is refused"
    return Problem(type="about:blank", title=title, status=error.status_code, detail=error.detail)
