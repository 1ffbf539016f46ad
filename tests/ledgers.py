"""Opens the stores of jobs under test, as any number of processes would."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from counters import Clock
from plotkiln.jobs import Job, JobState, JobStore, new_job_id
from plotkiln.jobs.redis import RedisJobs
from plotkiln.jobs.sqlite import SqliteJobs
from plotkiln.state import Database
from plotkiln.state.redis import open_redis

__all__ = [
    "JobsOpener",
    "changed",
    "embedded_jobs",
    "new_job",
    "redis_jobs",
    "run",
    "submitted",
    "taken",
]

#: Opens the same jobs time and again.
JobsOpener = Callable[[Clock], AbstractAsyncContextManager[JobStore]]


def embedded_jobs(folder: Path) -> JobsOpener:
    """Return what opens one SQLite file."""

    @asynccontextmanager
    async def opened(clock: Clock) -> AsyncIterator[JobStore]:
        async with (
            Database(folder / "jobs.sqlite", synchronous="FULL") as database,
            SqliteJobs(database, clock=clock) as jobs,
        ):
            yield jobs

    return opened


def redis_jobs(url: str) -> JobsOpener:
    """Return what opens one Redis."""

    @asynccontextmanager
    async def opened(clock: Clock) -> AsyncIterator[JobStore]:
        async with open_redis(url) as redis:
            yield RedisJobs(redis, clock=clock)

    return opened


def new_job(clock: Clock, **members: Any) -> Job:
    """Return a job as it is submitted now, and wanted for an hour."""
    given = {"owner": "anonymous", "digest": "d" * 64, "format": "png", "style": "default@0"}
    times = {"created": clock.now, "expires": clock.now + 3600.0}
    return msgspec.convert({"id": new_job_id(), **given, **times, **members}, Job)


def taken(job: Job, clock: Clock, *, lease: float = 15.0) -> Job:
    """Return a job as a worker takes it now."""
    return msgspec.structs.replace(
        job, state="running", attempt=job.attempt + 1, lease=clock.now + lease
    )


def changed(job: Job, **members: object) -> Job:
    """Return a job with other members."""
    return msgspec.structs.replace(job, **members)


async def submitted(jobs: JobStore, clock: Clock, **members: object) -> Job:
    """Submit a job that joins none."""
    submission = await jobs.submit(new_job(clock, **members))
    assert not submission.joined
    return submission.job


async def run(jobs: JobStore, job: Job, clock: Clock, *, end: JobState = "succeeded") -> Job:
    """Take a job and end it."""
    running = await jobs.replace(taken(job, clock))
    return await jobs.replace(changed(running, state=end, lease=None, ended=clock.now))
