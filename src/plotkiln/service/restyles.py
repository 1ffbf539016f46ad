"""Redraw pictures because a style changed."""

import asyncio
import logging
from collections.abc import Callable
from types import TracebackType
from typing import Self

from plotkiln.artifacts import Artifact, Artifacts
from plotkiln.errors import PlotkilnError, UnavailableError
from plotkiln.service.live_looks import LiveLooks
from plotkiln.service.redraws import Redraws
from plotkiln.tasks import begin_task, end_tasks

__all__ = ["Restyles"]

log = logging.getLogger("plotkiln.redraws")

#: Seconds until names are gone through again that a store did not let through, doubled each time.
_PAUSE, _LONGEST_PAUSE = 2.0, 120.0


class Restyles:
    """Redraws, in the background, every named picture whose style changes.

    At the start, too: a style may have changed while nobody ran, and a last event been lost. One
    picture is drawn at a time, those that may take long last, and changes that come meanwhile are
    one more pass.
    """

    def __init__(self, artifacts: Artifacts, redraws: Redraws, live: LiveLooks) -> None:
        """Take the records and the live styles; entering begins."""
        self._artifacts = artifacts
        self._redraws = redraws
        self._live = live
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stop: Callable[[], None] = lambda: None

    async def __aenter__(self) -> Self:
        self._changed.set()
        self._stop = self._live.on_change(lambda _: self._changed.set())
        self._task = begin_task(self._run(), "restyles")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()
        await end_tasks(self._task)

    async def _run(self) -> None:
        await self._live.settled()
        pause = _PAUSE
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self._pass()
                pause = _PAUSE
            except UnavailableError as error:
                log.warning("pictures are redrawn in %.0f s: %s", pause, error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                self._changed.set()

    async def _pass(self) -> None:
        """Redraw what is outdated; raises `UnavailableError` when that must wait."""
        after, patient = "", []
        while names := await self._artifacts.names(after=after):
            for name in names:
                record = await self._artifacts.get(name)
                if record is None or record.pin:
                    continue
                if record.patient:
                    patient.append(record)
                else:
                    await self._refresh(record)
            after = names[-1]
        for record in patient:
            if not self._changed.is_set():  # else the next pass sees to it
                await self._refresh(record)

    async def _refresh(self, record: Artifact) -> None:
        try:
            await self._redraws.refresh(record)
        except UnavailableError:
            raise
        except PlotkilnError as error:
            log.warning("%s keeps its former style: %s", record.name, error)
