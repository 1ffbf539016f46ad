"""The whole line of the hit counter while its counters die: from a page view to the pixels."""

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx
import pytest

from conftest import require
from event_sinks import Answer, EventSink
from hit_counters import HitCounter, hit_counter
from kilns import Kiln
from load import Report
from odometers import OdometerReader
from plotkiln.events.event import CloudEvent
from plotkiln.events.http_binding import Message, to_binary
from redis_servers import RedisServer
from servers import eventually, wait_until
from visitors import LATER, Visitor, learn

pytestmark = [pytest.mark.fault, pytest.mark.anyio]

PROGRAMS = 4

#: Hits of each of three parts, of which a tenth comes twice, and page views among them.
HITS, VIEWS = 100, 10

#: Hits under way at once.
SENDERS = 8

#: Seconds between two kills.
KILLED_EVERY = (0.2, 0.8)

#: The hit whose total never reaches the broker.
LOST = "lost"


class Spread:
    """Hands each hit to any of the counters, as a cluster does, and loses one reply."""

    def __init__(self) -> None:
        self.counts: tuple[Kiln, ...] = ()
        self.failures = 0
        self.lost = 0
        self._client = httpx.Client(timeout=10)

    def close(self) -> None:
        """Let go of the connections to counters."""
        self._client.close()

    def __call__(self, event: CloudEvent) -> Answer:
        """Return what a counter answers; 503 where it is dead, or dies."""
        message = to_binary(event)
        url = random.choice(self.counts).url  # noqa: S311 -- no secret
        try:
            answer = self._client.post(url, headers=message.headers, content=message.body)
        except httpx.TransportError:
            self.failures += 1
            return Answer(503)
        if event.id == LOST and answer.is_success:
            self.lost += 1
            return Answer(202)
        kept = [(name, text) for name, text in answer.headers.items() if is_of_event(name)]
        return Answer(answer.status_code, Message(kept, answer.content))


def is_of_event(header: str) -> bool:
    """Say whether a header is the event's, not the connection's."""
    return header == "content-type" or header.startswith("ce-")


