"""The pool: workers that come with the work and go with it."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import msgspec

from plotkiln.errors import (
    DeadlineExceeded,
    DrawingFailed,
    MemoryExceeded,
    QueueFull,
    RenderError,
    RuleError,
    ShuttingDown,
    TemplatesChanged,
    WorkersUnavailable,
)
from plotkiln.templates.descriptions import SourceDescription
from plotkiln.templates.sources import Source
from plotkiln.workers.admission import Admission
from plotkiln.workers.branches import Branch, grow_branch
from plotkiln.workers.messages import Order, Refused, Rendered, TemplateOrder
from plotkiln.workers.process import WorkerLostError, WorkerProcess, ZygoteProcess, describe_exit

__all__ = ["Pool", "PoolSize", "Templates"]

log = logging.getLogger("plotkiln.workers")

#: Signals by which a process ends itself on a fault of its own: the drawing's doing, not chance.
_CRASHES = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL}


class PoolSize(msgspec.Struct, frozen=True, kw_only=True):
    """How many workers there may be, how large, and for how long."""

    #: Renders at a time.
    workers: int = 2
    #: Bytes a worker may allocate beyond what it shares with the zygote; 0: no bound.
    memory: int = 1 << 30
    #: Resident bytes past which an idle worker is replaced.
    recycle_resident: int = 512 << 20
    #: Orders after which a worker is replaced.
    recycle_orders: int = 1000
    #: Seconds without work after which workers end, then the zygote; None: they live on.
    idle: float | None = 60.0


class Templates(msgspec.Struct, frozen=True):
    """What a branch of the zygote loads."""

    sources: Sequence[Source] = ()
    #: Targets that are known to end the process, and why; those found are added.
    skip: dict[str, str] = {}


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
    ) -> None:
        self.size = size
        self.admission = admission
        self._count = count
        self._start = start
        self._zygote: ZygoteProcess | None = None
        self._slots = asyncio.Semaphore(size.workers)
        self._idle: list[WorkerProcess] = []
        self._busy: set[WorkerProcess] = set()
        self._branch: Branch | None = None
        self._left: list[Branch] = []
        self._growing = asyncio.Lock()
        self._retirement: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        self._zygote = self._start()
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
            "zygote": [self._zygote.pid] if self._zygote and self._zygote.alive else [],
            "branch": [self._branch.pid] if self._branch and self._branch.alive else [],
            "idle": [worker.pid for worker in self._idle],
            "busy": [worker.pid for worker in self._busy],
        }

    async def wake(self) -> None:
        """Wait until there is a zygote that can fork; raises `WorkersUnavailable`."""
        self._cancel_retirement()
        try:
            await self._listening_zygote().loaded()
        finally:
            self._rest()

    async def describe(self, templates: Templates) -> list[SourceDescription]:
        """Load the templates of others, unless they are loaded, and say what there is.

        Raises `WorkersUnavailable` when no process can, `ShuttingDown` once closed,
        `TemplatesChanged` when code is not what its source says.
        """
        self._cancel_retirement()
        try:
            branch = await self._branch_of(templates)
            if any(branch.code(source.id) != source.code for source in templates.sources):
                raise TemplatesChanged
            return branch.descriptions
        finally:
            self._rest()

    async def render(
        self, order: Order, *, budget: float, templates: Templates | None = None
    ) -> Rendered:
        """Draw one order within `budget` seconds; a wait for a worker takes as long again at most.

        The time in which a worker is forked, or a zygote started, is not the drawing's. A worker
        that is lost on the way costs one retry. An order with a template of others needs
        `templates`. Raises what `Admission.place` raises, and `QueueFull` when no worker became
        free; `DeadlineExceeded` past the budget; `MemoryExceeded`, `DrawingFailed` and `RuleError`
        when the worker refused; `WorkersUnavailable` when a second worker was lost, too;
        `TemplatesChanged` when the template's code is not what it was.
        """
        with self.admission.place():
            await self._slot(budget)
            try:
                async with asyncio.timeout(budget) as deadline:
                    fork = self._source_of(order, templates)
                    return _accepted(await self._render_with_retry(order, deadline, fork))
            except TimeoutError:
                self._count("renders_killed", "deadline")
                raise DeadlineExceeded(
                    f"The drawing took longer than {budget:g} s, the most a render may take: "
                    "send fewer points, or fewer series."
                ) from None
            finally:
                self._slots.release()
                self._rest()

    def retire(self) -> None:
        """End every worker and the zygote; the next render starts them anew."""
        self._cancel_retirement()
        for worker in [*self._idle, *self._busy]:
            worker.kill()
        self._idle.clear()
        for branch in [self._branch, *self._left]:
            if branch is not None:
                branch.stop()
        self._branch, self._left = None, []
        if self._zygote is not None:
            self._zygote.stop()
            self._zygote = None

    async def _slot(self, patience: float) -> None:
        try:
            await asyncio.wait_for(self._slots.acquire(), timeout=patience)
        except TimeoutError:
            raise QueueFull(f"No render process became free within {patience:g} s.") from None

    async def _render_with_retry(
        self, order: Order, deadline: asyncio.Timeout, fork: "_Fork"
    ) -> Rendered | Refused:
        idle = self._take_idle() if fork == self._fork else None
        try:
            return await self._render_once(order, deadline, idle or fork)
        except WorkerLostError as first:
            log.warning("%s; rendering again", first)
        try:
            # in a new worker: whatever ended the first may be about to end the idle ones
            return await self._render_once(order, deadline, fork)
        except WorkerLostError as second:
            raise _verdict(second, order) from second

    async def _render_once(
        self, order: Order, deadline: asyncio.Timeout, source: "WorkerProcess | _Fork"
    ) -> Rendered | Refused:
        """Return the reply of a worker, or of one that is forked for it."""
        if isinstance(source, WorkerProcess):
            worker = source
        else:
            with _paused(deadline):
                worker = await source()
        self._busy.add(worker)
        try:
            reply = await worker.render(order)
        except WorkerLostError as lost:
            self._count("renders_killed", describe_exit(lost.code))
            worker.kill()
            raise
        except BaseException:  # the deadline, or nobody waits any more: nothing else ends it
            worker.kill()
            raise
        finally:
            self._busy.discard(worker)
            if worker.branch is not None:
                worker.branch.release(worker)
        self._give_back(worker, reply)
        return reply

    def _take_idle(self) -> WorkerProcess | None:
        """Return an idle worker, None where there is none; those that ended meanwhile are left."""
        self._cancel_retirement()
        while self._idle:
            worker = self._idle.pop()
            if not worker.gone:
                return worker
            worker.kill()
        return None

    async def _fork(self) -> WorkerProcess:
        """Return a new worker; a zygote that is gone or hangs is replaced, once."""
        self._count("workers_forked", "")
        try:
            return await self._listening_zygote().fork()
        except WorkersUnavailable as error:
            log.warning("%s; starting another", error)
        return await self._listening_zygote().fork()

    def _source_of(self, order: Order, templates: Templates | None) -> "_Fork":
        """Return what forks a worker for an order."""
        wanted = order.template
        if wanted is None or not wanted.foreign:
            return self._fork

        async def fork() -> WorkerProcess:
            self._count("workers_forked", "")
            try:
                return await (await self._branch_with(wanted, templates)).fork()
            except WorkersUnavailable as error:
                log.warning("%s; growing another branch", error)
            return await (await self._branch_with(wanted, templates)).fork()

        return fork

    async def _branch_with(self, wanted: TemplateOrder, templates: Templates | None) -> Branch:
        """Return a branch that has the code of an order; raises `TemplatesChanged`."""
        branch = self._branch
        if branch is None or not branch.alive or branch.code(wanted.source) != wanted.code:
            branch = await self._branch_of(templates or Templates())
        if branch.code(wanted.source) != wanted.code:
            raise TemplatesChanged
        return branch

    async def _branch_of(self, templates: Templates) -> Branch:
        """Return a branch that has these templates; the one with others is left."""
        async with self._growing:
            branch = self._branch
            sources = tuple(templates.sources)
            if branch is None or not branch.alive or branch.sources != sources:
                self._leave()
                branch = await grow_branch(self._listening_zygote(), sources, templates.skip)
                self._branch = branch
            return branch

    def _leave(self) -> None:
        """Let the branch end once nothing is drawn in it."""
        if self._branch is not None:
            self._left.append(self._branch)
            self._branch.leave()
            self._branch = None
        self._left = [branch for branch in self._left if branch.alive]

    def _listening_zygote(self) -> ZygoteProcess:
        if self.admission.closed:  # the retry of a render that closing has killed
            raise ShuttingDown
        if self._zygote is None or not self._zygote.alive:
            self._zygote = self._start()
        return self._zygote

    def _give_back(self, worker: WorkerProcess, reply: Rendered | Refused) -> None:
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
            self._idle.append(worker)

    def _rest(self) -> None:
        """Retire after the idle time, unless work comes first."""
        self._cancel_retirement()
        if self.size.idle is not None and not self._busy:
            loop = asyncio.get_running_loop()
            self._retirement = loop.call_later(self.size.idle, self._retire_idle)

    def _retire_idle(self) -> None:
        if not self._busy and not self.admission.taken:
            log.info("idle for %g s: the render processes end", self.size.idle)
            self.retire()

    def _cancel_retirement(self) -> None:
        if self._retirement is not None:
            self._retirement.cancel()
            self._retirement = None


#: Makes a worker.
_Fork = Callable[[], Awaitable[WorkerProcess]]


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


def _accepted(reply: Rendered | Refused) -> Rendered:
    if isinstance(reply, Rendered):
        return reply
    if reply.reason == "memory":
        raise MemoryExceeded(
            "The drawing needed more memory than one render may have: "
            "send fewer points, or a smaller picture."
        )
    if reply.reason == "rules":
        raise RuleError(reply.message, faults=reply.faults)
    raise DrawingFailed(reply.message)


def _verdict(lost: WorkerLostError, order: Order) -> RenderError | WorkersUnavailable:
    how = describe_exit(lost.code)
    if order.template is not None and order.template.foreign:
        return DrawingFailed(f"The template {order.template.name} ended its process twice ({how}).")
    if lost.code is not None and -lost.code in _CRASHES:
        return DrawingFailed(f"The drawing crashed the renderer twice ({how}).")
    return WorkersUnavailable(f"Two render processes ended one after the other ({how}).")
