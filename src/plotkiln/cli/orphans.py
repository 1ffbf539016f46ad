"""Orphans of a container: the first process of a PID name space inherits and must bury them."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["reaping"]


@contextmanager
def reaping() -> Iterator[None]:
    """Wait for whatever ends, while inside, if this is the first process; else do nothing.

    Render processes are children of the zygote. Where that ends first they become ours, and would
    stay zombies: each takes a place of the pod's limit of processes (pid_namespaces(7)).
    """
    if os.getpid() != 1:
        yield
        return
    before = signal.signal(signal.SIGCHLD, _reap)  # uvloop has no handlers of its own for it
    try:
        yield
    finally:
        signal.signal(signal.SIGCHLD, before)


def _reap(_number: int, _frame: object) -> None:
    """Take the exit codes of all that ended; nobody asks for the zygote's."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass  # no child is left
