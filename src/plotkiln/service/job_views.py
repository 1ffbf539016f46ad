"""Jobs as people and programs see them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from plotkiln.jobs import Job, JobState, Progress

__all__ = ["JobView", "ResultView", "job_view"]


class ResultView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a job yielded, and where it is."""

    #: Address of the picture, below the server's.
    href: str
    #: The rendering's digest, which is its ETag.
    digest: str
    media_type: str
    #: Bytes.
    size: int
    warnings: tuple[str, ...] = ()
    #: An address in the object store that is good for a time; missing where there is none.
    url: str | None = None


class JobView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A job, less whose it is."""

    id: str
    state: JobState
    #: The spec's title.
    title: str = ""
    #: The first series' kind, or the template's name.
    kind: str = ""
    format: str
    #: Name and version of the style, fixed at submission.
    style: str
    #: The rendering that was asked for.
    digest: str
    created: datetime
    #: When the first attempt began.
    started: datetime | None = None
    ended: datetime | None = None
    #: When the job is wanted no more, or its result is kept no more.
    expires: datetime
    #: How often a worker has begun it.
    attempt: int
    #: How many there may be: one more for each that was given back, which is no failure.
    attempts: int
    progress: Progress | None = None
    #: Problem details (RFC 9457) of the last failure.
    problem: Mapping[str, Any] | None = None
    result: ResultView | None = None
    #: The job that this one is a retry of.
    retry_of: str | None = None
    #: Grows with each change.
    version: int


def job_view(job: Job, *, url: str | None = None) -> JobView:
    """Describe a job; `url` is where the object store has its result."""
    return JobView(
        id=job.id,
        state=job.state,
        title=job.title,
        kind=job.kind,
        format=job.format,
        style=job.style,
        digest=job.digest,
        created=_moment(job.created),
        started=None if job.started is None else _moment(job.started),
        ended=None if job.ended is None else _moment(job.ended),
        expires=_moment(job.expires),
        attempt=job.attempt,
        attempts=job.attempts + max(0, job.attempt - job.failures - 1),
        progress=job.progress,
        problem=job.problem,
        result=_result(job, url),
        retry_of=job.retry_of,
        version=job.version,
    )


def _result(job: Job, url: str | None) -> ResultView | None:
    if job.result is None:
        return None
    return ResultView(
        href=f"/jobs/{job.id}/result",
        digest=job.result.digest,
        media_type=job.result.media_type,
        size=job.result.size,
        warnings=job.result.warnings,
        url=url,
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
