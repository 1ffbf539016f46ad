"""Hits that come twice, in any order, to counters that are killed: each counts once."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec
import pytest

from conftest import require
from kilns import Kiln
from load import Report
from plotkiln.counter.embedded import EmbeddedTotals
from plotkiln.counter.redis import RedisTotals
from plotkiln.counter.totals import Total, Totals
from plotkiln.state import Database
from plotkiln.state.redis import open_redis
from programs import program
from redis_servers import RedisServer
from servers import eventually, wait_until

pytestmark = [pytest.mark.fault, pytest.mark.anyio]

#: Different hits; PLOTKILN_TEST_HITS sets how many (bench/README.md).
HITS = int(os.environ.get("PLOTKILN_TEST_HITS", "1200"))

#: Of the hits, those that are delivered twice, and those that come again after all is over.
TWICE = AGAIN = HITS // 10

PROGRAMS = 4
#: Deliveries under way at once.
PARALLEL = 48
KILLS = max(6, HITS // 2500)
#: Of the kills, those that are Redis'.
REDIS_PART = 0.4
#: Seconds until a delivery is tried again.
PAUSE = 0.05

HEADERS = {
    "ce-specversion": "1.0",
    "ce-type": "plotkiln.new_hit",
    "ce-source": "/hits/",
    "ce-time": datetime.now(UTC).isoformat(),
}

#: Generation and total.
Reply = tuple[int, int]


class Counters:
    """Four counters, and what they share."""

    def __init__(self, programs: Sequence[Kiln], redis: RedisServer | None, data: Path) -> None:
        self.programs = programs
        self.redis = redis
        self._data = data
        self.killed: Counter[str] = Counter()

    async def kill(self, chance: random.Random) -> None:
        """Kill a counter, or what they share, and start it again."""
        if self.redis is not None and chance.random() < REDIS_PART:
            self.killed["redis"] += 1
            await asyncio.to_thread(self.redis.kill)
            await asyncio.to_thread(self.redis.start)
        else:
            self.killed["counter"] += 1
            victim = chance.choice(self.programs)
            await asyncio.to_thread(victim.stop, signal.SIGKILL)
            await asyncio.to_thread(victim.start)

    @asynccontextmanager
    async def totals(self) -> AsyncIterator[Totals]:
        """Open the totals beside the programs."""
        async with AsyncExitStack() as stack:
            if self.redis is not None:
                yield RedisTotals(await stack.enter_async_context(open_redis(self.redis.url)))
                return
            path = self._data / "counters.sqlite"
            database = await stack.enter_async_context(Database(path, synchronous="FULL"))
            yield await stack.enter_async_context(EmbeddedTotals(database))


@contextmanager
def counters(folder: Path, kind: str) -> Iterator[Counters]:
    """Start four counters on one Redis that never forgets, or on one SQLite file."""
    settings: dict[str, str] = {"PLOTKILN_LOG_LEVEL": "WARNING"}
    with ExitStack() as stack:
        redis = None
        if kind == "redis":
            require(RedisServer.binary(), "redis-server")
            options = {"appendonly": "yes", "appendfsync": "always"}
            redis = stack.enter_context(RedisServer(folder / "redis", **options))
            settings["PLOTKILN_REDIS_URL"] = redis.url
        data = folder / "data"
        programs = [program("count", data, **settings) for _ in range(PROGRAMS)]
        for one in programs:
            one.launch()
            stack.callback(one.__exit__, None, None, None)
        for one in programs:
            wait_until(one.ready, 60)
        yield Counters(programs, redis, data)


class Deliveries:
    """Delivers hits as a broker does: to any of the counters, each until it is taken."""

    def __init__(self, urls: Sequence[str], chance: random.Random) -> None:
        self._urls = urls
        self._chance = chance
        #: Every reply that came to each hit.
        self.replies: dict[str, list[Reply]] = {}
        self.done = 0
        self.failures: Counter[str] = Counter()

    async def deliver(self, hits: Sequence[str]) -> None:
        """Deliver these, many at once, in this order but for what is tried again."""
        waiting = iter(hits)
        async with httpx.AsyncClient(timeout=10) as client, asyncio.TaskGroup() as tasks:
            for _ in range(PARALLEL):
                tasks.create_task(self._run(client, waiting))

    async def lose(self, hit: str, url: str) -> None:
        """Deliver one to a counter that is not there, once."""
        async with httpx.AsyncClient() as client:
            assert await self._attempt(client, hit, url) is None

    async def _run(self, client: httpx.AsyncClient, waiting: Iterator[str]) -> None:
        for hit in waiting:
            self.replies.setdefault(hit, []).append(await self._taken(client, hit))
            self.done += 1

    async def _taken(self, client: httpx.AsyncClient, hit: str) -> Reply:
        while True:
            reply = await self._attempt(client, hit, self._chance.choice(self._urls))
            if reply is not None:
                return reply
            await asyncio.sleep(PAUSE)

    async def _attempt(self, client: httpx.AsyncClient, hit: str, url: str) -> Reply | None:
        try:
            answer = await client.post(url, headers={**HEADERS, "ce-id": hit})
        except httpx.TransportError as error:
            self.failures[type(error).__name__] += 1
            return None
        if answer.status_code >= 500:
            self.failures[str(answer.status_code)] += 1
            return None
        assert answer.status_code == 200, answer.text
        told = msgspec.json.decode(answer.content, type=dict[str, int])
        return told["generation"], told["total"]


@pytest.mark.parametrize("kind", ["redis", "embedded"])
async def test_every_hit_counts_once(tmp_path: Path, kind: str, report: Report) -> None:
    """Whatever comes twice, late, or to a counter that dies, the generations add up exactly."""
    chance = random.Random(7)  # noqa: S311 -- no secret
    hits = [f"hit-{number}" for number in range(HITS)]
    sent = [*hits[:-1], *chance.sample(hits[:-1], TWICE)]
    chance.shuffle(sent)
    began = time.monotonic()
    with counters(tmp_path, kind) as shared:
        deliveries = Deliveries([one.url for one in shared.programs], chance)
        load = asyncio.create_task(deliveries.deliver(sent))
        closed = await kill_and_reset(shared, deliveries, len(sent), chance)
        await load
        await asyncio.to_thread(shared.programs[0].stop, signal.SIGKILL)
        await deliveries.lose(hits[-1], shared.programs[0].url)
        await asyncio.to_thread(shared.programs[0].start)
        await deliveries.deliver([hits[-1], *chance.sample(hits, AGAIN)])
        async with shared.totals() as totals:
            history = await totals.history("home")
        counted = {
            "hits": len(hits),
            "deliveries": deliveries.done,
            "killed": dict(shared.killed),
            "attempts_that_failed": dict(deliveries.failures),
            "generations": [total.total for total in history],
            "lost": len(hits) - sum(total.total for total in history),
            "seconds": round(time.monotonic() - began),
        }
    report(f"hits to four counters on {kind}, all killed at random", counted)
    assert sum(total.total for total in history) == HITS
    assert closed == history[0]
    assert_each_counts_once(deliveries.replies, history)


async def kill_and_reset(
    shared: Counters, deliveries: Deliveries, whole: int, chance: random.Random
) -> Total:
    """Kill at random while hits come, reset in the middle; return the closed generation."""
    closed = None
    for number in range(1, KILLS + 1):
        due = number * whole // (KILLS + 1)
        await eventually(lambda: deliveries.done >= due, 600)  # noqa: B023 -- asked at once
        if number == KILLS // 2:
            async with shared.totals() as totals:
                closed = await totals.reset("home")
        await shared.kill(chance)
    assert closed is not None
    return closed


def assert_each_counts_once(replies: dict[str, list[Reply]], history: Sequence[Total]) -> None:
    """Assert that each hit always got one reply, and that the replies are 1, 2, 3 … of each."""
    assert len(replies) == HITS
    assert all(len(set(told)) == 1 for told in replies.values())
    whole = {
        (total.generation, number) for total in history for number in range(1, total.total + 1)
    }
    assert {told[0] for told in replies.values()} == whole
