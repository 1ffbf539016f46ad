"""News across processes, by one Redis stream of bounded length."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from plotkiln.errors import StoreUnavailable
from plotkiln.events.news import Item
from plotkiln.events.news_backlog import Backlog
from plotkiln.events.news_hub import Hub, Listening
from plotkiln.events.news_past import Past
from plotkiln.events.news_stream import BEGINNING, STEP, NewsStream
from plotkiln.identity import Principal
from plotkiln.tasks import begin_task, end_tasks

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["RedisNews"]

log = logging.getLogger("plotkiln.news")

#: News that wait for Redis, and how many go at once.
_WAITING, _BATCH = 1024, 64
#: Seconds before Redis is tried again, doubled each time, and the longest pause.
_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
#: Seconds that a new listener waits for Redis.
_PATIENCE = 3.0
#: Seconds for which leaving waits until all is told.
_DRAIN = 1.0
#: Listeners that ask at once how far the stream reaches.
_RESUMING = 4


class RedisNews:
    """See `News`. A task writes while there is something to tell, one reads while anybody listens.

    While Redis is away, news wait until there are too many; the oldest are lost then, and counted.
    The past is read when the first listener resumes, once for all, and kept as long as the reader.
    """

    def __init__(self, redis: "Redis", *, window: int, count: Callable[[str, str], None]) -> None:
        """Take a client, how many news to keep for resuming, and what counts outcomes."""
        self._stream = NewsStream(redis, window=window)
        self._window = window
        self._count = count
        self._hub = Hub()
        self._waiting: Backlog[Item] = Backlog(_itself, capacity=_WAITING)
        self._writer: asyncio.Task[None] | None = None
        self._reader: asyncio.Task[None] | None = None
        #: Set while the reader follows the stream: not while Redis is away.
        self._reading = asyncio.Event()
        #: The sequence of what was read last.
        self._position: str | None = None
        self._listeners = 0
        self._closed = False
        self._ended = False
        self._resuming = asyncio.Semaphore(_RESUMING)
        #: All up to the position, once somebody has resumed.
        self._past: Past | None = None
        self._remembering: asyncio.Task[None] | None = None
        #: How often the past was forgotten: what is read of it meanwhile is of no use.
        self._forgettings = 0

    def tell(self, item: Item) -> None:
        """See `News.tell`."""
        if self._closed or self._waiting.put(item) is not None:
            self._count("news", "lost")
        if self._closed:
            return
        if self._writer is None or self._writer.done():
            self._writer = begin_task(self._write(), "tell news")

    @asynccontextmanager
    async def listen(
        self, topics: Collection[str], *, principal: Principal, after: str | None = None
    ) -> AsyncIterator[Listening]:
        """See `News.listen`."""
        self._listeners += 1
        try:
            await self._read_on()
            past = None if after is None else await self._reaching(after)
            listening = Listening(self._hub, topics, principal)
            if past is not None and after is not None:
                listening.resume(past, after=after)
            elif after is not None:
                listening.miss()
            self._hub.join(listening)
            try:
                yield listening
            finally:
                self._hub.leave(listening)
        finally:
            self._listeners -= 1

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Tell what waits, within the time for that."""
        self._closed = True
        if self._writer is not None:
            await asyncio.wait([self._writer], timeout=_DRAIN)
        self._ended = True  # one cancel may be lost in a client that is about to connect
        await end_tasks(self._writer, self._reader, self._remembering)

    async def _write(self) -> None:
        pause = _PAUSE
        while items := self._oldest():
            while not await self._appended(items, first=pause == _PAUSE):
                if self._ended:
                    return
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            pause = _PAUSE

    def _oldest(self) -> list[Item]:
        items: list[Item] = []
        while len(items) < _BATCH and (item := self._waiting.take()) is not None:
            items.append(item)
        return items

    async def _appended(self, items: list[Item], *, first: bool) -> bool:
        """Say whether they are told; what nobody answered is told again, and recognised."""
        try:
            await self._stream.append(items)
        except StoreUnavailable as error:
            if first:
                log.warning("news wait: %s", error)
            return False
        for _ in items:
            self._count("news", "told")
        return True

    async def _read_on(self) -> None:
        """Wait until the reader knows where it is; raises `StoreUnavailable` when it cannot."""
        if self._reader is None or self._reader.done():
            self._reader = begin_task(self._read(), "read news")
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._reading.wait()
        except TimeoutError as error:
            raise StoreUnavailable("Redis does not answer: there are no news.") from error

    async def _reaching(self, after: str) -> Past | None:
        """Return the past where it has all that came after an entry; None where that is unknown."""
        while True:
            past = await self._remembered()
            async with self._resuming:
                reached = await self._stream.reaches(after)
            if past is self._past:
                return past if reached and past.forgotten <= after else None

    async def _remembered(self) -> Past:
        """Return the past: who comes first has it read, and all others wait for that."""
        while self._past is None:
            if self._remembering is None or self._remembering.done():
                self._remembering = begin_task(self._remember(), "read past news")
            await asyncio.shield(self._remembering)
        return self._past

    async def _remember(self) -> None:
        """Read all that is kept, up to what the reader has read: it goes on from there."""
        forgettings, past = self._forgettings, Past(window=self._window, since="")
        last = BEGINNING
        while forgettings == self._forgettings and last < self._hub.position:
            step = await self._stream.since(last)
            for heard in step:
                past.put(heard)
            last = step[-1].sequence if step else self._hub.position
        if forgettings == self._forgettings:
            self._past = past

    def _forget(self) -> None:
        self._past = None
        self._forgettings += 1

    async def _read(self) -> None:
        """Read as long as anybody listens, and a little longer: one often comes back."""
        pause, self._position = _PAUSE, None
        try:
            while self._listeners and not self._ended:
                try:
                    await self._find_place()
                    pause = _PAUSE
                    await self._follow()
                except StoreUnavailable as error:
                    self._reading.clear()
                    if pause == _PAUSE:
                        log.warning("nothing is heard: %s", error)
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, _LONGEST_PAUSE)
        finally:
            self._reading.clear()
            self._forget()

    async def _find_place(self) -> None:
        """Read on behind what was read last; at the end, at first and where that is lost."""
        if self._position is None or not await self._stream.reaches(self._position):
            lost, self._position = self._position is not None, await self._stream.end()
            self._hub.position = self._position
            if lost:
                log.warning("news were lost: the stream is not the one that was read")
                self._miss()
        self._reading.set()

    async def _follow(self) -> None:
        assert self._position is not None
        while True:
            step = await self._stream.follow(self._position)
            if self._ended or not (step or self._listeners):
                return
            if len(step) == STEP and not await self._stream.reaches(self._position):
                log.warning("news were lost: more came at once than the stream keeps")
                self._miss()
            for heard in step:
                if self._hub.offer(heard) and self._past is not None:
                    self._past.put(heard)
                self._position = heard.sequence

    def _miss(self) -> None:
        self._forget()
        self._hub.miss()


def _itself(item: Item) -> Item:
    return item
