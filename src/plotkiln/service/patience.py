"""Pictures for those who wait: in time, or instead of them a job, or the last good one."""

import asyncio
import logging
import time
from types import TracebackType
from typing import Self

import msgspec

from plotkiln.artifacts.last_good import LastGood
from plotkiln.errors import (
    BeingDrawn,
    DeadlineExceeded,
    JobFailed,
    LimitReached,
    MemoryShort,
    PlotkilnError,
    QueueFull,
    StoreUnavailable,
    UnavailableError,
)
from plotkiln.identity import Principal
from plotkiln.jobs import Job
from plotkiln.service.afterwards import Afterwards
from plotkiln.service.flights import Flights
from plotkiln.service.jobs import JobService
from plotkiln.service.last_pictures import as_far_as_known, remember, shown_by
from plotkiln.service.plans import Hurry, Picture, Plan
from plotkiln.service.renders import RenderService
from plotkiln.spec.models import Format

__all__ = ["FormerPicture", "PatienceService", "Wish"]

log = logging.getLogger("plotkiln.patience")

#: Seconds that who is in a hurry waits to be told how long others take: it is only a saving.
_TELLING = 0.25

#: Seconds that who has a former picture to see waits for the job behind the look.
_BEGINNING = 2.0

#: Seconds for which no other job follows one that failed by something that passes.
_PAUSE = 60.0

#: Seconds from which a drawing may become a slow one, so that it is worth showing meanwhile.
_SLOWISH = 1.0

#: What may be under way at once after answers.
_MOST_AFTERWARDS = 16

