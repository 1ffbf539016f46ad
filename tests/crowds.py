"""Other programs that want the one processor that some processes have."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from plotkiln.workers import Pool
from plotkiln.workers.starvation import seconds_starved

__all__ = ["crowded"]

#: As many as leave a process that has stepped back a thirtieth of the processor.
_CROWD = 3


@contextmanager
def crowded(pool: Pool) -> Iterator[None]:
    """Have all that a pool's zygotes fork share one processor with others, while inside."""
    if sys.platform != "linux" or not seconds_starved():
        pytest.skip("the platform does not tell how long a process had no processor")
    usual = os.sched_getaffinity(0)
    place = {max(usual)}
    spin = [sys.executable, "-c", "while True: pass"]
    crowd = [subprocess.Popen(spin) for _ in range(_CROWD)]
    try:
        _place([one.pid for one in crowd], place)
        _place(_pids(pool), place)
        yield
    finally:
        for one in crowd:
            one.kill()
            one.wait()
        _place(_pids(pool), usual)


def _pids(pool: Pool) -> list[int]:
    return [pid for pids in pool.pids.values() for pid in pids]


def _place(pids: list[int], processors: set[int]) -> None:
    for pid in pids:
        os.sched_setaffinity(pid, processors)
