"""Errors as problem details (RFC 9457): one table, whoever tells of an error."""

from collections.abc import Mapping
from typing import Any

import msgspec

from plotkiln import errors
from plotkiln.errors import Fault, PlotkilnError

__all__ = ["PROBLEMS", "Problem", "ProblemKind", "problem_members", "problem_of"]


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
    #: Which limit was reached: `quota`, or, over soon, `rate`, `concurrency` or `sockets`.
    reason: str = ""
    #: What a job was given up for, where that is not this problem.
    cause: Mapping[str, Any] | None = None
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
    ProblemKind(errors.CredentialError, 401, "who", "It is not known who asks"),
    ProblemKind(errors.ForbiddenError, 403, "forbidden", "You may not do this"),
    ProblemKind(errors.MisdirectedError, 421, "misdirected", "This server has no such name"),
    ProblemKind(errors.NotFoundError, 404, "not-found", "There is no such thing"),
    ProblemKind(errors.NotOffered, 409, "not-offered", "This server is not set up for it"),
    ProblemKind(errors.NotReadyError, 409, "not-ready", "It is not there yet"),
    ProblemKind(errors.GoneError, 410, "gone", "It is not kept any more"),
    ProblemKind(errors.InUseError, 409, "in-use", "Others build on it"),
    ProblemKind(errors.SettledError, 409, "settled", "There is nothing to do again"),
    ProblemKind(errors.PreconditionMissing, 428, "precondition", "A precondition is required"),
    ProblemKind(errors.PreconditionFailed, 412, "lost-race", "Somebody else wrote first"),
    ProblemKind(errors.StyleBrokenError, 500, "style-broken", "The stored style is broken"),
    ProblemKind(errors.QueueFull, 429, "queue-full", "Too many renders wait"),
    ProblemKind(errors.LimitReached, 429, "limit", "That is more than one principal may"),
    ProblemKind(errors.MemoryShort, 503, "memory-short", "Too little memory is free"),
    ProblemKind(errors.StoreUnavailable, 503, "store-away", "A store does not answer"),
    ProblemKind(errors.WorkersUnavailable, 503, "no-worker", "No render process is to be had"),
    ProblemKind(errors.ShuttingDown, 503, "shutting-down", "The service is shutting down"),
    ProblemKind(errors.BeingDrawn, 503, "being-drawn", "It is being drawn"),
    ProblemKind(errors.UnavailableError, 503, "unavailable", "Try again later"),
    ProblemKind(errors.DeadlineExceeded, 422, "deadline", "The drawing takes too long"),
    ProblemKind(errors.MemoryExceeded, 422, "memory", "The drawing needs too much memory"),
    ProblemKind(errors.JobFailed, 422, "job-failed", "The job was given up"),
    ProblemKind(errors.RenderError, 422, "drawing", "The drawing cannot be made"),
    ProblemKind(errors.PlotkilnError, 500, "internal", "Something went wrong here"),
)


def problem_of(error: PlotkilnError) -> Problem:
    """Describe an error by its row of the table, a failed job by what it failed by.

    Where that says that another try may help (5xx), which is over for this job, it is the `cause`.
    """
    cause = error.problem if isinstance(error, errors.JobFailed) else {}
    if cause and cause.get("status", 500) < 500:
        return msgspec.convert(cause, Problem)
    kind = next(row for row in PROBLEMS if isinstance(error, row.error))
    return Problem(
        type=f"/docs#{kind.slug}",
        title=kind.title,
        status=kind.status,
        detail=error.told,
        errors=list(error.faults),
        reason=error.reason if isinstance(error, errors.LimitReached) else "",
        cause=cause or None,
    )


def problem_members(error: PlotkilnError) -> dict[str, Any]:
    """Describe an error as a mapping, as it is kept with a job and written as JSON."""
    members: dict[str, Any] = msgspec.to_builtins(problem_of(error))
    return members
