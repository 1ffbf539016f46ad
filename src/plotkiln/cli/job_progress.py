"""How far a job is, on one line of a terminal; nothing where standard error is none."""

import shutil
import sys
from threading import Event, Thread
from types import TracebackType
from typing import Self

from plotkiln.cli.terminal import clear_progress, progress
from plotkiln.client import Job

__all__ = ["JobLine", "job_line"]

_WIDTH = 20

#: Seconds between two drawings of the line: the clock goes on where nothing is told.
_TICK = 0.5


class JobLine:
    """A line that follows a job while it is entered."""

    def __init__(self) -> None:
        self._job: Job | None = None
        self._over = Event()
        self._clock = Thread(target=self._tick, name="clock", daemon=True)

    def told(self, job: Job) -> None:
        """Take the news of a job, and show them."""
        self._job = job
        self._show()

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._clock.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._clock.is_alive():
            self._clock.join()
        clear_progress()

    def _tick(self) -> None:
        while not self._over.wait(_TICK):
            self._show()

    def _show(self) -> None:
        if self._job is not None and not self._over.is_set():
            columns = shutil.get_terminal_size().columns
            progress(job_line(self._job, _blocks())[: columns - 1])


def job_line(job: Job, blocks: str = "#-") -> str:
    """Return how far a job is: bar, percent, stage, seconds, and which attempt if not the first.

    `blocks` are the signs of what is done and of what is not.
    """
    done = round(job.fraction * _WIDTH)
    bar = blocks[0] * done + blocks[1] * (_WIDTH - done)
    told = job.progress if job.state == "running" else None
    stage = (told.message or told.stage) if told else job.state
    attempt = f"  attempt {job.attempt} of {job.attempts}" if job.attempt > 1 else ""
    return f"{bar} {job.fraction:>4.0%}  {stage}  {job.seconds:.0f} s{attempt}"


def _blocks() -> str:
    return "█░" if (sys.stderr.encoding or "").lower().startswith("utf") else "#-"
