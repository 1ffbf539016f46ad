"""What was told before: kept once for all who resume, each of whom only remembers its place."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterator
from operator import attrgetter

from plotkiln.events.news import Heard, Item
from plotkiln.events.news_backlog import kept_once
from plotkiln.identity import ANONYMOUS, Principal, Scope

__all__ = ["Past", "identity"]

_SEQUENCE = attrgetter("sequence")

#: What is looked for at once: a topic, or the kind of one, and who alone may hear of it.
_Lane = tuple[str, str | None]


class Past:
    """The newest news, of one job only the last change, of one event only the last telling."""

    def __init__(self, *, window: int, since: str) -> None:
        """Take how many news to keep, and the sequence behind which they begin."""
        self._window = window
        self._kept: OrderedDict[Hashable, Heard] = OrderedDict()
        self._lanes: dict[_Lane, list[Heard]] = {}
        self._owners: dict[str, set[str | None]] = {}
        #: The sequence of what was forgotten last, or of before the first.
        self.forgotten = since
        #: The sequence of what was put last.
        self.newest = since

    def put(self, heard: Heard) -> None:
        """Append news; what is not newer than the newest is there already."""
        if heard.sequence <= self.newest:
            return
        self.newest = heard.sequence
        key = kept_once(heard.item) or identity(heard.item)
        earlier = self._kept.pop(key, None)
        if earlier is not None:
            self._remove(earlier)
        self._kept[key] = heard
        self._add(heard)
        if len(self._kept) > self._window:
            _, oldest = self._kept.popitem(last=False)
            self._remove(oldest)
            self.forgotten = oldest.sequence

    def first_after(
        self, sequence: str, topics: Collection[str], principal: Principal
    ) -> Heard | None:
        """Return the next behind a sequence, about these topics, that somebody may hear."""
        firsts = [
            lane[place]
            for topic in topics
            for owner in self._seen(topic, principal)
            if (lane := self._lanes.get((topic, owner)))
            and (place := bisect_right(lane, sequence, key=_SEQUENCE)) < len(lane)
        ]
        return min(firsts, key=_SEQUENCE, default=None)

    def _seen(self, topic: str, principal: Principal) -> Collection[str | None]:
        """Return those whose news of a topic somebody may hear: few, but for who sees all."""
        if principal.may(Scope.ADMIN):
            return self._owners.get(topic, ())
        return {None, principal.name, ANONYMOUS.name}

    def _add(self, heard: Heard) -> None:
        for topic, owner in _lanes(heard.item):
            self._lanes.setdefault((topic, owner), []).append(heard)
            self._owners.setdefault(topic, set()).add(owner)

    def _remove(self, heard: Heard) -> None:
        for topic, owner in _lanes(heard.item):
            lane = self._lanes[topic, owner]
            del lane[bisect_right(lane, heard.sequence, key=_SEQUENCE) - 1]
            if not lane:
                del self._lanes[topic, owner]
                self._owners[topic].discard(owner)
                if not self._owners[topic]:
                    del self._owners[topic]


def identity(item: Item) -> tuple[str, str]:
    """Return what is the same of an event whoever tells it."""
    return item.event.source, item.event.id


def _lanes(item: Item) -> Iterator[_Lane]:
    yield item.topic, item.owner
    kind = item.topic.partition("/")[0]
    if kind != item.topic:
        yield kind, item.owner
