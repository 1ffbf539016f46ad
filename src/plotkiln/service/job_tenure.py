"""What a worker holds of a job: its lease, renewed while it works, and the only say about it."""

import asyncio
import logging
import time
from typing import Any

import msgspec

from plotkiln.errors import PreconditionFailed, StoreUnavailable
from plotkiln.jobs import Job, JobStore, Progress
from plotkiln.service.job_news import JobNews
from plotkiln.workers import Progress as Told

__all__ = ["Tenure"]

log = logging.getLogger("plotkiln.jobs")

#: Seconds between two looks whether the job is still this worker's.
_LOOK_EVERY = 0.25
#: Seconds between two records of progress, at least.
_PROGRESS_EVERY = 0.5


class Tenure:
    """One attempt's hold of its job.

    Every change is a compare-and-set: once the job is cancelled, or another attempt has taken it
    over, nothing of this one is written any more. While the store is away the hold lasts as long as
    the lease.
    """

    def __init__(self, store: JobStore, job: Job, *, lease: float, told: JobNews) -> None:
        """Take a job that was just taken, with `lease` seconds from now."""
        self._store = store
        self._job = job
        self._lease = lease
        self._told = told
        self._renewed = time.monotonic()
        self._wrote = 0.0
        self._progress = job.progress

    @property
    def job(self) -> Job:
        """The job as it was last seen, while it is this attempt's."""
        return self._job

    def progress(self, told: Told) -> None:
        """Hear how far the drawing is; it is recorded at the next look, and never falls."""
        least = self._progress.fraction if self._progress else 0.0
        self._progress = Progress(
            fraction=max(told.fraction, least), stage=told.stage, message=told.message
        )

    async def hold(self) -> None:
        """Renew the lease and record progress, until the job is this attempt's no more."""
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            if not await self._held():
                return

    async def change(self, wanted: Job) -> Job | None:
        """Let the job go as another one; return that, or None when it was this attempt's no more.

        While the store is away it is tried again, for as long as two leases.
        """
        end = time.monotonic() + 2 * self._lease
        while True:
            try:
                return await self._changed(wanted)
            except StoreUnavailable as error:
                if time.monotonic() > end:
                    raise
                log.warning("the end of the job %s is not recorded yet: %s", wanted.id, error)
            await asyncio.sleep(_LOOK_EVERY)

    async def _changed(self, wanted: Job) -> Job | None:
        while True:
            try:
                return await self._store.replace(_at_version(wanted, self._job.version))
            except PreconditionFailed:
                found = await self._store.get(wanted.id)
            if found is not None and _is(found, wanted):
                return found  # the store did it, and went away before it said so
            owned = self._owned(found)
            if owned is None:
                return None
            self._job = owned

    async def _held(self) -> bool:
        """Look once; False when the job is another's."""
        try:
            found = await self._look()
        except StoreUnavailable:
            return time.monotonic() - self._renewed < self._lease
        owned = self._owned(found)
        self._job = owned or self._job
        return owned is not None

    async def _look(self) -> Job | None:
        """Return the job as it is, renewed where that is due."""
        now = time.monotonic()
        news = self._progress != self._job.progress and now - self._wrote >= _PROGRESS_EVERY
        if not news and now - self._renewed < self._lease / 3:
            return await self._store.get(self._job.id)
        renewed = msgspec.structs.replace(
            self._job, lease=time.time() + self._lease, progress=self._progress
        )
        try:
            job = await self._store.replace(renewed)
        except PreconditionFailed:
            return await self._store.get(self._job.id)
        self._renewed = now
        if news:
            self._wrote = now
            self._told.changed(job)
        return job

    def _owned(self, found: Job | None) -> Job | None:
        """Return a record as long as it is this attempt's to change."""
        if found is None or found.state != "running" or found.attempt != self._job.attempt:
            return None
        return found


def _at_version(job: Job, version: int) -> Job:
    return msgspec.structs.replace(job, version=version)


def _is(found: Job, wanted: Job) -> bool:
    """Say whether a record is what this attempt made of it."""
    ours: dict[str, Any] = msgspec.structs.asdict(wanted)
    theirs: dict[str, Any] = msgspec.structs.asdict(found)
    return all(theirs[name] == ours[name] for name in ours if name != "version")
