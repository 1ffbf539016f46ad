"""The live channel under a thousand listeners, and while it and its Redis die."""

import asyncio
import json
import os
import random
import signal
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from conftest import require
from ears import Ear, channel, listening
from kilns import Kiln
from load import Report
from plotkiln.events.event import CloudEvent
from plotkiln.events.news import Item
from plotkiln.events.news_redis import RedisNews
from plotkiln.state.redis import open_redis
from redis_servers import RedisServer
from servers import eventually

pytestmark = [pytest.mark.fault, pytest.mark.anyio]

#: Sockets on one process, of which some never read.
SOCKETS = int(os.environ.get("PLOTKILN_TEST_SOCKETS", "1000"))
SLOW = SOCKETS // 50

#: Events for all of them, and seconds between two.
EVENTS, PACE = 20, 0.25

#: Events for those who do not read, and their size: more than buffers and backlogs take.
FLOOD, SIZE = 1500, 2000

#: Listeners while things die, events told, and seconds between two deaths.
FOLLOWERS, TOLD, DIES_EVERY = 50, 1500, (0.5, 1.5)


@asynccontextmanager
async def teller(redis: RedisServer) -> AsyncIterator[RedisNews]:
    """Open what tells news as another process does."""
    async with (
        open_redis(redis.url) as client,
        RedisNews(client, window=10_000, count=lambda *_: None) as news,
    ):
        yield news


def item(number: int | str, topic: str, *, filling: int = 0) -> Item:
    """Return news that say when they were told."""
    data = {"at": time.monotonic(), "filling": "x" * filling}
    event = CloudEvent(
        id=str(number),
        source=f"/{topic}",
        type="test",
        subject=topic,
        datacontenttype="application/json",
        data=json.dumps(data).encode(),
    )
    return Item(topic=topic, event=event)


async def test_a_thousand_listen_and_none_holds_up_another(tmp_path: Path, report: Report) -> None:
    """Each who reads gets each event in time; each who does not is told what it lost."""
    require(RedisServer.binary(), "redis-server")
    with RedisServer(tmp_path / "redis") as redis, channel(tmp_path / "live", redis) as kiln:
        async with AsyncExitStack() as stack, teller(redis) as news:
            first = await _opened(stack, kiln, 5, "jobs")  # what the first ones cost is not counted
            before = _memory(kiln.pid)
            slow = await _opened(stack, kiln, SLOW, "styles", "artifacts")
            fast = await _opened(stack, kiln, SOCKETS - SLOW - 5, "styles")
            after = _memory(kiln.pid)
            readers = [asyncio.create_task(_latencies(ear)) for ear in fast]
            await _tell(news)
            latencies = [one for some in await asyncio.gather(*readers) for one in some]
            assert len(latencies) == EVENTS * len(fast)
            losses = await asyncio.gather(*(_loss(ear) for ear in slow))
            dropped = await _metric(kiln, 'plotkiln_live_events_total{outcome="dropped"}')
            await asyncio.gather(*(ear.socket.close() for ear in (*first, *fast, *slow)))
    quantiles = statistics.quantiles(latencies, n=100)
    report(
        "live: a thousand sockets",
        {
            "sockets": SOCKETS,
            "never read": SLOW,
            "events heard by those who read": len(latencies),
            "latency ms, median": round(quantiles[49] * 1000),
            "latency ms, p99": round(quantiles[98] * 1000),
            "latency ms, most": round(max(latencies) * 1000),
            "memory KiB per socket": round((after - before) / (SOCKETS - 5), 1),
            "dropped for those who do not read": sum(losses),
        },
    )
    assert max(latencies) < 10
    assert all(losses)
    assert dropped == sum(losses)


async def _opened(stack: AsyncExitStack, kiln: Kiln, number: int, *topics: str) -> list[Ear]:
    """Open sockets, some at once, whose welcome has come; they stop reading where nobody does."""
    gate = asyncio.Semaphore(20)

    async def one() -> Ear:
        async with gate:
            opened = listening(kiln.url, *topics, max_queue=1, open_timeout=60, close_timeout=1)
            ear = await stack.enter_async_context(opened)
            await ear.hear(within=60)
            return ear

    return await asyncio.gather(*(one() for _ in range(number)))


