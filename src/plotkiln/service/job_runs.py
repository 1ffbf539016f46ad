"""Render jobs because an event asked for it: taken by one worker, ended once."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import msgspec

from plotkiln.errors import (
    PlotkilnError,
    PreconditionFailed,
    QueueFull,
    RenderingBusy,
    RuleError,
    ShuttingDown,
    StoreUnavailable,
    WorkersUnavailable,
)
from plotkiln.events.event import CloudEvent
from plotkiln.jobs import Job, JobStore
from plotkiln.service.job_attempts import Attempt, Draw
from plotkiln.service.job_news import JobNews, finished_event
from plotkiln.service.job_publishing import JOB_REQUESTS, REQUESTED, JobPublishing, Requested
from plotkiln.service.job_tenure import Tenure
from plotkiln.service.metrics import Metrics
from plotkiln.traces import note, span
from plotkiln.traces.spans import Attribute

__all__ = ["JobRuns", "RunSettings"]

log = logging.getLogger("plotkiln.jobs")

#: Seconds that clocks of two machines may differ by: who publishes may be before who takes.
_CLOCKS = 0.25


class RunSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How jobs are rendered here; times in seconds."""

    #: Jobs rendered at once.
    slots: int
    #: After which a worker without a sign of life loses its job.
    lease: float
    #: For which a result is kept.
    keep: float
    #: For which jobs under way may go on once the process is to end.
    drain: float


