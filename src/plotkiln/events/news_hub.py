"""Who listens in this process, and what each of them gets."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Hashable, Iterable

from plotkiln.events.news import Heard, Item, Missed, wants
from plotkiln.events.news_backlog import Backlog, kept_once

__all__ = ["Hub", "Listening"]

#: News that wait for one listener.
_CAPACITY = 256

#: Topics of lost news that are named one by one; of more, only the kinds are.
_NAMED = 64

#: Events of which a second telling is recognised, and for how many seconds: what is told again
#: after that has happened again, as a style's version does that was restored.
_RECOGNISED, _RECOGNISED_FOR = 1024, 30.0


class Listening:
    """One listener, see `Listener`; it waits in a backlog of its own, so that it holds up nobody.

    What is replayed to it comes first; of what was told meanwhile it gets what is newer than that.
    """

    def __init__(self, hub: "Hub", topics: Collection[str], principal: str) -> None:
        self._hub = hub
        self._principal = principal
        self.topics: frozenset[str] = frozenset(topics)
        self.resumed = False
        #: The sequence of what it was given last, or from which on it listens.
        self._given = hub.position
        self._replay: list[Heard] = []
        self._backlog: Backlog[Heard] = Backlog(_item, capacity=_CAPACITY)
        self._lost = 0
        self._lost_topics: set[str] = set()
        self._lost_until = ""
        self._unknown = False
        self._ready = asyncio.Event()

    @property
    def position(self) -> str:
        """See `Listener.position`."""
        if self._replay or self._backlog or self._lost:
            return self._given
        return max(self._given, self._hub.position)

    def want(self, topics: Collection[str]) -> None:
        """See `Listener.want`."""
        self._hub.leave(self)
        self.topics = frozenset(topics)
        self._hub.join(self)

    async def hear(self) -> Heard | Missed:
        """See `Listener.hear`."""
        while True:
            if self._lost or self._unknown:
                return self._missed()
            heard = self._next()
            if heard is None:
                self._ready.clear()
                await self._ready.wait()
            elif wants(self.topics, heard.item.topic):  # they may have changed meanwhile
                self._given = heard.sequence
                return heard

    async def __aiter__(self) -> AsyncIterator[Heard | Missed]:
        while True:
            yield await self.hear()

    def offer(self, heard: Heard) -> None:
        """Have it wait for this listener; the oldest is lost where too many do."""
        if heard.item.owner not in {None, self._principal}:
            return
        lost = self._backlog.put(heard)
        if lost is not None:
            self._lost += 1
            self._lost_topics.add(lost.item.topic)
            self._lost_until = lost.sequence
        self._ready.set()

    def replay(self, items: Iterable[Heard], *, since: str, until: str) -> None:
        """Resume: give it first what was told since, oldest first, and only what it may hear.

        What came meanwhile, and was too much to wait, is among that as far as it goes.
        """
        self.resumed, self._given = True, since
        if self._lost_until <= until:
            self._lost, self._lost_topics = 0, set()
        newest: dict[Hashable, Heard] = {}
        for heard in items:
            if not self.may_hear(heard.item):
                continue
            key = kept_once(heard.item) or _identity(heard.item)
            newest.pop(key, None)
            newest[key] = heard
        self._replay = list(newest.values())[::-1]
        self._ready.set()

    def miss(self) -> None:
        """Say that nobody knows what it missed; sequences may begin anew."""
        self._unknown, self._given = True, ""
        self._ready.set()

    def _next(self) -> Heard | None:
        """Take what comes next; what was replayed comes no second time."""
        if self._replay:
            return self._replay.pop()
        heard = self._backlog.take()
        while heard is not None and heard.sequence <= self._given:
            heard = self._backlog.take()
        return heard

    def may_hear(self, item: Item) -> bool:
        """Say whether it is about what this one listens to, and meant for it."""
        return wants(self.topics, item.topic) and item.owner in {None, self._principal}

    def _missed(self) -> Missed:
        named = self._lost_topics
        if len(named) > _NAMED:
            named = {topic.partition("/")[0] for topic in named}
        missed = Missed(
            count=None if self._unknown else self._lost,
            topics=tuple(sorted(self.topics if self._unknown else named)),
        )
        self._lost, self._lost_topics, self._unknown = 0, set(), False
        return missed


class Hub:
    """All listeners of a process, by what they listen to."""

    def __init__(self, position: str = "") -> None:
        #: The sequence of what was told last.
        self.position = position
        self._by_topic: dict[str, set[Listening]] = {}
        self._everybody: set[Listening] = set()
        #: When events were told.
        self._told: OrderedDict[tuple[str, str], float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._everybody)

    def join(self, listening: Listening) -> None:
        """Have a listener hear of its topics."""
        self._everybody.add(listening)
        for topic in listening.topics:
            self._by_topic.setdefault(topic, set()).add(listening)

    def leave(self, listening: Listening) -> None:
        """Let a listener hear nothing more."""
        self._everybody.discard(listening)
        for topic in listening.topics:
            others = self._by_topic.get(topic, set())
            others.discard(listening)
            if not others:
                self._by_topic.pop(topic, None)

    def offer(self, heard: Heard) -> None:
        """Hand news to all who want them; an event that was told before is nothing new."""
        self.position = max(self.position, heard.sequence)
        if self._is_repeated(heard.item):
            return
        topic = heard.item.topic
        exact, kind = self._by_topic.get(topic), self._by_topic.get(topic.partition("/")[0])
        for listening in (exact or set()) | (kind or set()):
            listening.offer(heard)

    def miss(self) -> None:
        """Say to all that something was lost."""
        for listening in self._everybody:
            listening.miss()

    def _is_repeated(self, item: Item) -> bool:
        """Say whether another process, or another attempt, told the same event."""
        identity, now = _identity(item), time.monotonic()
        before = self._told.pop(identity, -_RECOGNISED_FOR)
        repeated = now - before < _RECOGNISED_FOR
        self._told[identity] = before if repeated else now
        if len(self._told) > _RECOGNISED:
            self._told.popitem(last=False)
        return repeated


def _item(heard: Heard) -> Item:
    return heard.item


def _identity(item: Item) -> tuple[str, str]:
    return item.event.source, item.event.id
