"""News: what happened, told to whoever listens now. Lossy, so that telling costs nothing.

Nobody's work depends on them: who missed some asks the stores. They do not pass the broker, which
keeps events, delivers each for sure, and wakes whoever sleeps.
"""

from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import msgspec

from plotkiln.events.event import CloudEvent

__all__ = ["Heard", "Item", "Listener", "News", "wants"]


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of news."""

    #: What it is about: `jobs/abc`, `styles/default`, `artifacts/hits.png`.
    topic: str
    #: The principal that alone may hear it; None: anybody.
    owner: str | None = None
    event: CloudEvent


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """News as they reach a listener."""

    #: Orders all news as text; whoever was cut off resumes after it.
    sequence: str
    item: Item


class Listener(Protocol):
    """What one listener gets, until it leaves."""

    @property
    def resumed(self) -> bool:
        """Whether nothing was missed since the sequence that it asked to resume after."""

    def __aiter__(self) -> AsyncIterator[Heard]:
        """Yield news as they come."""


class News(Protocol):
    """Everybody's news."""

    def tell(self, item: Item) -> None:
        """Have it heard by whoever listens, in this process and in others; it never fails."""

    def listen(
        self, topics: Collection[str], *, principal: str, after: str | None = None
    ) -> AbstractAsyncContextManager[Listener]:
        """Listen to topics, from now on or from behind a sequence, as far back as is kept."""


def wants(topics: Collection[str], topic: str) -> bool:
    """Say whether one of `topics` is this one, or the kind that it is of: `jobs` is all jobs."""
    return topic in topics or topic.partition("/")[0] in topics
