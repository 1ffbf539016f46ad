"""The web process's half: the zygote as a child process, and each worker behind its channel."""

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from contextvars import Context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from plotkiln.errors import WorkersUnavailable
from plotkiln.workers.fonts import FontSet
from plotkiln.workers.messages import (
    Exited,
    Fork,
    Forked,
    FrameBuffer,
    Grow,
    Loaded,
    Loading,
    Order,
    Prepare,
    Progress,
    Ready,
    Refused,
    Rendered,
    decode_reply,
    decode_report,
    frame,
    read_frame,
)
from plotkiln.workers.starvation import seconds_starved

__all__ = [
    "Grown",
    "WorkerLostError",
    "WorkerProcess",
    "ZygoteProcess",
    "describe_exit",
    "start_zygote",
]

if TYPE_CHECKING:
    from plotkiln.workers.branches import Branch

log = logging.getLogger("plotkiln.workers")

T = TypeVar("T")

#: How nice a worker is that has stepped back (setpriority(2)), of 19 at most. Beside any other it
#: gets a tenth of a processor.
_BEHIND = 10

#: Bytes of a picture that may be on their way before the reader is slowed down.
_CHANNEL_BUFFER = 1 << 20

#: Seconds after which a zygote hangs: while it loads, which is slow from a cold disk, and when it
#: is to fork, which takes milliseconds.
_LOADED_WITHIN, _FORKED_WITHIN = 60.0, 5.0


class WorkerLostError(Exception):
    """A worker ended before it answered; `code` as in `Exited`, None while it is not known."""

    def __init__(self, code: int | None) -> None:
        self.code = code
        super().__init__(f"the render process ended: {describe_exit(code)}")


