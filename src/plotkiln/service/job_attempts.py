"""One attempt of one job: drawn, stored, recorded; or broken off, and nothing of it is recorded."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from plotkiln.errors import PlotkilnError, StoreUnavailable
from plotkiln.jobs import Job, Result
from plotkiln.service.job_tenure import Tenure

__all__ = ["Attempt", "Draw"]

log = logging.getLogger("plotkiln.jobs")

#: Draws a job's input and stores the bytes for sure.
Draw = Callable[[Job, Tenure], Coroutine[Any, Any, Result]]


class Attempt:
    """What a worker does with a job that it has taken.

    The drawing ends at once, its process killed, when the job is not this attempt's any more, and
    when it is broken off.
    """

    def __init__(
        self,
        tenure: Tenure,
        draw: Draw,
        *,
        failed: Callable[[Job, PlotkilnError], Job],
        keep: float,
    ) -> None:
        """Take the hold of the job, and what draws.

        `failed` says what becomes of a job by an error; `keep` is for how many seconds a result is
        kept.
        """
        self._tenure = tenure
        self._draw = draw
        self._failed = failed
        self._keep = keep
        self._broken: asyncio.Future[PlotkilnError] = asyncio.get_running_loop().create_future()

    def break_off(self, reason: PlotkilnError) -> None:
        """Have it end now, and the job go on by what `failed` says of the reason."""
        if not self._broken.done():
            self._broken.set_result(reason)

    async def run(self) -> Job | None:
        """Return the job as it was let go; None when it had become another's.

        Raises `StoreUnavailable` when the store stays away: the lease lapses then, and the sweep
        takes the job back.
        """
        tenure = self._tenure
        drawing = asyncio.create_task(self._draw(tenure.job, tenure), name=f"job {tenure.job.id}")
        holding = asyncio.create_task(tenure.hold(), name=f"hold {tenure.job.id}")
        try:
            waited: set[asyncio.Future[Any]] = {drawing, holding, self._broken}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if drawing.done():
                return await tenure.change(self._outcome(drawing))
            if not self._broken.done():
                self._note_loss(holding)
                return None
            await _ended(drawing)
            return await tenure.change(self._failed(tenure.job, self._broken.result()))
        finally:
            await _ended(drawing, holding)

    def _note_loss(self, holding: asyncio.Task[None]) -> None:
        """Say so where the job is nobody else's, and only its hold met a defect."""
        if error := holding.exception():
            log.error("the hold of %s met a defect", self._tenure.job.id, exc_info=error)

    def _outcome(self, drawing: asyncio.Task[Result]) -> Job:
        """Return what the job is to be, by what came of its drawing."""
        job = self._tenure.job
        error = drawing.exception()
        if error is None:
            now = time.time()
            return msgspec.structs.replace(
                job,
                state="succeeded",
                ended=now,
                expires=now + self._keep,
                lease=None,
                progress=None,
                problem=None,
                result=drawing.result(),
            )
        if not isinstance(error, PlotkilnError):
            log.error("the job %s met a defect", job.id, exc_info=error)
            error = PlotkilnError("This is a defect: report it with the id of the job.")
        elif isinstance(error, StoreUnavailable):
            log.warning("an attempt of the job %s failed: %s", job.id, error)
        return self._failed(job, error)


async def _ended(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait for their end, whatever that is."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
