"""Branches of the zygote: where the templates of others are loaded, and forked from.

The web process's half. A branch is replaced when its sources change; what it draws it draws to the
end. One that dies or hangs while it loads is grown again without the target that it stopped at.
"""

import asyncio
import logging
import socket
from collections.abc import Sequence

from plotkiln.errors import WorkersUnavailable
from plotkiln.templates.descriptions import SourceDescription
from plotkiln.templates.sources import Source
from plotkiln.workers.messages import Exited, Forked, Load, Loaded, Loading, Ready, frame
from plotkiln.workers.process import Grown, WorkerProcess, ZygoteProcess, describe_exit

__all__ = ["Branch", "grow_branch"]

log = logging.getLogger("plotkiln.workers")

#: Seconds that one file or module of templates may take to load.
_LOADED_WITHIN = 10.0


class Branch(ZygoteProcess):
    """A zygote that has templates."""

    def __init__(self, process: Grown, control: socket.socket, sources: Sequence[Source]) -> None:
        super().__init__(process, control)
        self.sources = tuple(sources)
        self._grown = process
        self._loaded: asyncio.Future[Loaded] = asyncio.get_running_loop().create_future()
        self._heard = asyncio.Event()
        #: What it loads now, or did last; empty before the first.
        self.target = ""
        self._workers: set[WorkerProcess] = set()
        #: Workers that are being forked.
        self._forks = 0
        self._left = False

    @property
    def descriptions(self) -> list[SourceDescription]:
        """What it has loaded, source by source."""
        return self._loaded.result().descriptions

    def code(self, source: str) -> str:
        """Return the digest of a source's code as it was loaded; empty for none."""
        return self._loaded.result().codes.get(source, "")

    async def load(self, skip: dict[str, str]) -> str:
        """Load every source but the targets to skip; return what went wrong, or nothing.

        Waits for a sign of life for as long as one target may take.
        """
        message = frame(Load(list(self.sources), skip))
        await asyncio.get_running_loop().sock_sendall(self._control, message)
        while not self._loaded.done():
            self._heard.clear()
            try:
                await asyncio.wait_for(self._heard.wait(), _LOADED_WITHIN)
            except TimeoutError:
                self.stop()
                return f"it did not load within {_LOADED_WITHIN:g} s"
            if not self.alive:
                await asyncio.wait([self._grown.exited], timeout=1)
                return f"it ended the process ({describe_exit(self._exit_code())})"
        self.ready.set_result(0.0)
        return ""

    async def fork(self) -> WorkerProcess:
        """Return a new worker for one order; give it back by `release`."""
        self._forks += 1
        try:
            worker = await super().fork()
            worker.branch = self
            self._workers.add(worker)
        finally:
            self._forks -= 1
            self._end_if_left()
        return worker

    def release(self, worker: WorkerProcess) -> None:
        """End a worker that has done its one order; the last one of a branch that was left, it too.

        What others' code left in a process goes with the process.
        """
        worker.close()
        self._workers.discard(worker)
        self._end_if_left()

    def leave(self) -> None:
        """Fork no more; end once nothing is drawn."""
        self._left = True
        self._end_if_left()

    def stop(self) -> None:
        """End now, with all workers."""
        super().stop()
        self._heard.set()

    def _end_if_left(self) -> None:
        if self._left and not self._workers and not self._forks:
            self.stop()

    def _exit_code(self) -> int | None:
        exited = self._grown.exited
        return exited.result() if exited.done() and not exited.cancelled() else None

    def _handle(self, report: Ready | Forked | Exited | Loading | Loaded) -> None:
        match report:
            case Loading():
                self.target = report.target
                self._heard.set()
            case Loaded():
                self._loaded.set_result(report)
                self._heard.set()
            case _:
                super()._handle(report)


async def grow_branch(
    zygote: ZygoteProcess, sources: Sequence[Source], skip: dict[str, str]
) -> Branch:
    """Return a branch with every source loaded, but for the targets that cannot be.

    `skip` holds those known to end the process, and why; those found on the way are added. Raises
    `WorkersUnavailable` when the zygote is gone, or the branch is before it loads anything.
    """
    suspects: set[str] = set()
    while True:
        branch = Branch(*await zygote.grow(), sources)
        try:
            failure = await branch.load(skip)
        except BaseException:
            branch.stop()
            raise
        if not failure:
            return branch
        if not branch.target or branch.target in skip:
            raise WorkersUnavailable(f"Templates cannot be loaded: {failure}.")
        if "SIGKILL" in failure and branch.target not in suspects:  # by chance, for want of memory
            suspects.add(branch.target)
            continue
        log.warning("%s: %s; loading the others", branch.target, failure)
        skip[branch.target] = failure
