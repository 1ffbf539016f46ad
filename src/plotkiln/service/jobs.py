"""Jobs for those who submit them: accepted at once, followed, fetched, cancelled, tried again."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import msgspec

from plotkiln.artifacts import Renderings, StoredRendering
from plotkiln.errors import (
    GoneError,
    JobFailed,
    NotFoundError,
    NotReadyError,
    PreconditionFailed,
    SettledError,
    StoreUnavailable,
    UnavailableError,
)
from plotkiln.events.news import News
from plotkiln.identity import Principal
from plotkiln.jobs import Job, JobPage, JobState, JobStore, Submission
from plotkiln.service.job_news import JobNews
from plotkiln.service.job_submissions import JobSubmissions
from plotkiln.service.job_views import JobView, job_view
from plotkiln.service.plans import Plan
from plotkiln.tasks import end_tasks

__all__ = ["JobResult", "JobService"]

#: Seconds between two looks at a job that somebody waits for, whatever the news say.
_LOOK_EVERY = 1.0

#: States after which a job may be submitted once more.
_RETRIED: frozenset[JobState] = frozenset({"failed", "cancelled", "expired"})

_NO_BROKER = (
    "Jobs need a broker, and this process has none: bind it to one (K_SINK, by a SinkBinding), or"
    " start plotkiln serve without K_SERVICE, which brings its own."
)


class JobResult(msgspec.Struct, frozen=True):
    """A job that succeeded, and its picture."""

    job: Job
    rendering: StoredRendering


class JobService:
    """Jobs that a principal sees; those of others are not there for it."""

    def __init__(
        self,
        store: JobStore,
        submissions: JobSubmissions | None,
        renderings: Renderings,
        *,
        news: News,
        told: JobNews,
        keep: float,
        presign: timedelta | None = None,
    ) -> None:
        """Take the records, and the results; `submissions` is None where there is no broker.

        `news` are listened to, `told` is told, and `keep` is for how many seconds the record of a
        job that ended is kept. `presign` is for how long addresses in the object store are good;
        None: none are given.
        """
        self._store = store
        self._submissions = submissions
        self._renderings = renderings
        self._presign = presign
        self._news = news
        self._told = told
        self._keep = keep

    @property
    def available(self) -> bool:
        """Whether jobs can be submitted: there is a broker that has them rendered."""
        return self._submissions is not None

    async def submit(
        self,
        principal: Principal,
        plan: Plan,
        *,
        idempotency_key: str | None = None,
        fingerprint: str | None = None,
    ) -> Submission:
        """Accept a rendering as a job, or join an equal one of the same principal.

        Its style, and all else that the plan says, is fixed by that. Where the rendering is stored
        already, the job has succeeded at once. Once this returns the job is safe, published or not:
        publishing takes 2 s at most, and is made up for by the sweep.

        A key that comes again with the same `fingerprint` leads to its job, whatever the plan is
        resolved to by then (`Plan.fingerprint`); None: with the same rendering.

        Raises `UnavailableError` where there is no broker, `StoreUnavailable` when the job cannot
        be stored, `RuleError` when the key was used for something else, or the picture would be too
        large.
        """
        return await self._accepting().submit(
            principal, plan, idempotency_key=idempotency_key, fingerprint=fingerprint
        )

    async def get(self, principal: Principal, id: str) -> Job:  # noqa: A002 -- the field's word
        """Return a job; raises `NotFoundError` where the principal sees no such job."""
        job = await self._store.get(id)
        if job is None or not principal.sees(job.owner):
            raise NotFoundError(f"There is no job {id}, or it is not kept any more.")
        return job

    async def newest(self, principal: Principal, digest: str) -> Job | None:
        """Return the principal's job of a rendering that was submitted last; None for none."""
        return await self._store.newest(principal.name, digest)

    async def seconds(self, digest: str) -> float:
        """Return how long a rendering takes by what the jobs tell that it was asked of, and go on.

        0 where there are none. Whose they are does not matter: it is the time that is told.
        """
        now = time.time()
        jobs = await self._store.siblings(digest)
        return max((max(job.estimate, now - (job.started or now)) for job in jobs), default=0.0)

    async def page(
        self,
        principal: Principal,
        *,
        states: Collection[JobState] = (),
        before: str | None = None,
        limit: int = 50,
    ) -> JobPage:
        """Return the principal's newest jobs, of some states or of all.

        `before` is what a page gave for further ones; raises `RuleError` for any other.
        """
        return await self._store.page(principal.name, states=states, before=before, limit=limit)

    async def changed(
        self,
        principal: Principal,
        id: str,  # noqa: A002 -- the field's word
        *,
        version: int | None,
        wait: float,
    ) -> Job:
        """Return a job once its version differs, without one once it has ended.

        Returns what it is like after `wait` seconds at most. Raises `NotFoundError`, also when it
        is removed meanwhile.
        """

        def wanted(job: Job) -> bool:
            return job.over if version is None else job.version != version

        job = await self.get(principal, id)
        if wanted(job) or wait <= 0:
            return job
        end = time.monotonic() + wait
        async with self._heard(principal, id) as heard:
            while not wanted(job) and (left := end - time.monotonic()) > 0:
                await _set_within(heard, min(left, _LOOK_EVERY))
                job = await self.get(principal, id)
        return job

    async def cancel(self, principal: Principal, id: str) -> Job:  # noqa: A002
        """Cancel a job; whoever renders it stops within a moment. One that has ended stays so.

        Raises `NotFoundError`.
        """
        while not (job := await self.get(principal, id)).over:
            now = time.time()
            with suppress(PreconditionFailed):  # its worker came between: another look
                cancelled = await self._store.replace(
                    msgspec.structs.replace(
                        job, state="cancelled", ended=now, expires=now + self._keep, lease=None
                    )
                )
                self._told.ended(cancelled)
                return cancelled
        return job

    async def retry(self, principal: Principal, id: str) -> Submission:  # noqa: A002
        """Submit the input of a failed, cancelled or expired job once more, in the same style.

        Raises `NotReadyError` for a job that has not ended, `SettledError` for one that succeeded,
        `GoneError` when its input is not kept any more, and what `submit` raises.
        """
        job = await self.get(principal, id)
        if job.state == "succeeded":
            raise SettledError(
                f"The job {id} succeeded: its result is there, and another would not differ."
            )
        if job.state not in _RETRIED:
            raise NotReadyError(f"The job {id} is {job.state}: wait for its end, or cancel it.")
        accepting = self._accepting()
        plan = await accepting.again(job)
        return await accepting.submit(principal, plan, retry_of=id)

    async def result(self, principal: Principal, id: str) -> JobResult:  # noqa: A002
        """Return the picture of a job that succeeded.

        Raises `NotReadyError` while it has not ended, `JobFailed` with its problem when it failed,
        `GoneError` when it was cancelled, or its result is kept no more.
        """
        job = await self.get(principal, id)
        if job.result is None or job.state != "succeeded":
            raise _no_result(job)
        found = await self._renderings.get(job.result.digest, job.result.format)
        if found is None:
            raise GoneError(f"The result of the job {id} was removed: submit it once more.")
        return JobResult(job, found)

    async def view(self, job: Job) -> JobView:
        """Describe a job, with the address of its result in the object store, if it has one."""
        return job_view(job, url=await self.address(job))

    async def address(self, job: Job) -> str | None:
        """Return where the object store shows a job's result for a time; None where it cannot."""
        result = job.result
        if self._presign is None or result is None or job.state != "succeeded":
            return None
        return await self._renderings.address(result.digest, result.format, lifetime=self._presign)

    def _accepting(self) -> JobSubmissions:
        if self._submissions is None:
            raise UnavailableError(_NO_BROKER)
        return self._submissions

    @asynccontextmanager
    async def _heard(self, principal: Principal, id: str) -> AsyncIterator[asyncio.Event]:  # noqa: A002
        """Yield what is set when there are news of a job, as far as those come."""
        heard = asyncio.Event()
        task = asyncio.create_task(self._listen(principal, id, heard.set), name=f"news of {id}")
        try:
            yield heard
        finally:
            await end_tasks(task)

    async def _listen(self, principal: Principal, id: str, hear: Callable[[], None]) -> None:  # noqa: A002
        with suppress(StoreUnavailable):  # news are a saving: the job is looked at in any case
            async with self._news.listen((f"jobs/{id}",), principal=principal) as listener:
                async for _ in listener:
                    hear()


async def _set_within(heard: asyncio.Event, seconds: float) -> None:
    """Wait until it is set, but no longer; and clear it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await heard.wait()
    heard.clear()


def _no_result(job: Job) -> Exception:
    if job.state == "failed":
        detail = (job.problem or {}).get("detail") or "Nobody knows why."
        again = f"POST /jobs/{job.id}/retry submits it once more."
        return JobFailed(f"The job {job.id} was given up. {detail} {again}", problem=job.problem)
    if job.over:
        return GoneError(f"The job {job.id} is {job.state}: it has no result.")
    return NotReadyError(f"The job {job.id} is {job.state}: its result is not there yet.")
