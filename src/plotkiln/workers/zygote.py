"""The zygote: imports Matplotlib once, then forks a worker whenever the web process wants one.

Run as `python -m plotkiln.workers.zygote DESCRIPTOR`, where the descriptor is one end of a Unix
stream socket pair. It renders nothing itself, so that it always answers. When the other end
closes it kills its workers and ends; on Linux the kernel ends it, too, when its parent dies.

A branch is a fork of the zygote that loads the templates of others and is a zygote then: their
code shares no process with charts that do without it.
"""

import ctypes
import gc
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from plotkiln.workers.messages import (
    Exited,
    Forked,
    FrameBuffer,
    Grow,
    Loaded,
    Loading,
    Prepare,
    Ready,
    decode_load,
    decode_request,
    frame,
    receive_frame,
)

if TYPE_CHECKING:
    from plotkiln.workers.shelf import Shelf

__all__ = ["Zygote", "main"]

#: prctl(2): the signal that this process gets when its parent dies.
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Serve the descriptor named on the command line until it closes."""
    die_with_parent()
    control = socket.socket(fileno=int(sys.argv[1]))
    body = receive_frame(control)
    if body is None:
        return
    order = decode_request(body)
    if not isinstance(order, Prepare):
        raise TypeError(f"the first message must be Prepare, got {order!r}")
    took = load(order)
    from plotkiln.workers.shelf import Shelf  # noqa: PLC0415 -- loaded now

    control.sendall(frame(Ready(took)))
    shelf = Shelf()
    Zygote(control, shelf, warming=warm_up(shelf), worker_memory=order.worker_memory).serve()


def load(order: Prepare) -> float:
    """Import and warm what most renders need; return the milliseconds that it took."""
    start = time.perf_counter()
    from plotkiln.render import prepare  # noqa: PLC0415 -- after the parent's death is watched
    from plotkiln.workers import worker  # noqa: F401, PLC0415 -- forked workers find it loaded

    prepare([Path(file) for file in order.fonts], Path(order.cache))
    freeze()
    return (time.perf_counter() - start) * 1000


def warm_up(shelf: "Shelf") -> Iterator[str]:
    """Warm one more thing a step, for the workers that are forked after it."""
    from plotkiln.render import warm_up as warm_formats  # noqa: PLC0415 -- loaded before

    for warmed in warm_formats():
        freeze()
        yield warmed
    shelf.load_shipped()
    freeze()
    yield "templates"


def freeze() -> None:
    """Leave objects that live on out of collections, so that workers do not copy their pages."""
    gc.collect()
    gc.freeze()


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies; a no-op outside Linux."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the kernel was asked
        os._exit(1)


class Zygote:
    """Forks and reaps workers on behalf of the web process."""

    def __init__(
        self,
        control: socket.socket,
        shelf: "Shelf",
        *,
        warming: Iterator[str],
        worker_memory: int,
        grouped: bool = False,
    ) -> None:
        self._control = control
        self._shelf = shelf
        self._worker_memory = worker_memory
        #: Whether workers lead process groups, so that what they start ends with them.
        self._grouped = grouped
        self._frames = FrameBuffer()
        self._descriptors: list[int] = []
        self._workers: set[int] = set()
        self._woken, self._waker = os.pipe()
        self._warming = warming
        self._warm = False

    def serve(self) -> None:
        """Answer until the web process is gone, then kill every worker."""
        os.set_blocking(self._waker, False)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        # A terminal's Ctrl-C reaches the whole process group: the web process decides what ends.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            while self._wait():
                self._reap()
        finally:
            self._kill_workers()

    def _wait(self) -> bool:
        """Handle what arrived; False when the web process is gone."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            # While something is cold, waiting is warming.
            ready = {key.fileobj for key, _ in selector.select(None if self._warm else 0)}
        if not ready:
            self._warm = next(self._warming, None) is None
        if self._woken in ready:
            os.read(self._woken, 4096)
        return self._receive() if self._control in ready else True

    def _receive(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self._control, 65536, 16)
        self._descriptors += descriptors
        for body in self._frames.feed(data):
            grows = isinstance(decode_request(body), Grow)
            become = self._branch if grows else self._work
            self._fork(self._descriptors.pop(0), become)
        return bool(data)

    def _fork(self, descriptor: int, become: Callable[[socket.socket], None]) -> None:
        pid = os.fork()
        if pid == 0:
            self._become(become, descriptor)
        os.close(descriptor)
        self._workers.add(pid)
        self._control.sendall(frame(Forked(pid)))

    def _become(self, become: Callable[[socket.socket], None], descriptor: int) -> NoReturn:
        """Do what a forked process is there for until its channel closes, then end.

        Below this is the zygote's own stack: an error that got there would kill the siblings.
        """
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._control.close()
            os.close(self._woken)
            os.close(self._waker)
            die_with_parent()
            become(socket.socket(fileno=descriptor))
        except BaseException as error:  # noqa: BLE001 -- the process boundary
            sys.stderr.write(f"a render process ended: {type(error).__name__}: {error}\n")
        finally:
            os._exit(1)

    def _work(self, channel: socket.socket) -> None:
        from plotkiln.workers.worker import work  # noqa: PLC0415 -- loaded before the fork

        if self._grouped:
            os.setpgid(0, 0)
        work(channel, self._shelf, memory=self._worker_memory)

    def _branch(self, control: socket.socket) -> None:
        """Load templates, and be a zygote that has them."""
        from plotkiln.workers.shelf import Shelf  # noqa: PLC0415 -- loaded before the fork

        body = receive_frame(control)
        if body is None:
            return
        load = decode_load(body)
        shelf = Shelf.of(
            load.sources,
            skip=load.skip,
            announce=lambda target: control.sendall(frame(Loading(target))),
        )
        freeze()
        control.sendall(frame(Loaded(shelf.descriptions, shelf.codes)))
        memory = self._worker_memory
        Zygote(control, shelf, warming=self._warming, worker_memory=memory, grouped=True).serve()

    def _reap(self) -> None:
        for pid in list(self._workers):
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                continue
            if self._grouped:  # before it is reaped: until then the number is its group's alone
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            self._workers.discard(pid)
            code = os.waitstatus_to_exitcode(status)
            self._control.sendall(frame(Exited(pid, code)))

    def _kill_workers(self) -> None:
        end = os.killpg if self._grouped else os.kill
        for pid in self._workers:
            with suppress(ProcessLookupError, PermissionError):
                end(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
