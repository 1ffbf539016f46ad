"""Tell the world that a style changed: one event for each change, whoever sees it."""

import asyncio
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

import msgspec

from plotkiln.errors import NotFoundError, StoreUnavailable, StyleBrokenError
from plotkiln.events.event import CloudEvent
from plotkiln.service.live_looks import LiveLooks
from plotkiln.tasks import begin_task, end_tasks

__all__ = ["STYLE_CHANGED", "StyleAnnouncements", "StyleChange"]

STYLE_CHANGED = "plotkiln.style.changed"

_SOURCE = "/styles"


class StyleChange(msgspec.Struct, frozen=True, kw_only=True):
    """The data of the event."""

    name: str
    #: The look's version: the highest of its chain; of a removed style the last one.
    version: str
    #: The look's content; empty for a removed style.
    digest: str
    #: `fresh`, `stale`, `builtin`, or `removed`.
    state: str


class StyleAnnouncements:
    """Publishes a change of each look, as long as it is entered.

    What was there before the store was read once is no change: a process that starts says nothing.
    The id is made of name, version and digest: what several processes say of one change is one
    event. The loss of the store, and a document that cannot be used, change no look.
    """

    def __init__(self, live: LiveLooks, offer: Callable[[CloudEvent], object]) -> None:
        """Take what knows the looks, and what has an event sent."""
        self._live = live
        self._offer = offer
        self._told: Mapping[str, StyleChange] | None = None
        self._beginning: asyncio.Task[None] | None = None
        self._stop: Callable[[], None] = lambda: None

    async def __aenter__(self) -> Self:
        self._stop = self._live.on_change(lambda _names: self._look())
        self._beginning = begin_task(self._begin(), "style announcements")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()
        await end_tasks(self._beginning)

    async def _begin(self) -> None:
        await self._live.settled()
        self._look()

    def _look(self) -> None:
        """Compare the looks with those told of last; the first that the store says are told of."""
        if self._told is None:
            if self._live.reachable:
                self._told = self._looks()
            return
        before, self._told = self._told, self._looks()
        for name in sorted(before.keys() | self._told.keys()):
            now = self._told.get(name) or _removed(before[name])
            if now != before.get(name):
                self._offer(_event(now))

    def _looks(self) -> Mapping[str, StyleChange]:
        return {name: change for name in self._live.known() if (change := self._change(name))}

    def _change(self, name: str) -> StyleChange | None:
        """Describe a look; None where none serves. What it is like matters, not how fresh."""
        try:
            look = self._live.look(name)
        except (NotFoundError, StoreUnavailable, StyleBrokenError):  # strict mode
            return self._told.get(name) if self._told else None
        state = "builtin" if look.state == "builtin" else "fresh"
        return StyleChange(name=name, version=str(look.version), digest=look.digest, state=state)


def _removed(last: StyleChange) -> StyleChange:
    return msgspec.structs.replace(last, digest="", state="removed")


def _event(change: StyleChange) -> CloudEvent:
    what = change.digest[:16] or change.state
    return CloudEvent(
        id=f"{change.name}@{change.version}.{what}",
        source=_SOURCE,
        type=STYLE_CHANGED,
        subject=change.name,
        datacontenttype="application/json",
        data=msgspec.json.encode(change),
    )
