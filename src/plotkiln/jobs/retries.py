"""What becomes of a job whose attempt did not end well: tried again, or given up."""

import random
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from plotkiln.errors import (
    MemoryShort,
    PlotkilnError,
    QueueFull,
    RenderError,
    RenderingBusy,
    ShuttingDown,
    UnavailableError,
)
from plotkiln.jobs.job import Job

__all__ = ["Retries", "longest_pause"]

#: Seconds of the longest first pause, where an error does not say after how many it makes sense.
_FIRST = 0.5
#: Seconds of the longest pause.
_MOST = 60.0


def longest_pause(failures: int, first: float = _FIRST) -> float:
    """Return how many seconds the pause after so many failures may take: doubled with each."""
    # bounded before it is raised: no count of failures is too large for a float
    return min(_MOST, first * 2.0 ** min(failures - 1, 16))


class Retries:
    """Decides by the kind of error, and by how many attempts have failed.

    What the job itself is to blame for fails it at once: it would fail again. What passes
    (`UnavailableError`: a store, a worker) is tried again after a pause, until as many attempts
    have failed as the job may take. An attempt that had no room to begin (`MemoryShort`,
    `QueueFull`) tells nothing of the job: it is no failure, and the job waits for as long as it is
    wanted at all. A pause is drawn from zero to its longest ("full jitter"), so that what failed
    together does not come back together.
    """

    def __init__(
        self,
        describe: Callable[[PlotkilnError], Mapping[str, Any]],
        *,
        keep: float,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Take what describes an error as problem details (RFC 9457).

        `keep` is for how many seconds the record of a failed job is kept; `chance` returns a number
        from 0 to 1.
        """
        self._describe = describe
        self._keep = keep
        self._clock = clock
        self._chance = chance

    def failed(self, job: Job, error: PlotkilnError) -> Job:
        """Return what a running job becomes by the error that ended its attempt.

        A process that shuts down gives it back: that is no failure, and it waits for nothing. Nor
        is it one that another job renders the same; that is waited for.
        """
        if isinstance(error, ShuttingDown):
            return _queued(job, due=self._clock())
        if isinstance(error, RenderingBusy):
            return _queued(job, due=self._clock() + self._pause(1, error.retry_after))
        if isinstance(error, MemoryShort | QueueFull):
            return self._without_room(job, error)
        if isinstance(error, UnavailableError):
            return self._tried_again(job, error, error.retry_after)
        return self._given_up(job, error, job.failures + 1)

    def lapsed(self, job: Job) -> Job:
        """Return what a running job becomes whose worker gave no sign of life in time.

        Past the bound it is taken for the drawing's fault, which no further worker is to die of.
        """
        count = f"{job.failures + 1} of {job.attempts} attempts"
        died = f"The worker that drew it died, and so {count} have failed."
        return self._tried_again(job, RenderError(died), _FIRST)

    def _without_room(self, job: Job, error: UnavailableError) -> Job:
        """Give a job back, for longer each time; its last problem says what it waits for."""
        given_back = max(1, job.attempt - job.failures)
        due = self._clock() + self._pause(given_back, error.retry_after)
        return msgspec.structs.replace(_queued(job, due=due), problem=self._describe(error))

    def _tried_again(self, job: Job, error: PlotkilnError, first: float) -> Job:
        failures = job.failures + 1
        if failures >= job.attempts:
            return self._given_up(job, error, failures)
        due = self._clock() + self._pause(failures, first)
        problem = self._describe(error)
        return msgspec.structs.replace(_queued(job, due=due), failures=failures, problem=problem)

    def _given_up(self, job: Job, error: PlotkilnError, failures: int) -> Job:
        now = self._clock()
        return msgspec.structs.replace(
            job,
            state="failed",
            ended=now,
            expires=now + self._keep,
            lease=None,
            failures=failures,
            problem=self._describe(error),
        )

    def _pause(self, failures: int, first: float) -> float:
        return self._chance() * longest_pause(failures, first)


def _queued(job: Job, *, due: float) -> Job:
    """Return a job that waits for its next attempt, for which it was not published yet."""
    return msgspec.structs.replace(
        job,
        state="queued",
        lease=None,
        due=due,
        progress=None,
        publications=0,
        published=None,
    )
