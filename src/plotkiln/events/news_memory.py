"""News of one process, in its memory."""

import re
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager

from plotkiln.events.news import Heard, Item
from plotkiln.events.news_hub import Hub, Listening
from plotkiln.events.news_past import Past
from plotkiln.identity import Principal

__all__ = ["MemoryNews"]

_SEQUENCE = re.compile(r"[0-9]{15}\.[0-9]{12}")


class MemoryNews:
    """See `News`; what is kept ends with the process, and whoever resumes behind that is told."""

    def __init__(self, *, window: int, count: Callable[[str, str], None]) -> None:
        """Take how many news to keep, and `count`, which gets a counter's name and an outcome."""
        self._epoch = f"{time.time_ns() // 1_000_000:015d}"
        self._number = 0
        self._past = Past(window=window, since=self._sequence())
        self._hub = Hub(self._sequence())
        self._count = count

    def tell(self, item: Item) -> None:
        """See `News.tell`."""
        self._number += 1
        heard = Heard(sequence=self._sequence(), item=item)
        if self._hub.offer(heard):
            self._past.put(heard)
        self._count("news", "told")

    @asynccontextmanager
    async def listen(
        self, topics: Collection[str], *, principal: Principal, after: str | None = None
    ) -> AsyncIterator[Listening]:
        """See `News.listen`."""
        listening = Listening(self._hub, topics, principal)
        if after is not None:
            self._resume(listening, after)
        self._hub.join(listening)
        try:
            yield listening
        finally:
            self._hub.leave(listening)

    def _resume(self, listening: Listening, after: str) -> None:
        if not self._reaches(after):
            listening.miss()
            return
        listening.resume(self._past, after=after)

    def _reaches(self, after: str) -> bool:
        """Say whether all that came after this is kept; another process's is none of ours.

        The dot keeps these sequences apart from those of Redis.
        """
        ours = _SEQUENCE.fullmatch(after) is not None and after.startswith(self._epoch)
        return ours and self._past.forgotten <= after <= self._sequence()

    def _sequence(self) -> str:
        return f"{self._epoch}.{self._number:012d}"
