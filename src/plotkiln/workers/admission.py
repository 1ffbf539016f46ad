"""Who may wait for a render: bounded by queue length and by free memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from plotkiln.errors import MemoryShort, QueueFull, ShuttingDown
from plotkiln.workers.memory import free_memory

__all__ = ["Admission"]


class Admission:
    """Lets renders in while there is room, and says why where there is none."""

    def __init__(
        self,
        *,
        places: int,
        memory_reserve: int,
        free: Callable[[], int | None] = free_memory,
    ) -> None:
        #: Renders that may run or wait at once.
        self.places = places
        #: Bytes that must stay free.
        self.memory_reserve = memory_reserve
        self._free = free
        #: Renders that run or wait now.
        self.taken = 0
        #: Renders of jobs that run now.
        self.jobs = 0
        self.closed = False

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one place.

        Raises `ShuttingDown` once closed, `QueueFull` when every place is taken, `MemoryShort` when
        less memory is free than the reserve.
        """
        self._check_open()
        if self.taken >= self.places:
            raise QueueFull(f"{self.taken} renders run or wait already, and no more may.")
        self._check_memory()
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1

    @contextmanager
    def job(self) -> Iterator[None]:
        """Let a job's render in, which takes no place: jobs wait for a worker of their own.

        Raises `ShuttingDown` and `MemoryShort` as `place` does.
        """
        self._check_open()
        self._check_memory()
        self.jobs += 1
        try:
            yield
        finally:
            self.jobs -= 1

    def close(self) -> None:
        """Let nobody in any more; who is in stays."""
        self.closed = True

    def _check_open(self) -> None:
        if self.closed:
            raise ShuttingDown

    def _check_memory(self) -> None:
        free = self._free()
        if free is not None and free < self.memory_reserve:
            have, need = free >> 20, self.memory_reserve >> 20
            raise MemoryShort(f"{have} MiB of memory are free, {need} MiB must be for a render.")