async def _tell(news: RedisNews) -> None:
    """Tell of everything, while those who do not read are flooded."""
    for number in range(EVENTS):
        news.tell(item(number, "styles/a"))
        for more in range(number * FLOOD // EVENTS, (number + 1) * FLOOD // EVENTS):
            news.tell(item(more, f"artifacts/{more % 3}", filling=SIZE))
        await asyncio.sleep(PACE)


async def _latencies(ear: Ear) -> list[float]:
    """Return the seconds that each event took to come."""
    found = []
    for number in range(EVENTS):
        event = await ear.hear(within=60)
        assert event["id"] == str(number)
        found.append(time.monotonic() - event["data"]["at"])
    return found


async def _loss(ear: Ear) -> int:
    """Read at last, and return how many are said to be lost: with those that came it is all."""
    lost, heard = 0, 0
    while lost + heard < EVENTS + FLOOD:
        event = await ear.hear(within=30)
        if event["type"] == "plotkiln.live.dropped":
            assert set(event["data"]["topics"]) <= {"styles/a", *(f"artifacts/{n}" for n in "012")}
            lost += event["data"]["count"]
        elif event["type"] == "test":
            heard += 1
    return lost


async def _metric(kiln: Kiln, name: str) -> float:
    async with httpx.AsyncClient() as client:
        text = (await client.get(f"{kiln.url}/metrics")).text
    lines = (line.rpartition(" ") for line in text.splitlines())
    return next((float(value) for key, _, value in lines if key == name), 0.0)


def _memory(pid: int) -> int:
    """Return the memory of a process in KiB (proc(5), VmRSS)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


class Follower:
    """A client that comes back whenever it is cut off, and resumes."""

    def __init__(self, kiln: Kiln) -> None:
        self._kiln = kiln
        self._after: str | None = None
        #: Ids as they came, and None wherever something was said to be lost.
        self.heard: list[int | None] = []
        self.connections = 0

    async def follow(self, until: int) -> None:
        """Listen until an event has come."""
        while until not in self.heard[-1:]:
            try:
                async with listening(self._kiln.url, "styles", after=self._after) as ear:
                    self.connections += 1
                    await self._listen(ear, until)
            except (OSError, ConnectionClosed, InvalidHandshake, EOFError):
                await asyncio.sleep(0.1)

    async def _listen(self, ear: Ear, until: int) -> None:
        while until not in self.heard[-1:]:
            event = await ear.hear(within=60)
            self._after = event["sequence"]
            if event["type"] == "plotkiln.live.dropped":
                self.heard.append(None)
            elif event["type"] == "test":
                self.heard.append(int(event["id"]))

    def silent_gaps(self) -> int:
        """Return how many never came though nothing was said to be lost where they belong."""
        missing, last, said = 0, 0, False
        for number in self.heard:
            if number is None:
                said = True
                continue
            missing += 0 if said else number - last - 1
            last, said = number, False
        return missing


async def test_nothing_is_lost_in_silence_while_all_die(tmp_path: Path, report: Report) -> None:
    """Whatever dies, listeners come back and hear all in order, or are told that some is lost."""
    require(RedisServer.binary(), "redis-server")
    redis = RedisServer(tmp_path / "redis", appendonly="yes", appendfsync="always")
    with redis, channel(tmp_path / "live", redis) as kiln:
        followers = [Follower(kiln) for _ in range(FOLLOWERS)]
        async with asyncio.TaskGroup() as group, teller(redis) as news:
            tasks = [group.create_task(one.follow(TOLD)) for one in followers]
            await eventually(lambda: all(one.connections for one in followers))
            dying = group.create_task(_die(kiln, redis))
            for number in range(1, TOLD):
                news.tell(item(number, "styles/a"))
                await asyncio.sleep(0.005)
            deaths = await dying
            news.tell(item(TOLD, "styles/a"))
            async with asyncio.timeout(60):
                await asyncio.gather(*tasks)
    told_lost = [one for one in followers if None in one.heard]
    twice = sum(len(ids) - len(set(ids)) for ids in map(_numbers, followers))
    disordered = sum(sorted(ids) != ids for ids in map(_numbers, followers))
    gaps = sum(one.silent_gaps() for one in followers)
    report(
        "live: everything dies",
        {
            "deaths": deaths,
            "listeners": FOLLOWERS,
            "told": TOLD,
            "connections": sum(one.connections for one in followers),
            "listeners told of a loss": len(told_lost),
            "heard twice": twice,
            "out of order": disordered,
            "missing without a word": gaps,
        },
    )
    assert gaps == 0
    assert twice == 0
    assert disordered == 0


def _numbers(follower: Follower) -> list[int]:
    return [number for number in follower.heard if number is not None]


async def _die(kiln: Kiln, redis: RedisServer) -> dict[str, int]:
    """Kill the channel and its Redis by turns, and start them again."""
    deaths = {"live": 0, "redis": 0}
    for turn in range(6):
        await asyncio.sleep(random.uniform(*DIES_EVERY))  # noqa: S311 -- no secret
        if turn % 2:
            await asyncio.to_thread(kiln.stop, signal.SIGKILL)
            await asyncio.to_thread(kiln.start)
            deaths["live"] += 1
        else:
            redis.kill()
            await asyncio.sleep(random.uniform(0, 0.5))  # noqa: S311 -- no secret
            await asyncio.to_thread(redis.start)
            deaths["redis"] += 1
    return deaths
