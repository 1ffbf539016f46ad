"""One job: an asynchronous rendering, its states, and which changes of them there are."""

import secrets
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from plotkiln.documents import ID_BYTES, id_text
from plotkiln.errors import PreconditionFailed
from plotkiln.spec.models import Format

__all__ = [
    "ENDED",
    "TRANSITIONS",
    "Job",
    "JobState",
    "Progress",
    "Result",
    "attention_at",
    "begins",
    "check_transition",
    "new_job_id",
]

#: queued: waits for a worker, or for its next attempt. running: a worker holds its lease.
#: succeeded, failed, cancelled: it has ended so. expired: it waited too long, or its result is kept
#: no more.
JobState = Literal["queued", "running", "succeeded", "failed", "cancelled", "expired"]

#: States in which nothing is rendered any more.
ENDED: frozenset[JobState] = frozenset({"succeeded", "failed", "cancelled", "expired"})

#: From each state, those that may follow it. A queued job stays queued when it is published; a
#: running one stays running while its worker tells of progress or renews its lease, and when
#: another worker takes it over from one that died. Only one that runs succeeds or fails.
TRANSITIONS: Mapping[JobState, frozenset[JobState]] = {
    "queued": frozenset({"queued", "running", "cancelled", "expired"}),
    "running": frozenset({"running", "queued", "succeeded", "failed", "cancelled"}),
    "succeeded": frozenset({"expired"}),
    "failed": frozenset(),
    "cancelled": frozenset(),
    "expired": frozenset(),
}

#: What all versions of a job have in common.
_FIXED = ("id", "owner", "digest", "format", "created", "long")


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a running job is."""

    #: From 0 to 1, never less than before within one attempt.
    fraction: float
    #: build, draw, encode, store, or what a template calls it.
    stage: str
    message: str = ""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a job yielded."""

    #: The rendering's digest: its bytes lie under it.
    digest: str
    format: Format
    media_type: str
    #: Bytes.
    size: int
    warnings: tuple[str, ...] = ()


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """The record of a job; times are in seconds since 1970."""

    id: str
    #: Name of the principal whose job it is.
    owner: str
    state: JobState = "queued"
    #: The rendering that was asked for: equal ones of one owner are one job.
    digest: str
    format: Format
    #: Name and version of the style, fixed at submission.
    style: str
    #: What people call it: the spec's title.
    title: str = ""
    #: The first series' kind, or the template's name.
    kind: str = ""
    created: float
    #: When the first attempt began, and when it ended for good.
    started: float | None = None
    ended: float | None = None
    #: When it, or its result, is wanted no more.
    expires: float
    #: Seconds that it was thought to take when it was submitted; 0: nobody knows.
    estimate: float = 0.0
    #: Whether it may take longer than a cluster's Service may answer, by whoever accepted it: all
    #: its attempts are published as such, whoever publishes them.
    long: bool = False
    #: Grows each time a worker takes the job: the fencing token. What an earlier attempt says is
    #: not heard any more. 0: none has.
    attempt: int = 0
    #: Attempts that failed, or whose worker died; one that was given back on purpose is none.
    failures: int = 0
    #: Failures after which it is given up.
    attempts: int = 5
    #: Not before this moment is it taken: the pause after a failure.
    due: float = 0.0
    #: Until when the worker of this attempt is taken for alive.
    lease: float | None = None
    #: How often it was published for its next attempt, and when last; 0: not yet.
    publications: int = 0
    published: float | None = None
    progress: Progress | None = None
    #: Problem details (RFC 9457) of the last failure.
    problem: Mapping[str, Any] | None = None
    result: Result | None = None
    #: The traceparent of the submission: every attempt belongs to its trace.
    trace: str = ""
    #: The job that this one was a retry of.
    retry_of: str | None = None
    #: Grows with each change; 0: not stored yet.
    version: int = 0

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.state in ENDED


#: Seconds for which a submission may take to publish its job before the sweep does.
_PUBLISHING = 5.0
#: Seconds after which a published job that nobody took is published again; doubled each time.
_PATIENCE, _MOST_PATIENCE = 60.0, 3600.0


def new_job_id() -> str:
    """Return an id that nobody has, and nobody guesses: 26 small letters and digits."""
    return id_text(secrets.token_bytes(ID_BYTES))


def check_transition(before: Job, after: Job) -> None:
    """Raise `PreconditionFailed` when a job may not become the other one.

    Its state must allow that, its attempt never falls, and a running job of the same attempt goes
    on: it is another attempt, with a higher number, that begins or takes over. Whose it is, and
    what it draws, never changes: `ValueError`.
    """
    if any(getattr(before, name) != getattr(after, name) for name in _FIXED):
        raise ValueError(f"A job keeps its {', '.join(_FIXED)}.")
    if after.state not in TRANSITIONS[before.state]:
        raise PreconditionFailed(f"The job {before.id} is {before.state}, and stays it.")
    least = before.attempt + (before.state == "queued" and after.state == "running")
    if after.attempt < least:
        raise PreconditionFailed(f"The job {before.id} is at its attempt {before.attempt} already.")


def begins(before: Job, after: Job) -> bool:
    """Say whether a change of a job begins to render: a worker takes it, or takes it over."""
    return after.state == "running" and after.attempt > before.attempt


def attention_at(job: Job) -> float:
    """Return when the sweep must look at a job: to publish it, to take it back, or to let it go."""
    if job.state == "running":
        return job.lease or 0.0
    if job.state == "queued":
        return min(job.expires, _publication_at(job))
    return job.expires


def _publication_at(job: Job) -> float:
    """Return when a queued job is to be published: when its pause is over, or again."""
    if job.published is None:
        return max(job.due, job.created + _PUBLISHING if job.attempt == 0 else job.due)
    patience = min(_PATIENCE * 2.0 ** max(0, job.publications - 1), _MOST_PATIENCE)
    return max(job.due, job.published + patience)
