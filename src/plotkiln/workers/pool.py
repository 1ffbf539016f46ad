"""The pool: workers that come with the work and go with it."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from contextvars import Context
from types import TracebackType
from typing import Self

import msgspec

from plotkiln.errors import QueueFull
from plotkiln.templates.descriptions import SourceDescription
from plotkiln.traces import record, span
from plotkiln.workers.admission import Admission
from plotkiln.workers.forks import Fork, Forks, Templates
from plotkiln.workers.messages import Order, Progress, Refused, Rendered
from plotkiln.workers.meters import Meter
from plotkiln.workers.process import WorkerLostError, WorkerProcess, ZygoteProcess, describe_exit
from plotkiln.workers.verdicts import Lane, accepted, verdict_on, verdict_on_lateness

__all__ = ["Lane", "Pool", "PoolSize"]

log = logging.getLogger("plotkiln.workers")


class PoolSize(msgspec.Struct, frozen=True, kw_only=True):
    """How many workers there may be, how large, and for how long."""

    #: Renders at a time.
    workers: int = 2
    #: Renders of jobs at a time, beside those.
    job_workers: int = 1
    #: Bytes a worker may allocate beyond what it shares with the zygote; 0: no bound.
    memory: int = 1 << 30
    #: Resident bytes past which an idle worker is replaced.
    recycle_resident: int = 512 << 20
    #: Orders after which a worker is replaced.
    recycle_orders: int = 1000
    #: Seconds without work after which workers end, then the zygote; None: they live on.
    idle: float | None = 60.0


class Pool:
    """Renders orders in forked workers, one at a time each, and outlives any of them.

    The zygote is started by entering the context, or by the first render after an idle time.
    """

    def __init__(
        self,
        start: Callable[[], ZygoteProcess],
        *,
        size: PoolSize,
        admission: Admission,
        count: Callable[[str, str], None] = lambda _name, _label: None,
        observe: Callable[[str, float, str], None] = lambda _name, _seconds, _label: None,
        worked: Callable[[float], None] = lambda _seconds: None,
    ) -> None:
        """Take what starts zygotes, and what counts.

        `observe` gets the names of durations, the seconds, and a label each. `worked` gets the
        seconds for which a worker was busy, in the context of whoever had it work.
        """
        self.size = size
        self.admission = admission
        #: Seconds for which workers drew, and for which they lived.
        self.busy, self.alive = Meter(), Meter()
        self._count = count
        self._observe = observe
        self._worked = worked
        self._forks = Forks(start, closed=lambda: admission.closed, count=count)
        self._slots = asyncio.Semaphore(size.workers)
        self._job_slots = asyncio.Semaphore(size.job_workers)
        self._idle: dict[Lane, list[WorkerProcess]] = {"request": [], "job": []}
        self._busy: set[WorkerProcess] = set()
        self._retirement: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        self._forks.start()
        self._rest()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.admission.close()
        self.retire()
        await asyncio.sleep(0)  # channels that were closed are let go in the loop's next turn

    @property
    def pids(self) -> dict[str, list[int]]:
        """Process ids: the zygote's, its branch's, the idle workers', the busy workers'."""
        return {
            "zygote": self._forks.zygotes,
            "branch": self._forks.branches,
            "idle": [worker.pid for worker in self._resting],
            "busy": [worker.pid for worker in self._busy],
        }

    @property
    def warm(self) -> bool:
        """Whether a worker can be had without waiting for a zygote to load."""
        return self._forks.warm

    def when_warm(self, act: Callable[[], None]) -> None:
        """Call `act` once the zygote that runs now has loaded everything, if ever."""
        self._forks.when_warm(act)

    @property
    def _resting(self) -> list[WorkerProcess]:
        return [worker for workers in self._idle.values() for worker in workers]

    async def wake(self) -> None:
        """Wait until there is a zygote that can fork; raises `WorkersUnavailable`."""
        self._cancel_retirement()
        try:
            await self._forks.wake()
        finally:
            self._rest()

    async def describe(self, templates: Templates) -> list[SourceDescription]:
        """Load the templates of others, unless they are loaded, and say what there is.

        Raises `WorkersUnavailable` when no process can, `ShuttingDown` once closed,
        `TemplatesChanged` when code is not what its source says.
        """
        self._cancel_retirement()
        try:
            return await self._forks.describe(templates)
        finally:
            self._rest()

    async def render(
        self,
        order: Order,
        *,
        budget: float,
        templates: Templates | None = None,
        lane: Lane = "request",
        progress: Callable[[Progress], None] | None = None,
    ) -> Rendered:
        """Draw one order within `budget` seconds; a wait for a worker takes as long again at most.

        The time in which a worker is forked, or a zygote started, is not the drawing's. A worker
        that is lost on the way costs one retry. An order with a template of others needs
        `templates`. Whoever is cancelled while this draws has the worker killed at once.

        Jobs have slots of their own, wait for one however long it takes, and take no place from
        requests; their workers leave the processors to those of requests. `progress` is told how
        far the drawing is; after a retry, from the beginning.

        Raises what `Admission.place` and `job` raise, and `QueueFull` when no worker became free;
        `DeadlineExceeded` past the budget, yet `WorkersUnavailable` for a job that had no processor
        for most of it; `MemoryExceeded`, `DrawingFailed` and `RuleError` when
        the worker refused; `WorkersUnavailable` when a second worker was lost, too;
        `TemplatesChanged` when the template's code is not what it was.
        """
        async with self._slot(lane, budget):
            try:
                fork = self._forks.source_of(order, templates)
                deadline = asyncio.timeout(budget)
                drawing = _Drawing(order, lane, deadline, fork, progress)
                async with deadline:
                    return accepted(await self._render_with_retry(drawing))
            except TimeoutError:
                self._count("renders_killed", "deadline")
                raise verdict_on_lateness(lane, budget, drawing.starved) from None
            finally:
                self._rest()

    def retire(self) -> None:
        """End every worker and the zygote; the next render starts them anew."""
        self._cancel_retirement()
        for worker in [*self._resting, *self._busy]:
            worker.kill()
        for workers in self._idle.values():
            workers.clear()
        self._forks.stop()

    @asynccontextmanager
    async def _slot(self, lane: Lane, patience: float) -> AsyncIterator[None]:
        """Hold a worker's slot of a lane."""
        async with AsyncExitStack() as stack:
            if lane == "job":
                with self._queueing(lane):
                    await stack.enter_async_context(self._job_slots)
                with span("admission"):
                    stack.enter_context(self.admission.job())
            else:
                with span("admission"):
                    stack.enter_context(self.admission.place())
                with self._queueing(lane):
                    await stack.enter_async_context(_acquired(self._slots, patience))
            yield

    @contextmanager
    def _queueing(self, lane: Lane) -> Iterator[None]:
        """Measure a wait for a slot."""
        asked = time.monotonic()
        with span("queue", {"plotkiln.lane": lane}):
            yield
        self._observe("render_queue_seconds", time.monotonic() - asked, lane)

    async def _render_with_retry(self, drawing: "_Drawing") -> Rendered | Refused:
        idle = self._take_idle(drawing.lane) if drawing.fork == self._forks.fork else None
        try:
            return await self._render_once(drawing, idle)
        except WorkerLostError as first:
            log.warning("%s; rendering again", first)
        try:
            # in a new worker: whatever ended the first may be about to end the idle ones
            return await self._render_once(drawing, None)
        except WorkerLostError as second:
            raise verdict_on(second, drawing.order) from second

    async def _render_once(
        self, drawing: "_Drawing", worker: WorkerProcess | None
    ) -> Rendered | Refused:
        """Return the reply of a worker, or of one that is forked for it."""
        if worker is None:
            with _paused(drawing.deadline), span("fork"):
                worker = await drawing.fork()
            self._count_life(worker)
            if drawing.lane == "job":
                worker.step_back()
        try:
            with self._at_work(worker), span("worker", {"process.pid": worker.pid}):
                reply = await worker.render(drawing.order, drawing.progress)
                _record_stages(reply)
        except WorkerLostError as lost:
            self._count("renders_killed", describe_exit(lost.code))
            worker.kill()
            raise
        except BaseException:  # the deadline, or nobody waits any more: nothing else ends it
            drawing.starved = worker.starved
            worker.kill()
            raise
        finally:
            if worker.branch is not None:
                worker.branch.release(worker)
        self._give_back(worker, reply, drawing.lane)
        return reply

    @contextmanager
    def _at_work(self, worker: WorkerProcess) -> Iterator[None]:
        """Count a worker as busy while inside, and its seconds afterwards."""
        began = time.monotonic()
        self._busy.add(worker)
        self.busy.change(1)
        try:
            yield
        finally:
            self._busy.discard(worker)
            self.busy.change(-1)
            self._worked(time.monotonic() - began)

    def _count_life(self, worker: WorkerProcess) -> None:
        self.alive.change(1)
        worker.then(lambda: self.alive.change(-1))

    def _take_idle(self, lane: Lane) -> WorkerProcess | None:
        """Return an idle worker, None where there is none; those that ended meanwhile are left."""
        self._cancel_retirement()
        while self._idle[lane]:
            worker = self._idle[lane].pop()
            if not worker.gone:
                return worker
            worker.kill()
        return None

    def _give_back(self, worker: WorkerProcess, reply: Rendered | Refused, lane: Lane) -> None:
        """Keep a worker for the next order, unless it has grown, or has drawn its share."""
        if worker.branch is not None:
            return
        # One that ran out of memory holds too much of it still to draw even something small.
        exhausted = isinstance(reply, Refused) and reply.reason == "memory"
        grown = exhausted or worker.resident > self.size.recycle_resident
        if grown or worker.orders >= self.size.recycle_orders:
            self._count("workers_recycled", "memory" if grown else "orders")
            worker.close()
        else:
            self._idle[lane].append(worker)

    def _rest(self) -> None:
        """Retire after the idle time, unless work comes first."""
        self._cancel_retirement()
        if self.size.idle is not None and not self._busy:
            loop = asyncio.get_running_loop()
            self._retirement = loop.call_later(self.size.idle, self._retire_idle, context=Context())

    def _retire_idle(self) -> None:
        if not self._busy and not self.admission.taken and not self.admission.jobs:
            log.info("idle for %g s: the render processes end", self.size.idle)
            self.retire()

    def _cancel_retirement(self) -> None:
        if self._retirement is not None:
            self._retirement.cancel()
            self._retirement = None


