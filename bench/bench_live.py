"""Measures how soon listeners hear of what happens, how many there may be, and what one takes.

One `plotkiln live` with its Redis, and listeners in this process, which tells of events as another
process would: each has its way through Redis behind it. The times hold what the listeners
themselves take to read, since they share this machine.
"""

import asyncio
import json
import statistics
import time
from contextlib import AsyncExitStack
from pathlib import Path

from measuring import Ear, Kiln, RedisServer, channel, data_folder, listening, report, summary
from plotkiln.events.event import CloudEvent
from plotkiln.events.news import Item
from plotkiln.events.news_redis import RedisNews
from plotkiln.state.redis import open_redis

LISTENERS = (1, 100, 1000)
EVENTS = 20
PACE = 0.2


def main() -> None:
    """Measure each number of listeners, on a process of its own."""
    if RedisServer.binary() is None:
        print(json.dumps({"question": "live", "skipped": "redis-server is not here"}))
        return
    rows = {f"{number} listeners": _measure(number) for number in LISTENERS}
    report("How soon does each listener hear of an event, and what does one take?", "ms", rows)


def _measure(number: int) -> dict[str, object]:
    with data_folder() as folder, RedisServer() as redis:
        settings = {"PLOTKILN_LOG_LEVEL": "WARNING"}
        with channel(folder, redis, **settings) as kiln:
            return asyncio.run(_listen(kiln, redis.url, number))


async def _listen(kiln: Kiln, url: str, number: int) -> dict[str, object]:
    async with AsyncExitStack() as stack:
        redis = await stack.enter_async_context(open_redis(url))
        news = await stack.enter_async_context(RedisNews(redis, window=1000, count=lambda *_: None))
        first = await stack.enter_async_context(listening(kiln.url, "jobs"))
        await first.hear()
        before, begun = _memory(kiln.pid), time.perf_counter()
        gate = asyncio.Semaphore(20)
        ears = await asyncio.gather(*(_opened(stack, kiln, gate) for _ in range(number)))
        opened, memory = time.perf_counter() - begun, _memory(kiln.pid) - before
        hearing = [asyncio.create_task(_latencies(ear)) for ear in ears]
        for event in range(EVENTS):
            news.tell(_item(event))
            await asyncio.sleep(PACE)
        each = await asyncio.gather(*hearing)
        await asyncio.gather(*(ear.socket.close() for ear in ears))
    last = [max(times) for times in zip(*each, strict=True)]
    return {
        "each listener": summary([one for times in each for one in times]),
        "p99": round(statistics.quantiles([one for times in each for one in times], n=100)[98], 2),
        "the last listener": summary(last),
        "opening one": round(opened * 1000 / number, 2),
        "KiB of memory for one": round(memory / number, 1),
    }


async def _opened(stack: AsyncExitStack, kiln: Kiln, gate: asyncio.Semaphore) -> Ear:
    async with gate:
        ear = await stack.enter_async_context(listening(kiln.url, "styles"))
        await ear.hear()
        return ear


async def _latencies(ear: Ear) -> list[float]:
    found: list[float] = []
    while len(found) < EVENTS:
        event = await ear.hear(within=60)
        if event["type"] == "plotkiln.style.changed":  # and no heartbeat
            found.append((time.monotonic() - event["data"]["at"]) * 1000)
    return found


def _item(number: int) -> Item:
    event = CloudEvent(
        id=str(number),
        source="/bench",
        type="plotkiln.style.changed",
        subject="default",
        datacontenttype="application/json",
        data=json.dumps({"at": time.monotonic(), "like a job": "x" * 500}).encode(),
    )
    return Item(topic="styles/default", event=event)


def _memory(pid: int) -> int:
    """Return the memory of a process in KiB (proc(5), VmRSS)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


if __name__ == "__main__":
    main()