class Line:
    """The hit counter under load, and how much it was killed."""

    def __init__(self, line: HitCounter, client: httpx.AsyncClient) -> None:
        self.line = line
        self.killed = 0
        self.distinct = 0
        self._client = client
        self._chance = random.Random(7)  # noqa: S311 -- no secret

    async def part(self, name: str) -> None:
        """Say hits and look at pages, and wait until all are counted."""
        hits = [f"{name}-{number}" for number in range(HITS)]
        sent = [*hits, *self._chance.sample(hits, HITS // 10)]
        self._chance.shuffle(sent)
        waiting = iter(sent)

        async def send() -> None:
            for one in waiting:
                await self.hit(one)

        await asyncio.gather(self._views(), *(send() for _ in range(SENDERS)))
        self.distinct += HITS + VIEWS
        await asyncio.to_thread(self.line.settle)

    async def hit(self, name: str) -> None:
        """Send one to the broker."""
        event = {"specversion": "1.0", "id": name, "source": "/tests", "type": "plotkiln.new_hit"}
        headers = {"content-type": "application/cloudevents+json"}
        answer = await self._client.post(
            self.line.ingress, content=json.dumps(event), headers=headers
        )
        assert answer.status_code == 202, answer.text

    async def _views(self) -> None:
        for _ in range(VIEWS):
            answer = await self._client.get(f"{self.line.homepage.url}/hits/")
            assert answer.status_code == 200

    @asynccontextmanager
    async def killed_at_random(self) -> AsyncIterator[None]:
        """Kill a counter now and then, and start it again, until left."""
        over = asyncio.Event()
        killing = asyncio.create_task(self._kill(over))
        try:
            yield
        finally:
            over.set()
            await killing

    async def _kill(self, over: asyncio.Event) -> None:
        while not over.is_set():
            victim = self._chance.choice(self.line.counts)
            await asyncio.to_thread(victim.stop, signal.SIGKILL)
            self.killed += 1
            await asyncio.to_thread(victim.start)
            await asyncio.sleep(self._chance.uniform(*KILLED_EVERY))

    async def restyle(self) -> None:
        """Change the look of all pictures."""
        answer = await self._client.put(
            f"{self.line.draw.url}/styles/default", json=LATER, headers={"If-None-Match": "*"}
        )
        assert answer.is_success, answer.text

    async def reset(self, redis: str) -> int:
        """Run `plotkiln counter reset`; return the closed total."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "plotkiln", "counter", "reset", "home", "--json"),
            env={
                "PATH": os.environ["PATH"],
                "PLOTKILN_REDIS_URL": redis,
                "K_SINK": self.line.ingress,
            },
            stdout=asyncio.subprocess.PIPE,
        )
        told, _ = await process.communicate()
        assert process.returncode == 0
        return int(json.loads(told)["total"])

    async def shows(self, generation: int, number: int) -> None:
        """Wait until the picture claims a number."""
        wanted = (generation, number)
        await asyncio.to_thread(wait_until, lambda: self.line.shown() == wanted, 30)


async def through_everything(line: Line, redis: str) -> tuple[int, int]:
    """Count through kills, a restyle and a reset; return the totals of both generations."""
    async with line.killed_at_random():
        await line.part("first")
        await asyncio.gather(line.part("second"), line.restyle())
        _, closed = await asyncio.gather(line.part("third"), later_reset(line, redis))
    total = line.distinct - closed
    await line.shows(2, total)
    return closed, total


async def later_reset(line: Line, redis: str) -> int:
    """Reset as soon as the third part is being counted."""
    before = 2 * (HITS + VIEWS)
    enough = before + HITS // 3
    await asyncio.to_thread(wait_until, lambda: line.line.total()["total"] > enough)
    return await line.reset(redis)


async def lose_and_heal(line: Line, spread: Spread, total: int) -> None:
    """Lose the last total: the picture is one behind, until the next hit."""
    await line.hit(LOST)
    await asyncio.to_thread(line.line.settle)
    assert spread.lost == 1
    assert line.line.total()["total"] == total + 1
    assert line.line.shown() == (2, total)
    await line.hit("after")
    await line.shows(2, total + 2)


async def test_the_picture_follows_the_hits(tmp_path: Path, report: Report) -> None:
    """No hit is lost or counted twice, and the number in the pixels never goes back."""
    require(RedisServer.binary(), "redis-server")
    began = time.monotonic()
    with (
        closing(Spread()) as spread,
        RedisServer(tmp_path / "redis", appendonly="yes", appendfsync="always") as redis,
        EventSink(reply=spread) as sink,
        hit_counter(
            tmp_path, redis.url, counts=PROGRAMS, addresses={"hit-counter": sink.url}
        ) as started,
    ):
        spread.counts = started.counts
        reader = await asyncio.to_thread(learn, started.draw)
        async with httpx.AsyncClient(timeout=30) as client:
            line = Line(started, client)
            async with watched(started, reader) as visitors:
                closed, total = await through_everything(line, redis.url)
                await lose_and_heal(line, spread, total)
                final = (2, total + 2, total + 2)
                await eventually(lambda: all(one.seen[-1] == final for one in visitors))
        dead, published = started.deliveries("dead"), started.public.read_bytes()
        later = await asyncio.to_thread(learn, started.draw, ["default"])
    seen = [one for visitor in visitors for one in visitor.seen]
    report(
        "the hit counter's programs, its counters killed at random, through a restyle and a reset",
        {
            "hits": line.distinct + 2,
            "generations": [closed, total + 2],
            "killed": line.killed,
            "attempts_that_failed": spread.failures,
            "looks": len(seen),
            "distinct_numbers": len({one[:2] for one in seen}),
            "steps_back": sum(visitor.steps_back for visitor in visitors),
            "seconds": round(time.monotonic() - began),
        },
    )
    assert min(closed, total, line.killed) > 0
    assert [visitor.steps_back for visitor in visitors] == [0, 0]
    assert all(one.number == one.claimed for one in seen)
    assert {one.generation for one in seen} == {1, 2}
    assert later.read(published) == total + 2
    assert dead == []


@asynccontextmanager
async def watched(line: HitCounter, reader: OdometerReader) -> AsyncIterator[list[Visitor]]:
    """Look at the picture where the homepage serves it, and where it is drawn."""
    visitors = [Visitor(reader, pause=0.02) for _ in range(2)]
    async with (
        httpx.AsyncClient(base_url=line.homepage.url, timeout=30) as one,
        httpx.AsyncClient(base_url=line.draw.url, timeout=30) as other,
    ):
        looking = [
            asyncio.create_task(visitor.visit(client))
            for visitor, client in zip(visitors, (one, other), strict=True)
        ]
        try:
            yield visitors
        finally:
            for visitor in visitors:
                visitor.leaving.set()
            await asyncio.gather(*looking)