#: What a former picture says of itself.
_BEING_DRAWN = "This is a former picture: the one as it is now is being drawn."
_NOT_NOW = "This is a former picture: the one as it is now cannot be drawn for the time being."
_BROKEN = "This is a former picture: the one as it is now cannot be drawn."


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a submitter would rather have than a picture at any cost."""

    #: A job.
    job: bool = False
    #: Yet a picture, if there is one within so many seconds.
    wait: int = 0
    #: Names the submission, should it become a job.
    idempotency_key: str | None = None


class FormerPicture(msgspec.Struct, frozen=True, kw_only=True):
    """The last good picture of a spec, shown until there is one as it is now."""

    digest: str
    format: Format
    #: Name and version of the style that it is drawn in.
    style: str
    data: bytes
    warnings: tuple[str, ...]


class PatienceService:
    """Decides what becomes of a picture that may take longer than somebody waits.

    What is in memory or in the store is shown at once. Else a drawing that is expected to take
    longer than the budget, or has, becomes a job: nothing is drawn for who was answered already.
    Where there are no jobs, such a drawing fails as it always did. Leaving ends what is done after
    the answers.
    """

    def __init__(self, renders: RenderService, jobs: JobService, former: LastGood) -> None:
        self._renders = renders
        self._jobs = jobs
        self._former = former
        self._afterwards = Afterwards(most=_MOST_AFTERWARDS)
        #: Looks for jobs that are under way: equal ones are one.
        self._looks: Flights[Job] = Flights()

    async def __aenter__(self) -> Self:
        await self._afterwards.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._afterwards.__aexit__(kind, error, trace)

    async def posted(self, principal: Principal, plan: Plan, wish: Wish) -> Picture | Job:
        """Return the picture of a plan, or the job that it became.

        Raises what `RenderService.picture` and `JobService.submit` raise.
        """
        if not self._jobs.available:
            return await self._drawn(plan)
        picture = await self._wished(plan, wish)
        if picture is not None:
            return picture
        key = wish.idempotency_key
        asked = plan.fingerprint
        return (
            await self._jobs.submit(principal, plan, idempotency_key=key, fingerprint=asked)
        ).job

    async def shown(self, principal: Principal, plan: Plan) -> Picture | FormerPicture:
        """Return the picture of a plan; while a job draws it, the last good one.

        Raises `BeingDrawn` where there is none, `JobFailed` once the job has failed by what it
        asks for, and what `RenderService.picture` raises.
        """
        if not self._jobs.available:
            return await self._drawn(plan)
        try:
            return await self._drawn(plan, hurried=self._elsewhere)
        except DeadlineExceeded:
            return await self._instead(principal, plan)

    async def _wished(self, plan: Plan, wish: Wish) -> Picture | None:
        """Return the picture as far as it is wished and comes in time, else None."""
        try:
            if not wish.job:
                return await self._drawn(plan, hurried=self._elsewhere)
            if await self._renders.kept(plan.digest, plan.format) is not None:
                return await self._drawn(plan)
            if wish.wait <= 0:
                return None
            async with asyncio.timeout(wish.wait):
                return await self._drawn(plan, hurried=self._elsewhere)
        except DeadlineExceeded:
            return None
        except (TimeoutError, QueueFull, LimitReached, MemoryShort):
            if wish.job:
                return None
            raise

    async def _instead(self, principal: Principal, plan: Plan) -> Picture | FormerPicture:
        """Have a job draw what is looked at, and return what there is to be seen meanwhile."""
        former = await self._last_good(plan)
        if former is None:
            return await self._from(plan, await self._job(principal, plan))
        try:
            job = await self._job_in_time(principal, plan)
        except (TimeoutError, UnavailableError) as error:
            log.warning("a former picture is shown: %s", error or "its job is not accepted yet")
            return _warned(former, _NOT_NOW)
        if job.state == "succeeded":
            return await self._drawn(plan)
        return _warned(former, _words(job))

    async def _from(self, plan: Plan, job: Job) -> Picture:
        """Return a job's picture, or raise what there is to be said meanwhile, or instead."""
        if job.state == "succeeded":
            return await self._drawn(plan)
        if job.state != "failed":
            raise _being_drawn(job)
        if _passes(job):
            raise UnavailableError("The picture could not be drawn. It is tried again in a minute.")
        raise JobFailed(problem=job.problem)

    async def _job_in_time(self, principal: Principal, plan: Plan) -> Job:
        """Return the job behind a look; what takes longer goes on, and this raises `TimeoutError`.

        An object store that hangs answers after half a minute.
        """
        self._afterwards.do(self._accepted(principal, plan), f"job of {plan.digest}")
        async with asyncio.timeout(_BEGINNING):
            return await self._job(principal, plan)

    async def _accepted(self, principal: Principal, plan: Plan) -> None:
        """Have the job behind a look begun; who looks is told why it is not."""
        try:
            await self._job(principal, plan)
        except PlotkilnError as error:
            log.info("a look has no job: %s", error)

    async def _job(self, principal: Principal, plan: Plan) -> Job:
        """Return the job behind a look: the same for all who look, also once it has failed."""
        key = f"{plan.digest} {principal.name}"
        job, _ = await self._looks.join(key, lambda: self._found_or_begun(principal, plan))
        return job

    async def _found_or_begun(self, principal: Principal, plan: Plan) -> Job:
        job = await self._jobs.newest(principal, plan.digest)
        if job is not None and await self._stands(job):
            return job
        return (await self._jobs.submit(principal, plan)).job

    async def _stands(self, job: Job) -> bool:
        """Say whether a job draws the picture, has drawn it, or tells that nobody can for now."""
        if job.state == "succeeded":
            return await self._renders.kept(job.digest, job.format) is not None
        if job.state == "failed":
            return not _passes(job) or time.time() < (job.ended or 0.0) + _PAUSE
        return not job.over

    async def _elsewhere(self, plan: Plan) -> float:
        """Return how long a plan takes by what its jobs tell, in whichever process they are."""
        try:
            async with asyncio.timeout(_TELLING):
                return await self._jobs.seconds(plan.digest)
        except (TimeoutError, StoreUnavailable) as error:
            why = error or "nobody answers"
            log.warning("a picture is tried, whatever its jobs would tell: %s", why)
            return 0.0

    async def _drawn(self, plan: Plan, *, hurried: Hurry | None = None) -> Picture:
        """Return the picture; one that may become slow is the last good one from now on."""
        picture = await self._renders.picture(plan, hurried=hurried)
        if _is_worth_noting(picture):
            noting = remember(self._former, picture)
            self._afterwards.do(noting, f"last good picture {picture.plan.digest}")
        return picture

    async def _last_good(self, plan: Plan) -> FormerPicture | None:
        """Return the last good picture of a plan's spec, format and style, if it is kept."""
        last = None
        with as_far_as_known():
            last = await self._former.get(shown_by(plan))
        found = await self._renders.kept(last.digest, plan.format) if last else None
        if last is None or found is None:
            return None
        return FormerPicture(
            digest=last.digest,
            format=plan.format,
            style=last.style,
            data=found.data,
            warnings=found.warnings,
        )


def _is_worth_noting(picture: Picture) -> bool:
    """Say whether a picture is a new one that took long, or was drawn by who knows whom."""
    # "render" is all the others, and what they waited for
    took = sum(spent for stage, spent in picture.stages.items() if stage != "render")
    return picture.source == "store" or (picture.source == "drawn" and took >= _SLOWISH * 1000)


def _passes(job: Job) -> bool:
    """Say whether a job failed by something that may be over by now."""
    return int((job.problem or {}).get("status", 500)) >= 500


def _words(job: Job) -> str:
    """Return what is said of a former picture while there is this job."""
    if job.state != "failed":
        return _BEING_DRAWN
    return _NOT_NOW if _passes(job) else _BROKEN


def _being_drawn(job: Job) -> BeingDrawn:
    if job.progress is None:
        return BeingDrawn()
    return BeingDrawn(
        "The picture takes longer than a request may: it is being drawn, and"
        f" {job.progress.fraction:.0%} done. Look again in a moment."
    )


def _warned(former: FormerPicture, warning: str) -> FormerPicture:
    return msgspec.structs.replace(former, warnings=(warning, *former.warnings))
