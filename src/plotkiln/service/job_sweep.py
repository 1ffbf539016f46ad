"""The sweep of jobs: what was not published, what its worker left, and what is over."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

import msgspec

from plotkiln.errors import PlotkilnError, PreconditionFailed
from plotkiln.jobs import Job, JobStore, attention_at
from plotkiln.service.job_news import JobNews
from plotkiln.service.job_publishing import JobPublishing
from plotkiln.service.metrics import Metrics
from plotkiln.tasks import begin_task, end_tasks

__all__ = ["JobSweep", "JobTimer", "SweptJobs"]

log = logging.getLogger("plotkiln.jobs")

#: Jobs that are looked at in one step.
_STEP = 100

#: How many times as long the pause is after a look that failed, or found the broker away.
_AFTER_FAILURE = 5


class SweptJobs(msgspec.Struct, kw_only=True):
    """What one sweep did."""

    #: Published, or once more.
    published: int = 0
    #: Left for the next sweep, because the broker did not take the first of them.
    unpublished: int = 0
    #: Taken back from a worker that gave no sign of life.
    taken_back: int = 0
    expired: int = 0
    #: Records that are kept no longer.
    removed: int = 0


class JobSweep:
    """Gives each job that needs it what its submitter or its worker did not live to give."""

    def __init__(
        self,
        store: JobStore,
        publishing: JobPublishing,
        *,
        lapsed: Callable[[Job], Job],
        told: JobNews,
        metrics: Metrics,
        keep: float,
    ) -> None:
        """Take the records, and what publishes.

        `lapsed` says what becomes of a job whose worker is taken for dead; `keep` is for how many
        seconds the record of a job is kept that has expired.
        """
        self._store = store
        self._publishing = publishing
        self._lapsed = lapsed
        self._told = told
        self._metrics = metrics
        self._keep = keep

    async def sweep(self) -> SweptJobs:
        """Do what is due; several processes may at once. Raises `StoreUnavailable`.

        What stays due, since it cannot be published now, holds up nothing that comes after it.
        """
        swept, now = SweptJobs(), time.time()
        last: Job | None = None
        while True:
            due = await self._store.attention(now, after=last, limit=_STEP)
            for job in due:
                with suppress(PreconditionFailed):  # somebody else did it
                    await self._settle(job, now, swept)
            if len(due) < _STEP:
                return swept
            last = due[-1]

    async def next_attention(self, within: float) -> float | None:
        """Return when the next job is due, in seconds since 1970; None when none is soon."""
        due = await self._store.attention(time.time() + within, limit=1)
        return attention_at(due[0]) if due else None

    async def _settle(self, job: Job, now: float, swept: SweptJobs) -> None:
        if job.state == "running":
            await self._take_back(job, swept)
        elif job.state in {"queued", "succeeded"} and job.expires <= now:
            await self._expire(job, now, swept)
        elif job.state == "queued":
            await self._publish(job, swept)
        elif job.expires <= now:
            await self._remove(job, swept)

    async def _publish(self, job: Job, swept: SweptJobs) -> None:
        if swept.unpublished or (await self._publishing.publish(job)).version == job.version:
            swept.unpublished += 1
        else:
            swept.published += 1

    async def _take_back(self, job: Job, swept: SweptJobs) -> None:
        """Have a job rendered anew whose worker died, or fail it when too many did."""
        log.warning("the worker of the job %s gives no sign of life", job.id)
        after = await self._store.replace(self._lapsed(job))
        swept.taken_back += 1
        self._metrics.count("job_attempts", "lapsed")
        if after.over:
            self._told.ended(after)
            return
        self._told.changed(after)
        if after.due <= time.time():
            await self._publish(after, swept)

    async def _expire(self, job: Job, now: float, swept: SweptJobs) -> None:
        after = await self._store.replace(
            msgspec.structs.replace(
                job, state="expired", ended=job.ended or now, expires=now + self._keep
            )
        )
        swept.expired += 1
        if job.over:
            self._told.changed(after)  # that it ended was told when it did
        else:
            self._told.ended(after)

    async def _remove(self, job: Job, swept: SweptJobs) -> None:
        """Forget a job. Its input, which others may share, goes by its age."""
        await self._store.remove(job)
        swept.removed += 1


class JobTimer:
    """Sweeps jobs when one is due, as long as it is entered.

    At rest it looks once in a minute; whoever makes a job that will be due sooner wakes it.
    """

    def __init__(self, sweep: JobSweep, *, pause: float = 1.0, rest: float = 60.0) -> None:
        """Take the sweep, the seconds between two at least, and those between two looks at most."""
        self._sweep = sweep
        self._pause = pause
        self._rest = rest
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Look soon: there is a job that was not there before."""
        self._woken.set()

    async def __aenter__(self) -> Self:
        self._task = begin_task(self._run(), "sweep of jobs")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await end_tasks(self._task)

    async def _run(self) -> None:
        while True:
            pause = await self._looked()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause - self._pause):
                    await self._woken.wait()
            self._woken.clear()
            await asyncio.sleep(self._pause)

    async def _looked(self) -> float:
        """Sweep once; return the seconds until it is due again."""
        try:
            if (await self._sweep.sweep()).unpublished:
                return _AFTER_FAILURE * self._pause
            due = await self._sweep.next_attention(self._rest)
        except PlotkilnError as error:
            log.warning("jobs were not swept: %s", error)
            return _AFTER_FAILURE * self._pause
        except Exception:
            log.exception("jobs were not swept, by a defect")
            return _AFTER_FAILURE * self._pause
        left = self._rest if due is None else due - time.time()
        return max(self._pause, min(left, self._rest))
