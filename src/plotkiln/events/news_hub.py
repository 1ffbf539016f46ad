"""Who listens in this process, and what each of them gets."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection

from plotkiln.events.news import Heard, Item, Missed, wants
from plotkiln.events.news_backlog import Backlog
from plotkiln.events.news_past import Past, identity
from plotkiln.identity import Principal

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

    One that resumes takes what it missed from the past, by its place there, until it has caught up:
    nothing waits for it before that.
    """

    def __init__(self, hub: "Hub", topics: Collection[str], principal: Principal) -> None:
        self._hub = hub
        self._principal = principal
        self.topics: frozenset[str] = frozenset(topics)
        self.resumed = False
        #: The sequence of what it was given last, or from which on it listens.
        self._given = hub.position
        #: What it reads until it has caught up; None from then on.
        self._past: Past | None = None
        self._backlog: Backlog[Heard] = Backlog(_item, capacity=_CAPACITY)
        self._lost = 0
        self._lost_topics: set[str] = set()
        self._unknown = False
        self._ready = asyncio.Event()

    @property
    def position(self) -> str:
        """See `Listener.position`."""
        if self._past is not None or self._backlog or self._lost:
            return self._given
        return max(self._given, self._hub.position)

    def want(self, topics: Collection[str]) -> None:
        """See `Listener.want`; one that still catches up does so with these topics."""
        self._hub.leave(self)
        self.topics = frozenset(topics)
        self._hub.join(self)

    async def hear(self) -> Heard | Missed:
        """See `Listener.hear`."""
        while True:
            self._notice_what_is_forgotten()
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
        if self._past is not None or not self._sees(heard.item.owner):
            return
        lost = self._backlog.put(heard)
        if lost is not None:
            self._lost += 1
            self._lost_topics.add(lost.item.topic)
        self._ready.set()

    def resume(self, past: Past, *, after: str) -> None:
        """Give it first what was told after a sequence that the past reaches back to.

        To be called before it joins, or with nothing told in between.
        """
        self.resumed, self._given, self._past = True, after, past

    def miss(self) -> None:
        """Say that nobody knows what it missed: what waits for it is looked up with all else.

        Sequences may begin anew.
        """
        self._unknown, self.resumed = True, False
        self._given, self._past = self._hub.position, None
        self._backlog = Backlog(_item, capacity=_CAPACITY)
        self._lost, self._lost_topics = 0, set()
        self._ready.set()

    def _sees(self, owner: str | None) -> bool:
        return owner is None or self._principal.sees(owner)

    def _notice_what_is_forgotten(self) -> None:
        if self._past is not None and self._past.forgotten > self._given:
            self.miss()

    def _next(self) -> Heard | None:
        """Take what comes next; what it was given from the past comes no second time."""
        if self._past is not None:
            heard = self._past.first_after(self._given, self.topics, self._principal)
            if heard is not None:
                return heard
            self._past = None
        heard = self._backlog.take()
        while heard is not None and heard.sequence <= self._given:
            heard = self._backlog.take()
        return heard

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

    def offer(self, heard: Heard) -> bool:
        """Hand news to all who want them; say whether they are new, as no second telling is."""
        self.position = max(self.position, heard.sequence)
        if self._is_repeated(heard.item):
            return False
        topic = heard.item.topic
        exact, kind = self._by_topic.get(topic), self._by_topic.get(topic.partition("/")[0])
        for listening in (exact or set()) | (kind or set()):
            listening.offer(heard)
        return True

    def miss(self) -> None:
        """Say to all that something was lost."""
        for listening in self._everybody:
            listening.miss()

    def _is_repeated(self, item: Item) -> bool:
        """Say whether another process, or another attempt, told the same event."""
        told, now = identity(item), time.monotonic()
        before = self._told.pop(told, -_RECOGNISED_FOR)
        repeated = now - before < _RECOGNISED_FOR
        self._told[told] = before if repeated else now
        if len(self._told) > _RECOGNISED:
            self._told.popitem(last=False)
        return repeated


def _item(heard: Heard) -> Item:
    return heard.item
