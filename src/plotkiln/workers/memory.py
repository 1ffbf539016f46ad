"""How much memory is free, in the machine or its container; and how much processes take."""

from collections.abc import Iterable
from pathlib import Path

__all__ = ["free_memory", "memory_limit", "shared_memory"]

_CGROUP = Path("/sys/fs/cgroup")


def free_memory() -> int | None:
    """Return the bytes that can still be allocated, None where the platform does not tell.

    The kernel's estimate (proc(5), MemAvailable), and under a control group of version 2 its limit
    less its use without reclaimable file pages.
    """
    known = [free for free in (_machine_free(), _cgroup_free()) if free is not None]
    return min(known, default=None)


def memory_limit(group: Path = _CGROUP) -> int | None:
    """Return the bytes that the container may take, None where nothing bounds it.

    Under a control group of version 2, as its own files tell.
    """
    try:
        limit = (group / "memory.max").read_text().strip()
    except OSError:
        return None
    return None if limit == "max" else int(limit)


def shared_memory(processes: Iterable[int | str]) -> int:
    """Return the bytes that processes take, each page divided by how many share it.

    Their proportional set size (proc(5), smaps_rollup): those of a whole tree add up to what it
    takes. A process that is gone, or of a platform that does not tell, counts as nothing.
    """
    return sum(map(_proportional, processes))


def _proportional(process: int | str) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _machine_free() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _cgroup_free() -> int | None:
    limit = memory_limit()
    if limit is None:
        return None
    try:
        used = int((_CGROUP / "memory.current").read_text())
        reclaimable = _inactive_file((_CGROUP / "memory.stat").read_text())
    except OSError:
        return None
    return limit - used + reclaimable


def _inactive_file(statistics: str) -> int:
    for line in statistics.splitlines():
        name, _, value = line.partition(" ")
        if name == "inactive_file":
            return int(value)
    return 0
