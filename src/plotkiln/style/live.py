"""The live styles of one process: watched in the background, looked up without waiting."""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Mapping
from contextlib import aclosing, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from plotkiln.documents import nearest
from plotkiln.errors import AccessDenied, NotFoundError, StoreUnavailable, StyleBrokenError
from plotkiln.style import snapshot
from plotkiln.style.builtin import builtin_look
from plotkiln.style.changes import log_changes
from plotkiln.style.known import Answer, Knowledge, absorb
from plotkiln.style.looks import DEFAULT, KnownStyle, Look
from plotkiln.style.models import NAME_PATTERN
from plotkiln.style.resolved import Resolved, resolve_all
from plotkiln.style.retries import Retries
from plotkiln.style.shipped import seed_hint
from plotkiln.style.stores import Listing, StyleStore

__all__ = ["Listener", "LiveStyles"]

logger = logging.getLogger("plotkiln.style")

#: Called with the names whose look, state or fault changed.
Listener = Callable[[frozenset[str]], None]


class LiveStyles:
    """What is known of the stored styles, kept up to date while the context is entered.

    The last good document of each style serves while its newest is broken, and while the store is
    lost, set back, or hides it. A process that begins without the store takes what a former one
    saved, else the built-in style.
    """

    def __init__(
        self,
        store: StyleStore,
        *,
        snapshot: Path | None,
        strict: bool = False,
        cold_timeout: float = 0.5,
        first_retry: float = 0.05,
        longest_retry: float = 2.0,
        recheck: float = 5.0,
    ) -> None:
        """Prepare; entering begins to watch `store`, which must be open by then.

        `snapshot` is the file that outlives the process; it belongs to this store alone. `strict`
        asks `look` for errors instead of old styles. The times are seconds: the most that the first
        requests wait for the store, the first and the longest pause before the store is tried
        again, and the pause after which a style that the store hides is asked for anew.
        """
        self._store = store
        self._snapshot = snapshot
        self._strict = strict
        self._cold_timeout = cold_timeout
        self._retries = Retries(first_retry, longest_retry)
        self._recheck = recheck
        #: Whether the store answers.
        self.reachable = False
        #: Why it does not.
        self.fault: str | None = "The style store was not read yet."
        self._knowledge = Knowledge()
        self._resolved = Resolved()
        self._listeners: list[Listener] = []
        self._observers: list[Callable[[Listing], None]] = []
        self._read_once = False
        self._answered_at = time.monotonic()
        self._settled = asyncio.Event()
        self._cold_until = 0.0
        self._watching: asyncio.Task[None] | None = None

    @property
    def age(self) -> float:
        """Seconds since the store last answered; since the start while it never did."""
        return time.monotonic() - self._answered_at

    def known(self) -> Mapping[str, KnownStyle]:
        """Return the last good document of every style; an empty one where none ever was good."""
        return self._resolved.known

    def look(self, name: str = DEFAULT) -> Look:
        """Return the look of a style as it is known now, without waiting.

        `default` that is not stored is the built-in; so is every name while nothing of any style is
        known. Raises `NotFoundError` when no style of that name is known. Strict: raises
        `StoreUnavailable` while the store does not answer, `StyleBrokenError` when `default` is not
        stored, or the style's newest document, or one that it extends, does not serve.
        """
        if self._strict:
            self._check(name)
        look = self._resolved.looks.get(name)
        if look is not None:
            return look
        ignorant = not self._read_once and not self._resolved.looks
        if name == DEFAULT or (ignorant and re.fullmatch(NAME_PATTERN, name)):
            return msgspec.structs.replace(builtin_look(), name=name)
        hint = seed_hint(name) or nearest(name, self.known())
        raise NotFoundError(f"There is no style named {name!r}{hint}")

    async def settled(self) -> None:
        """Wait until the store was tried once, or the time for that since entering is over."""
        if self._settled.is_set():
            return
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._cold_until):
                await self._settled.wait()

    def on_change(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` from the event loop after each change; return what ends that.

        The store's loss and return change the state of every look that is not the built-in.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def on_listing(self, listener: Callable[[Listing], None]) -> Callable[[], None]:
        """Call `listener` with each listing that is beyond doubt; return what ends that."""
        self._observers.append(listener)
        return lambda: self._observers.remove(listener)

    async def __aenter__(self) -> Self:
        self._cold_until = asyncio.get_running_loop().time() + self._cold_timeout
        self._watching = asyncio.create_task(self._watch(), name="styles")
        self._watching.add_done_callback(self._ended)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait([self._watching])

    async def _watch(self) -> None:
        """Follow the store for ever, whatever becomes of it."""
        if self._snapshot is not None:
            self._publish(await asyncio.to_thread(snapshot.load, self._snapshot))
        while True:
            self._retries.begin()
            try:
                await self._follow()
            except StoreUnavailable as error:
                self._lose(error.told, str(error))
                await asyncio.sleep(self._retries.pause())

    async def _follow(self) -> None:
        """Take in listings until the store fails, or a hidden style is to be asked for anew."""
        async with aclosing(self._store.watch()) as listings:
            while True:
                # A permission that comes back wakes no blocking query.
                patience = self._recheck if self._knowledge.unexplained else None
                try:
                    async with asyncio.timeout(patience):
                        listing = await anext(listings)
                except TimeoutError:
                    return
                await self._take(listing)

    async def _take(self, listing: Listing) -> None:
        if listing.doubt and listing.index < self._knowledge.index:
            self._lose(listing.doubt)  # whoever answered knows less than we do
            return
        missing = self._knowledge.missing(listing)
        answers = {name: listing.doubt or await self._ask(name) for name in missing}
        good = self._knowledge.good
        if listing.doubt:
            self._lose(listing.doubt)
        else:
            self._find()
        self._publish(absorb(self._knowledge, listing, answers))
        self._settled.set()
        for observer in () if listing.doubt else self._observers:
            observer(listing)
        if self._snapshot is not None and self._knowledge.good != good:
            await asyncio.to_thread(snapshot.save, self._snapshot, self._knowledge)

    async def _ask(self, name: str) -> Answer:
        try:
            return await self._store.read(name)
        except AccessDenied as error:
            return error.told

    def _find(self) -> None:
        """Note that the store answers."""
        if self._settled.is_set() and not self.reachable:
            logger.info("the style store answers again, after %.1f s", self.age)
        self._answered_at = time.monotonic()
        self._read_once = True
        self.reachable, self.fault = True, None

    def _lose(self, told: str, why: str = "") -> None:
        """Note that the store does not answer; only the first of several failures is logged."""
        if self.reachable or not self._settled.is_set():
            logger.warning("the style store is lost, the last known styles serve: %s", why or told)
        self.reachable, self.fault = False, told
        self._publish(self._knowledge)
        self._settled.set()

    def _publish(self, knowledge: Knowledge) -> None:
        """Show what is known now to renders, listeners and the log."""
        known = {name: entry.known for name, entry in knowledge.entries.items()}
        before = self._resolved
        self._knowledge = knowledge
        self._resolved = resolve_all(known, before, reachable=self.reachable)
        changes = self._resolved.changes(before)
        if not changes:
            return
        log_changes(before, self._resolved)
        loop = asyncio.get_running_loop()
        for listener in self._listeners:
            loop.call_soon(listener, changes)  # a listener's error is the loop's, not the watch's

    def _check(self, name: str) -> None:
        """Raise what strict mode asks for."""
        if not self.reachable:
            raise StoreUnavailable(self.fault)
        look = self._resolved.looks.get(name)
        if look is None and name == DEFAULT:
            raise StyleBrokenError(f"No style named {name!r} is stored, and strict mode needs one.")
        if look is not None and look.state != "fresh":
            fault = self._resolved.known[name].fault or "a style that it extends is broken"
            raise StyleBrokenError(f"The style {name!r} is broken: {fault}")

    def _ended(self, watching: asyncio.Task[None]) -> None:
        """Tell of a defect that ended the watch: what is known grows old from now on."""
        if not watching.cancelled():
            logger.error("the style watch ended", exc_info=watching.exception())
            self._lose("The style watch ended by a defect: start the process anew.")
