"""Enters into the history what is written without plotkiln, when it is next seen."""

import asyncio
import logging
from collections.abc import Collection
from types import TracebackType
from typing import Self

from plotkiln.errors import AccessDenied, StoreUnavailable
from plotkiln.style.stores import Listing, StyleHistory
from plotkiln.tasks import begin_task, end_tasks

__all__ = ["Observer"]

logger = logging.getLogger("plotkiln.style")


class Observer:
    """Compares what a watch shows with the history, in the background, while it is entered.

    However many processes do so, one entry comes of a change. A process whose token may not write
    leaves it to others.
    """

    def __init__(self, store: StyleHistory, *, delay: float = 2.0) -> None:
        """Prepare; the first look comes `delay` seconds after entering, when a start is over."""
        self._store = store
        self._delay = delay
        self._listing: Listing | None = None
        self._shown = asyncio.Event()
        #: Versions that are known to be entered, by name; None before the first look.
        self._entered: dict[str, int] | None = None
        self._task: asyncio.Task[None] | None = None

    def see(self, listing: Listing) -> None:
        """Take note of a listing; of several the newest counts."""
        self._listing = listing
        self._shown.set()

    async def __aenter__(self) -> Self:
        self._task = begin_task(self._observe_all(), "history")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await end_tasks(self._task)

    async def _observe_all(self) -> None:
        await asyncio.sleep(self._delay)
        while True:
            await self._shown.wait()
            self._shown.clear()
            if self._listing is not None:
                await self._observe(self._listing)

    async def _observe(self, listing: Listing) -> None:
        versions = {name: document.version for name, document in listing.documents.items()}
        names = self._changed(versions)
        if names is not None and not names:
            return
        try:
            entered = await self._store.observe(listing, names)
        except AccessDenied as error:
            logger.debug("changes made elsewhere are not entered into the history: %s", error)
        except StoreUnavailable as error:
            logger.info("changes made elsewhere are entered into the history later: %s", error)
            return
        else:
            if entered:
                logger.info("%d changes made elsewhere entered the history", entered)
        self._entered = versions

    def _changed(self, versions: dict[str, int]) -> Collection[str] | None:
        """Return the names to look at; None for all of them."""
        if self._entered is None:
            return None
        return {
            name
            for name in versions.keys() | self._entered.keys()
            if versions.get(name) != self._entered.get(name)
        }
