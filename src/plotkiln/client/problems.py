"""What answers hold, and refusals as errors: problem details (RFC 9457) become exceptions."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from plotkiln import errors
from plotkiln.client.exchanges import Answer
from plotkiln.errors import Fault, NotReadyError, PlotkilnError, UnavailableError

__all__ = [
    "KINDS",
    "Problem",
    "checked",
    "decoded",
    "error_of",
    "foreign",
    "refusal",
    "version_of",
]

T = TypeVar("T")

#: By the last part of a problem's `type`, as `/docs` describes them.
KINDS: Mapping[str, type[PlotkilnError]] = {
    "malformed": errors.MalformedError,
    "schema": errors.SchemaError,
    "rules": errors.RuleError,
    "too-large": errors.TooLargeError,
    "unsupported-format": errors.UnsupportedFormat,
    "who": errors.CredentialError,
    "forbidden": errors.ForbiddenError,
    "misdirected": errors.MisdirectedError,
    "not-found": errors.NotFoundError,
    "not-offered": errors.NotOffered,
    "not-ready": errors.NotReadyError,
    "gone": errors.GoneError,
    "in-use": errors.InUseError,
    "settled": errors.SettledError,
    "precondition": errors.PreconditionMissing,
    "lost-race": errors.PreconditionFailed,
    "style-broken": errors.StyleBrokenError,
    "queue-full": errors.QueueFull,
    "limit": errors.LimitReached,
    "memory-short": errors.MemoryShort,
    "store-away": errors.StoreUnavailable,
    "no-worker": errors.WorkersUnavailable,
    "shutting-down": errors.ShuttingDown,
    "being-drawn": errors.BeingDrawn,
    "unavailable": errors.UnavailableError,
    "deadline": errors.DeadlineExceeded,
    "memory": errors.MemoryExceeded,
    "job-failed": errors.JobFailed,
    "drawing": errors.DrawingFailed,
    "internal": errors.PlotkilnError,
}

#: What a status means where nothing more is said, or somebody between us and the server says it.
_STATUSES: Mapping[int, type[PlotkilnError]] = {
    400: errors.MalformedError,
    401: errors.CredentialError,
    403: errors.ForbiddenError,
    404: errors.NotFoundError,
    406: errors.UnsupportedFormat,
    409: errors.NotReadyError,
    410: errors.GoneError,
    412: errors.PreconditionFailed,
    413: errors.TooLargeError,
    415: errors.UnsupportedFormat,
    421: errors.MisdirectedError,
    422: errors.RuleError,
    428: errors.PreconditionMissing,
    429: errors.QueueFull,
    502: errors.UnavailableError,
    503: errors.UnavailableError,
    504: errors.UnavailableError,
}

#: Characters of a foreign answer that an error repeats.
_SHOWN = 200


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong, where, and how to mend it."""

    type: str = "about:blank"
    title: str = ""
    status: int = 500
    detail: str = ""
    errors: tuple[Fault, ...] = ()
    #: Names the request in the server's log.
    request_id: str = ""


def checked(answer: Answer) -> Answer:
    """Return a good answer; raise what any other stands for."""
    if answer.good:
        return answer
    raise refusal(answer)


def decoded(answer: Answer, form: type[T], *, strict: bool = True) -> T:
    """Return what a good answer holds; raises `PlotkilnError` where that is something else.

    Login pages of gateways come with 200. Without `strict`, numbers may be written as texts.
    """
    try:
        return msgspec.json.decode(answer.body, type=form, strict=strict)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise foreign(answer) from None


def version_of(answer: Answer) -> int:
    """Return the version that an entity tag names; a proxy that compresses makes it a weak one."""
    tag = answer.headers.get("etag", "").removeprefix("W/").strip('"').removesuffix("-gzip")
    if not (tag.isascii() and tag.isdecimal()):
        raise foreign(answer)
    return int(tag)


def refusal(answer: Answer) -> PlotkilnError:
    """Return the error that an answer stands for."""
    try:
        problem = msgspec.json.decode(answer.body, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return foreign(answer)
    error = error_of(problem)
    if isinstance(error, UnavailableError | NotReadyError) and "retry-after" in answer.headers:
        error.retry_after = max(1, round(answer.retry_after))
    return error


def error_of(problem: Problem) -> PlotkilnError:
    """Return the exception of a problem's kind, with its words and every fault."""
    slug = problem.type.rpartition("#")[2]
    kind = KINDS.get(slug) or _STATUSES.get(problem.status, PlotkilnError)
    error = kind(problem.detail or problem.title or None, faults=problem.errors)
    if problem.request_id:
        error.add_note(f"In the server's log: request {problem.request_id}")
    return error


def foreign(answer: Answer) -> PlotkilnError:
    """Return the error of an answer that is not one of plotkiln's: a proxy's, or another server's.

    Also of those to HEAD, which have no body.
    """
    said: Any = answer.body[:_SHOWN].decode(errors="replace").strip()
    kind = _STATUSES.get(answer.status, PlotkilnError)
    lacking = "what was asked for" if answer.good else "a reason"
    error = kind(f"The answer was {answer.status}, without {lacking}: is this a plotkiln server?")
    if said:
        error.add_note(f"It began: {said}")
    return error