def describe_exit(code: int | None) -> str:
    """Say how a process ended, in words."""
    if code is None:
        return "unknown"
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def start_zygote(
    fonts: FontSet, cache: Path, *, worker_memory: int = 0
) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start a zygote; return the process and the control socket it listens on.

    Needs no event loop, so that a program can call it before it imports anything else: Matplotlib
    is then imported beside the web framework, not after it. Call it from the main thread: the
    kernel takes the death of the starting thread for the death of the parent.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(  # noqa: S603 -- our own program, no shell
            [sys.executable, "-P", "-m", "plotkiln.workers.zygote", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=_environment(cache),
            cwd="/",  # Matplotlib reads a matplotlibrc from the working directory
        )
    files = list(fonts.files)
    ours.sendall(frame(Prepare(files, str(cache), worker_memory)))
    return process, ours


def _environment(cache: Path) -> dict[str, str]:
    """Return all that render processes are given: no secrets, nothing that changes a picture."""
    return {
        "PATH": os.defpath,
        "HOME": str(cache),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "MPLCONFIGDIR": str(cache),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(Path(__file__).parent.parent.parent),
        # One render per process: more threads than that would only fight over the processors.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


class Grown:
    """A process that the zygote forked, as far as whoever may have to end it is concerned."""

    def __init__(self, pid: int, exited: asyncio.Future[int]) -> None:
        self.pid = pid
        #: Resolves to its exit code.
        self.exited = exited

    def kill(self) -> None:
        """End it now."""
        if not self.exited.done():  # not reaped yet, hence the pid is still its own
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> None:
        """Return at once: the zygote waits for it."""


class ZygoteProcess:
    """A running zygote, seen from the event loop that orders workers from it."""

    def __init__(self, process: "subprocess.Popen[bytes] | Grown", control: socket.socket) -> None:
        self._process = process
        self._control = control
        self._frames = FrameBuffer()
        loop = asyncio.get_running_loop()
        #: Resolves once everything is loaded, to the milliseconds it took.
        self.ready: asyncio.Future[float] = loop.create_future()
        #: Who waits for a worker: its process id, and what resolves to its exit code.
        self._forking: deque[asyncio.Future[tuple[int, asyncio.Future[int]]]] = deque()
        self._exits: dict[int, asyncio.Future[int]] = {}
        control.setblocking(False)
        # what it tells is no matter of the request that happened to start it
        Context().run(loop.add_reader, control, self._receive)

    @classmethod
    def start(cls, fonts: FontSet, cache: Path, *, worker_memory: int) -> Self:
        """Start a zygote and listen to it."""
        return cls(*start_zygote(fonts, cache, worker_memory=worker_memory))

    @property
    def pid(self) -> int:
        """The zygote's process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still listens."""
        return self._control.fileno() >= 0

    async def fork(self) -> "WorkerProcess":
        """Return a new worker; raises `WorkersUnavailable` when the zygote is gone or hangs."""
        child, channel = await self._forked(Fork())
        reader, writer = await asyncio.open_connection(sock=channel, limit=_CHANNEL_BUFFER)
        return WorkerProcess(child, reader, writer)

    async def loaded(self) -> None:
        """Wait until everything is loaded; raises `WorkersUnavailable` when it takes too long."""
        await self._answer(asyncio.shield(self.ready), _LOADED_WITHIN)

    async def grow(self) -> tuple[Grown, socket.socket]:
        """Return a new branch and its control socket; raises what `fork` raises."""
        return await self._forked(Grow())

    async def _forked(self, request: Fork | Grow) -> tuple[Grown, socket.socket]:
        """Return a new process and our end of its channel."""
        await self.loaded()
        ours, theirs = socket.socketpair()
        forked: asyncio.Future[tuple[int, asyncio.Future[int]]] = (
            asyncio.get_running_loop().create_future()
        )
        self._forking.append(forked)
        with theirs:
            self._send(frame(request), theirs.fileno())
        try:
            pid, exited = await self._answer(forked, _FORKED_WITHIN)
        except BaseException:
            ours.close()  # a worker nobody waits for sees its channel close, and ends
            raise
        return Grown(pid, exited), ours

    def stop(self) -> None:
        """End the zygote; workers that it forked end with it."""
        if not self.alive:
            return
        asyncio.get_running_loop().remove_reader(self._control)
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._disappoint([self.ready, *self._forking])
        for exit_code in self._exits.values():
            exit_code.cancel()

    async def _answer(self, answer: Awaitable[T], seconds: float) -> T:
        """Return what the zygote answers; one that does not in time hangs, and is ended."""
        try:
            async with asyncio.timeout(seconds):
                return await answer
        except TimeoutError:
            self.stop()
            raise WorkersUnavailable(f"The zygote did not answer for {seconds:g} s.") from None

    def _send(self, data: bytes, descriptor: int) -> None:
        try:
            socket.send_fds(self._control, [data], [descriptor])
        except OSError as error:
            self.stop()
            raise WorkersUnavailable("The zygote is gone.") from error

    def _receive(self) -> None:
        try:
            data = self._control.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        for body in self._frames.feed(data):
            self._handle(decode_report(body))
        if not data:
            self.stop()

    def _handle(self, report: Ready | Forked | Exited | Loading | Loaded) -> None:
        match report:
            case Ready():
                self.ready.set_result(report.took)
            case Forked():
                exited = self._exits[report.pid] = asyncio.get_running_loop().create_future()
                forking = self._forking.popleft()
                if not forking.done():
                    forking.set_result((report.pid, exited))
            case Exited():
                self._exits.pop(report.pid).set_result(report.code)

    def _disappoint(self, waiting: Iterable[asyncio.Future[Any]]) -> None:
        for future in waiting:
            if not future.done():
                future.set_exception(WorkersUnavailable("The zygote ended before it answered."))
                future.exception()  # seen here: not every future has somebody who waits


class WorkerProcess:
    """One worker: an order in, a reply out, one at a time."""

    def __init__(
        self,
        process: Grown,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        #: The branch that forked it for one order; None for a worker that draws many.
        self.branch: Branch | None = None
        #: Orders answered so far.
        self.orders = 0
        #: Resident memory after the last order, in bytes.
        self.resident = 0
        #: Seconds without a processor before the last order.
        self._starved = 0.0

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._process.pid

    @property
    def gone(self) -> bool:
        """Whether its end was noticed."""
        return self._reader.at_eof()

    @property
    def starved(self) -> float:
        """Seconds for which it has had no processor since it got its last order."""
        return seconds_starved(self.pid) - self._starved

    async def render(
        self, order: Order, progress: Callable[[Progress], None] | None = None
    ) -> Rendered | Refused:
        """Return the worker's reply; `progress` is told how far it is until then.

        Raises `WorkerLostError` when it ends before it answers.
        """
        self._starved = seconds_starved(self.pid)
        self._writer.write(frame(order))
        with suppress(ConnectionError):
            await self._writer.drain()
        while isinstance(reply := await self._reply(), Progress):
            if progress is not None:
                progress(reply)
        self.orders += 1
        if isinstance(reply, Rendered):
            self.resident = reply.resident
        return reply

    def then(self, act: Callable[[], None]) -> None:
        """Call `act` once the process has ended, or whoever would tell of that has."""
        self._process.exited.add_done_callback(lambda _: act())

    def step_back(self) -> None:
        """Let it, and what it starts, have what others leave of the processors, for good."""
        with suppress(ProcessLookupError, PermissionError):
            os.setpriority(os.PRIO_PROCESS, self.pid, _BEHIND)

    def kill(self) -> None:
        """End the process now, whatever it does; a Matplotlib call cannot be interrupted."""
        self._writer.transport.abort()  # nobody reads the rest of an order any more
        self._process.kill()

    def close(self) -> None:
        """Close the channel, which ends an idle worker."""
        self._writer.close()

    async def _reply(self) -> Rendered | Refused | Progress:
        body = await read_frame(self._reader)
        if body is None:
            raise WorkerLostError(await self._exit_code())
        reply: Rendered | Refused | Progress = decode_reply(body)
        return reply

    async def _exit_code(self) -> int | None:
        """Return how it ended; the zygote's report may come a moment after the channel's end."""
        exited = self._process.exited
        await asyncio.wait([exited], timeout=1)
        known = exited.done() and not exited.cancelled()
        return exited.result() if known else None
