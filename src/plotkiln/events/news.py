"""News: what happened, told to whoever listens now. Lossy, so that telling costs nothing.

Nobody's work depends on them: who missed some asks the stores, and who waits for something looks
there from time to time, too. They do not pass the broker, which keeps events, delivers each for
sure, and wakes whoever sleeps.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from functools import cached_property
from typing import Protocol

import msgspec

from plotkiln.events.event import CloudEvent
from plotkiln.events.json_format import to_json
from plotkiln.identity import Principal

__all__ = ["JOB_CHANGED", "Heard", "Item", "Listener", "Missed", "News", "sequenced", "wants"]

#: The one type of which only the newest about its subject matters.
JOB_CHANGED = "plotkiln.job.changed"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of news."""

    #: What it is about: `jobs/abc`, `styles/default`, `artifacts/hits.png`.
    topic: str
    #: The principal to whom it belongs, whom whoever hears it must see; None: anybody hears it.
    owner: str | None = None
    event: CloudEvent


class Heard(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """News as they reach a listener; all listeners of a process share one."""

    #: Orders all news as text; whoever was cut off resumes after it.
    sequence: str
    item: Item

    @cached_property
    def document(self) -> str:
        """The event in JSON, with its sequence; written once for all who hear it."""
        return to_json(sequenced(self.item.event, self.sequence)).decode()


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """Instead of news: some were lost here, and what they were about must be looked up."""

    #: How many; None where nobody knows.
    count: int | None
    #: What they were about, as far as anybody knows: all that is listened to at most.
    topics: tuple[str, ...]


class Listener(Protocol):
    """What one listener gets, until it leaves."""

    @property
    def resumed(self) -> bool:
        """Whether nothing was missed since the sequence that it asked to resume after."""

    @property
    def position(self) -> str:
        """The sequence to resume after, so that nothing that it was not given yet is missed."""

    def want(self, topics: Collection[str]) -> None:
        """Listen to these topics from now on, instead of those before."""

    async def hear(self) -> Heard | Missed:
        """Return the next news; waits for them."""

    def __aiter__(self) -> AsyncIterator[Heard | Missed]:
        """Yield news as they come, for ever."""


class News(Protocol):
    """Everybody's news."""

    def tell(self, item: Item) -> None:
        """Have it heard by whoever listens, in this process and in others.

        It never fails and never waits. To be called where the event loop runs.
        """

    def listen(
        self, topics: Collection[str], *, principal: Principal, after: str | None = None
    ) -> AbstractAsyncContextManager[Listener]:
        """Listen to topics, from now on or from behind a sequence, as far back as is kept.

        A topic is one thing, `jobs/abc`, or all of a kind, `jobs`; what the principal does not see
        is not heard. Entering raises `StoreUnavailable` where what carries the news does not
        answer.
        """


def wants(topics: Collection[str], topic: str) -> bool:
    """Say whether one of `topics` is this one, or the kind that it is of: `jobs` is all jobs."""
    return topic in topics or topic.partition("/")[0] in topics


def sequenced(event: CloudEvent, sequence: str) -> CloudEvent:
    """Return an event that says its place among the others (the extension `sequence`)."""
    extensions: Mapping[str, str | bool | int] = {**event.extensions, "sequence": sequence}
    return msgspec.structs.replace(event, extensions=extensions)
