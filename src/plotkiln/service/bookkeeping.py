"""Adds what a process takes to the ledger, behind everybody's back."""

import asyncio
import logging
import os
from types import TracebackType
from typing import Self

import msgspec

from plotkiln.account import Entry, Ledger
from plotkiln.errors import StoreUnavailable
from plotkiln.service.metrics import Metrics
from plotkiln.service.tally import Tally
from plotkiln.tasks import begin_task, end_tasks

__all__ = ["Bookkeeping"]

log = logging.getLogger("plotkiln.account")


class _Batch(msgspec.Struct, frozen=True):
    """Amounts that are added once, however often they are sent."""

    id: str
    entries: list[Entry]


class Bookkeeping:
    """Writes every `every` seconds while entered, and as it is left, for `last` seconds at most.

    A ledger that is away is given later what it missed. What it was not given when the process ends
    is lost, and so is what one counted since the last time that is killed. As it is left it logs
    what the process took in all: whoever gathers logs has an account, too.
    """

    def __init__(
        self,
        tally: Tally,
        ledger: Ledger,
        metrics: Metrics,
        *,
        every: float = 30.0,
        last: float = 3.0,
        saves: bool = True,
    ) -> None:
        """Take what is counted, and where it goes.

        `saves` says whether a pod that is always on would do what this process does: a service's is
        saved while none of its pods lives, and a job's is not.
        """
        self._tally = tally
        self._ledger = ledger
        self._metrics = metrics
        self._every = every
        self._last = last
        self._begun = not saves
        self._late: list[_Batch] = []
        self._task: asyncio.Task[None] | None = None

    async def write(self) -> None:
        """Add what was counted since the last time; what fails is added with the next."""
        self._late.append(_Batch(os.urandom(12).hex(), self._tally.take()))
        try:
            await self._write()
        except StoreUnavailable as error:
            self._metrics.count("store_failures", "account")
            log.warning("the account is not written: %s", error)

    async def __aenter__(self) -> Self:
        self._task = begin_task(self._run(), "account")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await end_tasks(self._task)
        try:
            async with asyncio.timeout(self._last):
                await self.write()
        except TimeoutError:
            log.warning("the account was not written within %g s: its end is lost", self._last)
        log.info("account", extra={"fields": self._told()})

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            await self.write()

    async def _write(self) -> None:
        if not self._begun:
            await self._ledger.started(self._tally.service, self._tally.born)
            self._begun = True
        while self._late:
            await self._ledger.add(self._late[0].id, self._late[0].entries)
            del self._late[0]

    def _told(self) -> dict[str, object]:
        taken = self._tally.in_all
        return {
            "of": self._tally.service,
            "pod_seconds": round(taken.get("pod", 0.0), 3),
            "busy_seconds": round(taken.get("busy", 0.0), 3),
            "idle_seconds": round(taken.get("idle", 0.0), 3),
            "pictures": round(taken.get("pictures", 0.0)),
            "drawn": round(taken.get("drawn", 0.0)),
        }
