"""Pictures for those who wait: in time, or instead of them a job, or the last good one."""

import asyncio
import logging

import msgspec

from plotkiln.artifacts.last_good import LastGood
from plotkiln.errors import (
    BeingDrawn,
    DeadlineExceeded,
    JobFailed,
    MemoryShort,
    QueueFull,
    StoreUnavailable,
    UnavailableError,
)
from plotkiln.identity import Principal
from plotkiln.jobs import Job
from plotkiln.service.jobs import JobService
from plotkiln.service.last_pictures import as_far_as_known, remember, shown_by
from plotkiln.service.plans import Hurry, Picture, Plan
from plotkiln.service.renders import RenderService
from plotkiln.spec.models import Format

__all__ = ["FormerPicture", "PatienceService", "Wish"]

log = logging.getLogger("plotkiln.patience")

#: Keys of the jobs that are begun for who only looks; no submitter can write such a one.
_KEY = "\x1flook {digest} {number}"

#: Jobs of one picture that have keys: each is cancelled, or has failed by what passes, before the
#: next one begins.
_MOST_JOBS = 8

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
    Where there are no jobs, such a drawing fails as it always did.
    """

    def __init__(self, renders: RenderService, jobs: JobService, former: LastGood) -> None:
        self._renders = renders
        self._jobs = jobs
        self._former = former

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
        except (TimeoutError, QueueFull, MemoryShort):
            if wish.job:
                return None
            raise

    async def _instead(self, principal: Principal, plan: Plan) -> Picture | FormerPicture:
        """Have a job draw what is looked at, and return what there is to be seen meanwhile."""
        former = await self._last_good(plan)
        try:
            job = await self._job(principal, plan)
        except UnavailableError:
            if former is None:
                raise
            return _warned(former, _NOT_NOW)
        if job.state == "succeeded":
            return await self._drawn(plan)
        if former is not None:
            return _warned(former, _BROKEN if job.state == "failed" else _BEING_DRAWN)
        if job.state == "failed":
            raise JobFailed(problem=job.problem)
        raise _being_drawn(job)

    async def _job(self, principal: Principal, plan: Plan) -> Job:
        """Return the job behind a look: the same for all who look, also once it has failed."""
        for number in range(_MOST_JOBS):
            key = _KEY.format(digest=plan.digest, number=number)
            submission = await self._jobs.submit(principal, plan, idempotency_key=key)
            if await self._stands(submission.job):
                return submission.job
        return (await self._jobs.submit(principal, plan)).job

    async def _stands(self, job: Job) -> bool:
        """Say whether a job draws the picture, has drawn it, or has shown that nobody can."""
        if job.state == "succeeded":
            return await self._renders.kept(job.digest, job.format) is not None
        if job.state == "failed":
            return int((job.problem or {}).get("status", 500)) < 500
        return not job.over

    async def _elsewhere(self, plan: Plan) -> float:
        """Return how long a plan takes by what its jobs tell, in whichever process they are."""
        try:
            return await self._jobs.seconds(plan.digest)
        except StoreUnavailable as error:
            log.warning("a picture is tried, whatever its jobs would tell: %s", error)
            return 0.0

    async def _drawn(self, plan: Plan, *, hurried: Hurry | None = None) -> Picture:
        """Return the picture, and remember it as the last good one where it is a new one."""
        picture = await self._renders.picture(plan, hurried=hurried)
        if picture.source in {"drawn", "store"}:
            await remember(self._former, picture)
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


def _being_drawn(job: Job) -> BeingDrawn:
    if job.progress is None:
        return BeingDrawn()
    return BeingDrawn(
        "The picture takes longer than a request may: it is being drawn, and"
        f" {job.progress.fraction:.0%} done. Look again in a moment."
    )


def _warned(former: FormerPicture, warning: str) -> FormerPicture:
    return msgspec.structs.replace(former, warnings=(warning, *former.warnings))
