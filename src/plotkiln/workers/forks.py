"""What workers are forked from: the zygote, and the branch that has the templates of others."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from plotkiln.errors import ShuttingDown, TemplatesChanged, WorkersUnavailable
from plotkiln.templates.descriptions import SourceDescription
from plotkiln.templates.sources import Source
from plotkiln.workers.branches import Branch, grow_branch
from plotkiln.workers.messages import Order, TemplateOrder
from plotkiln.workers.process import WorkerProcess, ZygoteProcess

__all__ = ["Fork", "Forks", "Templates"]

log = logging.getLogger("plotkiln.workers")

#: Makes a worker.
Fork = Callable[[], Awaitable[WorkerProcess]]


class Templates(msgspec.Struct, frozen=True):
    """What a branch of the zygote loads."""

    sources: Sequence[Source] = ()
    #: Targets that are known to end the process, and why; those found are added.
    skip: dict[str, str] = {}


class Forks:
    """Keeps a zygote and a branch of it, and replaces those that are gone."""

    def __init__(
        self,
        start: Callable[[], ZygoteProcess],
        *,
        closed: Callable[[], bool],
        count: Callable[[str, str], None],
    ) -> None:
        """Take what starts a zygote; once `closed`, none is started any more."""
        self._start = start
        self._closed = closed
        self._count = count
        self._zygote: ZygoteProcess | None = None
        self._branch: Branch | None = None
        self._left: list[Branch] = []
        self._growing = asyncio.Lock()

    @property
    def zygotes(self) -> list[int]:
        """The zygote's process id, if it runs."""
        return [self._zygote.pid] if self._zygote and self._zygote.alive else []

    @property
    def branches(self) -> list[int]:
        """The branch's process id, if there is one."""
        return [self._branch.pid] if self._branch and self._branch.alive else []

    def start(self) -> None:
        """Start a zygote; it loads while others do something else."""
        self._zygote = self._start()

    async def wake(self) -> None:
        """Wait until there is a zygote that can fork; raises `WorkersUnavailable`."""
        await self._listening_zygote().loaded()

    @property
    def warm(self) -> bool:
        """Whether there is a zygote that can fork at once."""
        return self._zygote is not None and self._zygote.alive and self._zygote.ready.done()

    def when_warm(self, act: Callable[[], None]) -> None:
        """Call `act` once the zygote that runs now has loaded everything, if ever."""

        def loaded(ready: asyncio.Future[float]) -> None:
            if not ready.cancelled() and ready.exception() is None:
                act()

        if self._zygote is not None:
            self._zygote.ready.add_done_callback(loaded)

    async def describe(self, templates: Templates) -> list[SourceDescription]:
        """Load the templates of others, unless they are loaded, and say what there is.

        Raises `WorkersUnavailable`, `ShuttingDown`, and `TemplatesChanged` when code is not what
        its source says.
        """
        branch = await self._branch_of(templates)
        if any(branch.code(source.id) != source.code for source in templates.sources):
            raise TemplatesChanged
        return branch.descriptions

    def source_of(self, order: Order, templates: Templates | None) -> Fork:
        """Return what forks a worker for an order: `fork`, unless a template of others draws it."""
        wanted = order.template
        if wanted is None or not wanted.foreign:
            return self.fork

        async def fork() -> WorkerProcess:
            self._count("workers_forked", "")
            try:
                return await (await self._branch_with(wanted, templates)).fork()
            except WorkersUnavailable as error:
                log.warning("%s; growing another branch", error)
            return await (await self._branch_with(wanted, templates)).fork()

        return fork

    async def fork(self) -> WorkerProcess:
        """Return a new worker; a zygote that is gone or hangs is replaced, once."""
        self._count("workers_forked", "")
        try:
            return await self._listening_zygote().fork()
        except WorkersUnavailable as error:
            log.warning("%s; starting another", error)
        return await self._listening_zygote().fork()

    def stop(self) -> None:
        """End the zygote and its branches, hence whatever they forked."""
        for branch in [self._branch, *self._left]:
            if branch is not None:
                branch.stop()
        self._branch, self._left = None, []
        if self._zygote is not None:
            self._zygote.stop()
            self._zygote = None

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
        if self._closed():  # the retry of a render that closing has killed
            raise ShuttingDown
        if self._zygote is None or not self._zygote.alive:
            self._zygote = self._start()
        return self._zygote