class JobRuns:
    """What becomes of the events that ask for jobs; leaving ends the attempts under way.

    An event may come twice, late, or at once with others: the job's record alone decides.
    """

    def __init__(
        self,
        store: JobStore,
        draw: Draw,
        publishing: JobPublishing,
        *,
        failed: Callable[[Job, PlotkilnError], Job],
        told: JobNews,
        metrics: Metrics,
        settings: RunSettings,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """Take the records, what draws, and what publishes.

        `failed` says what becomes of a job by an error, and `wake` wakes the sweep, which publishes
        what waits for its next attempt.
        """
        self._store = store
        self._draw = draw
        self._publishing = publishing
        self._failed = failed
        self._told = told
        self._metrics = metrics
        self._settings = settings
        self._wake = wake
        self._attempts: dict[asyncio.Task[CloudEvent | None], Attempt] = {}
        self._taking = 0
        #: When this process was to end, by a clock that nobody sets; None: it is not to.
        self._closed: float | None = None

    async def handle(self, event: CloudEvent) -> CloudEvent | None:
        """Render the job that an event asks for; return the event that says how it ended.

        An event that comes again has the same reply once more: whoever got it may have died. None
        where there is nothing to do: another worker holds the job, another attempt is under way or
        wanted by now, it was cancelled, its pause is not over; where a long job is asked for by the
        event of those that are not; and where the attempt ended without the job having ended.

        Raises `QueueFull` when as many jobs as may are rendered here, `ShuttingDown` when none is
        begun any more, `StoreUnavailable` when the records do not answer, `RuleError` for an event
        without a job's id. All but the last are mended by a later delivery.
        """
        if event.type not in JOB_REQUESTS:
            return None
        asked = _asked(event)
        job = await self._store.get(asked.id)
        if job is not None and _was_ended_by(job, asked):
            return finished_event(job)
        if not self._is_wanted(job, asked):
            return None
        if job is not None and job.long and event.type == REQUESTED:
            self._pass_over(job.id, "takes longer than this event allows")
            return None
        with self._place():
            taken = await self._taken(asked)
            return None if taken is None else await self._until_ended(taken)

    def close(self) -> None:
        """Begin no further job: this process is to end, and the time for draining runs."""
        if self._closed is None:
            self._closed = time.monotonic()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let jobs end that can within the time for that, and give the others back."""
        self.close()
        assert self._closed is not None
        if not self._attempts:
            return
        left = self._closed + self._settings.drain - time.monotonic()
        _, late = await asyncio.wait(self._attempts, timeout=max(0.0, left))
        for task in late:
            self._attempts[task].break_off(ShuttingDown())
        await asyncio.gather(*late, return_exceptions=True)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._closed is not None:
            raise ShuttingDown
        if self._taking >= self._settings.slots:
            raise QueueFull(f"{self._taking} jobs are being rendered here: more wait their turn.")
        self._taking += 1
        try:
            yield
        finally:
            self._taking -= 1

    def _is_wanted(self, job: Job | None, asked: Requested) -> bool:
        """Say whether an attempt is to begin by this event."""
        if job is not None and _is_wanted(job, asked, time.time()):
            return True
        self._pass_over(asked.id, "is not for now" if job else "is gone")
        return False

    async def _taken(self, asked: Requested) -> Job | None:
        """Take a job for this process; None when another was faster, or renders the same."""
        while True:
            job = await self._store.get(asked.id)
            if job is None or not self._is_wanted(job, asked):
                return None
            try:
                return await self._take(job)
            except PreconditionFailed:  # noted as published, or taken: another look tells
                continue
            except RenderingBusy as busy:  # whose end has this one published again
                self._pass_over(job.id, str(busy))
                return None

    async def _take(self, job: Job) -> Job:
        now = time.time()
        wanted = msgspec.structs.replace(
            job,
            state="running",
            attempt=job.attempt + 1,
            lease=now + self._settings.lease,
            started=job.started or now,
            progress=None,
        )
        try:
            taken = await self._store.replace(wanted)
        except StoreUnavailable:  # it may have done it before it went away
            found = await self._store.get(job.id)
            if found is None or not _is_same_hold(found, wanted):
                raise
            taken = found
        self._metrics.observe("job_queue_seconds", max(0.0, now - max(job.created, job.due)))
        log.info("job begun", extra={"fields": {"job": job.id, "attempt": taken.attempt}})
        self._told.changed(taken)
        return taken

    async def _until_ended(self, taken: Job) -> CloudEvent | None:
        """Run an attempt; whoever waits for it may leave, by which it is broken off."""
        settings = self._settings
        tenure = Tenure(self._store, taken, lease=settings.lease, told=self._told)
        attempt = Attempt(tenure, self._draw, failed=self._failed, keep=settings.keep)
        task = asyncio.create_task(self._run(attempt, taken), name=f"attempt {taken.id}")
        self._attempts[task] = attempt
        task.add_done_callback(self._attempts.pop)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            cut = WorkersUnavailable("The delivery that had it rendered was cut off.")
            attempt.break_off(ShuttingDown() if self._closed is not None else cut)
            raise

    async def _run(self, attempt: Attempt, taken: Job) -> CloudEvent | None:
        began = time.monotonic()
        note(job=taken.id, principal=taken.owner)
        attributes: dict[str, Attribute] = {
            "plotkiln.job": taken.id,
            "plotkiln.attempt": taken.attempt,
        }
        with span("job attempt", attributes, root=True, links=[taken.trace]) as begun:
            after = await attempt.run()
            begun.set({"plotkiln.outcome": "lost" if after is None else after.state})
        seconds = time.monotonic() - began
        state = "lost" if after is None else after.state
        self._metrics.count("job_attempts", state)
        self._metrics.observe("job_seconds", seconds, state)
        fields = {"job": taken.id, "attempt": taken.attempt, "state": state}
        log.info("attempt ended", extra={"fields": {**fields, "ms": round(seconds * 1000)}})
        if after is None:
            return None
        if not after.over:
            await self._wait_again(after)
            return None
        self._told.ended(after, offer=False)
        await self._publish_siblings(after)
        return finished_event(after)

    async def _wait_again(self, job: Job) -> None:
        """Have a job published for its next attempt, now or when its pause is over."""
        self._told.changed(job)
        if job.due <= time.time():
            await self._publishing.publish(job)
        self._wake()

    async def _publish_siblings(self, ended: Job) -> None:
        """Publish the jobs of others that waited for just this rendering; else the sweep does."""
        try:
            siblings = await self._store.siblings(ended.digest)
        except StoreUnavailable as error:
            log.warning("%s", error)
            return
        for sibling in siblings:
            if sibling.state == "queued" and sibling.due <= time.time():
                await self._publishing.publish(sibling)

    def _pass_over(self, id: str, why: str) -> None:  # noqa: A002 -- the field's word
        self._metrics.count("job_attempts", "none")
        log.info("job passed over", extra={"fields": {"job": id, "why": why}})


def _asked(event: CloudEvent) -> Requested:
    try:
        return msgspec.json.decode(event.data or b"", type=Requested)
    except msgspec.DecodeError as error:
        raise RuleError(f"The event {event.id} does not say which job it asks for.") from error


def _is_same_hold(found: Job, wanted: Job) -> bool:
    """Say whether a job is held as just this worker wanted to; no other has the same lease."""
    return (found.state, found.attempt, found.lease) == ("running", wanted.attempt, wanted.lease)


def _was_ended_by(job: Job, asked: Requested) -> bool:
    """Say whether a job was ended by the attempt that an event asks for."""
    return job.attempt == asked.attempt and job.state in {"succeeded", "failed"}


def _is_wanted(job: Job, asked: Requested, now: float) -> bool:
    """Say whether an attempt is to begin by this event."""
    return (
        job.state == "queued"
        and job.attempt < asked.attempt
        and job.due <= now + _CLOCKS
        and now < job.expires
    )
