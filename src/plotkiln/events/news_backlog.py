"""What waits for somebody slow: bounded, the oldest is lost, of one job only the newest stays."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from plotkiln.events.news import JOB_CHANGED, Item

__all__ = ["Backlog", "kept_once"]

T = TypeVar("T")


class Backlog(Generic[T]):
    """News in the order of their coming."""

    def __init__(self, item_of: Callable[[T], Item], *, capacity: int) -> None:
        """Take what says which item an entry carries, and the most entries."""
        self._item_of = item_of
        self._capacity = capacity
        self._entries: OrderedDict[Hashable, T] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, entry: T) -> T | None:
        """Append an entry; return the one that is lost for it, if one is."""
        key = kept_once(self._item_of(entry)) or object()
        self._entries.pop(key, None)
        self._entries[key] = entry
        return self._entries.popitem(last=False)[1] if len(self) > self._capacity else None

    def take(self) -> T | None:
        """Remove and return the oldest entry; None where there is none."""
        return self._entries.popitem(last=False)[1] if self._entries else None


def kept_once(item: Item) -> Hashable | None:
    """Return what an item replaces its forerunners by; None where each counts by itself."""
    event = item.event
    return (event.type, event.subject) if event.type == JOB_CHANGED and event.subject else None
