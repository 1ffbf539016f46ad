"""Draw a job's input and store the bytes for sure."""

import asyncio
import logging
import time

import msgspec

from plotkiln.artifacts import Renderings, StoredRendering
from plotkiln.artifacts.last_good import LastGood
from plotkiln.artifacts.names import MEDIA_TYPES
from plotkiln.errors import StoreUnavailable
from plotkiln.jobs import Job, Result
from plotkiln.service.job_submissions import planned
from plotkiln.service.job_tenure import Tenure
from plotkiln.service.last_pictures import remember
from plotkiln.service.plans import Picture, Plan
from plotkiln.service.renders import RenderService

__all__ = ["JobDrawing"]

log = logging.getLogger("plotkiln.jobs")

#: Seconds for which what is drawn is offered again to a store that refuses it, and between that.
_STORE_FOR, _STORE_EVERY = 60.0, 0.5


class JobDrawing:
    """From a job to its result: found where an equal one was drawn before, else drawn."""

    def __init__(
        self, renderings: Renderings, renders: RenderService, former: LastGood, *, budget: float
    ) -> None:
        """Take where renderings and inputs are kept, what draws, and the last good pictures.

        `budget` is the seconds of one attempt.
        """
        self._renderings = renderings
        self._renders = renders
        self._former = former
        self._budget = budget

    async def __call__(self, job: Job, tenure: Tenure) -> Result:
        """Return the result, whose bytes are in the store.

        Raises what `RenderService.picture` raises, `StoreUnavailable` too where the result cannot
        be kept, and what `planned` raises.
        """
        plan = await planned(self._renderings.inputs, self._renders, job)
        picture = await self._stored(job, plan, tenure)
        await remember(self._former, picture)
        return Result(
            digest=picture.plan.digest,
            format=plan.format,
            media_type=MEDIA_TYPES[plan.format],
            size=len(picture.data),
            warnings=picture.warnings,
        )

    async def _stored(self, job: Job, plan: Plan, tenure: Tenure) -> Picture:
        """Draw and store; what the store refuses is held, and drawn no second time."""
        drawn: list[tuple[str, StoredRendering]] = []

        def note(digest: str, rendering: StoredRendering) -> None:
            drawn.append((digest, rendering))
            fields = {"job": job.id, "attempt": job.attempt, "digest": digest}
            log.info("job rendered", extra={"fields": fields})

        try:
            return await self._renders.picture(
                plan,
                budget=self._budget,
                progress=tenure.progress,
                lane="job",
                must_store=True,
                drawn=note,
            )
        except StoreUnavailable:
            if not drawn:
                raise
        digest, rendering = drawn[-1]
        await self._offer(job, digest, rendering)
        return Picture(
            plan=msgspec.structs.replace(plan, digest=digest),
            data=rendering.data,
            warnings=(*plan.look.warnings, *rendering.warnings),
            source="drawn",
            stages={},
        )

    async def _offer(self, job: Job, digest: str, rendering: StoredRendering) -> None:
        """Offer a drawing to the store until that takes it, for a minute at most."""
        end = time.monotonic() + _STORE_FOR
        while True:
            try:
                await self._renderings.put(digest, job.format, rendering, create=True)
            except StoreUnavailable as error:
                if time.monotonic() > end:
                    raise
                log.warning("the result of the job %s is not stored yet: %s", job.id, error)
                await asyncio.sleep(_STORE_EVERY)
            else:
                return
