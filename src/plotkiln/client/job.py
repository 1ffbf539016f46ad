"""A job as the server shows it, and as notebooks do."""

from datetime import UTC, datetime
from html import escape
from typing import Any, Literal

import msgspec

from plotkiln.client.exchanges import Answer
from plotkiln.client.problems import Problem, decoded, error_of
from plotkiln.errors import GoneError, JobFailed, NotReadyError, PlotkilnError
from plotkiln.spec.models import Format

__all__ = [
    "ENDED",
    "Job",
    "JobPage",
    "JobProgress",
    "JobResult",
    "JobState",
    "Unfinished",
    "job_of",
    "no_result",
]

JobState = Literal["queued", "running", "succeeded", "failed", "cancelled", "expired"]

#: States that are the last one, but that `succeeded` expires once the result is kept no more.
ENDED: frozenset[JobState] = frozenset({"succeeded", "failed", "cancelled", "expired"})


class JobProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a running job is."""

    #: From 0 to 1.
    fraction: float
    #: build, draw, encode, store, or what a template calls it.
    stage: str
    message: str = ""


class JobResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a job yielded."""

    #: Its address below the server's.
    href: str
    #: The rendering's digest.
    digest: str
    media_type: str
    #: Bytes.
    size: int
    warnings: tuple[str, ...] = ()
    #: An address in the object store that is good for a time; None where there is none.
    url: str | None = None


class Job(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One asynchronous rendering, as it was when the server was asked."""

    id: str
    state: JobState
    #: The spec's title.
    title: str = ""
    #: The first series' kind, or the template's name.
    kind: str = ""
    format: Format
    #: Name and version of the style, fixed at submission.
    style: str
    #: The rendering that was asked for.
    digest: str
    created: datetime
    started: datetime | None = None
    ended: datetime | None = None
    #: When it, or its result, is kept no more.
    expires: datetime
    #: How often a worker has begun it.
    attempt: int = 0
    #: Failures after which it is given up.
    attempts: int = 1
    progress: JobProgress | None = None
    #: What its last failure was.
    problem: Problem | None = None
    result: JobResult | None = None
    #: The job that this one is a retry of.
    retry_of: str | None = None
    #: Grows with each change.
    version: int

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.state in ENDED

    @property
    def fraction(self) -> float:
        """How much of it is done, from 0 to 1, as far as anybody knows."""
        if self.state == "succeeded":
            return 1.0
        return self.progress.fraction if self.progress else 0.0

    @property
    def seconds(self) -> float:
        """Seconds since it was submitted, until it ended."""
        return max(0.0, ((self.ended or datetime.now(UTC)) - self.created).total_seconds())

    def _repr_html_(self) -> str:
        """Return one line: what it is, how far, and why it failed."""
        what = escape(self.title or self.kind or self.id)
        stage = escape(self.progress.stage) if self.progress and not self.over else ""
        bar = "" if self.over else f'<progress max="1" value="{self.fraction:.3f}"></progress> '
        why = f": {escape(self.problem.detail)}" if self.problem and self.state == "failed" else ""
        return (
            f'<div><strong>{what}</strong> {bar}{stage} <span title="{escape(self.id)}">'
            f"{self.state}, {self.seconds:.0f} s</span>{why}</div>"
        )


class JobPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Some jobs, newest first."""

    jobs: tuple[Job, ...]
    #: What `before` takes for older ones; None where there are none.
    before: str | None = None


class Unfinished(NotReadyError):
    """The job has not ended yet."""

    def __init__(self, job: Job, waited: float | None = None) -> None:
        #: The job as it was last seen.
        self.job = job
        self._waited = waited
        after = "" if waited is None else f" after {waited:g} s"
        super().__init__(f"The job {job.id} has not ended{after}: it is {job.state}.")

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what it is made of anew: pools of processes send it from one to another."""
        return type(self), (self.job, self._waited), self.__dict__


def job_of(answer: Answer) -> Job:
    """Return the job that a good answer holds."""
    return decoded(answer, Job)


def no_result(job: Job) -> PlotkilnError:
    """Return the error that says why a job has no result."""
    if job.state == "failed" and (problem := job.problem) is not None and problem.status >= 500:
        # it was given up: nobody is to wait until the server can again
        return JobFailed(problem.detail, problem=msgspec.to_builtins(problem))
    if job.state == "failed":
        return error_of(job.problem or Problem(detail=f"The job {job.id} failed."))
    if job.over:
        return GoneError(f"The job {job.id} is {job.state}: it has no result.")
    return Unfinished(job)