def _record_stages(reply: Rendered | Refused) -> None:
    """Add what a worker said of its stages to the trace: one after the other, up to now."""
    if isinstance(reply, Refused):
        return
    left = sum(reply.stages.values()) / 1000
    for stage, milliseconds in reply.stages.items():
        left -= milliseconds / 1000
        record(stage, milliseconds / 1000, ago=left)


class _Drawing(msgspec.Struct):
    """An order on its way."""

    order: Order
    lane: Lane
    deadline: asyncio.Timeout
    #: Makes a worker for it.
    fork: Fork
    progress: Callable[[Progress], None] | None
    #: Seconds for which the worker that was killed had no processor.
    starved: float = 0.0


@asynccontextmanager
async def _acquired(slots: asyncio.Semaphore, patience: float) -> AsyncIterator[None]:
    """Hold a slot; raises `QueueFull` when none became free within `patience` seconds."""
    try:
        await asyncio.wait_for(slots.acquire(), timeout=patience)
    except TimeoutError:
        raise QueueFull(f"No render process became free within {patience:g} s.") from None
    try:
        yield
    finally:
        slots.release()


@contextmanager
def _paused(deadline: asyncio.Timeout) -> Iterator[None]:
    """Stop the clock of a deadline while inside, unless it is over already."""
    if deadline.expired():
        yield
        return
    loop = asyncio.get_running_loop()
    left = (deadline.when() or 0) - loop.time()
    deadline.reschedule(None)
    try:
        yield
    finally:
        deadline.reschedule(loop.time() + left)
