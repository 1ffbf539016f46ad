"""Measures what listeners cost that come back: one, a thousand at once, and some who do not read.

One `plotkiln live` with its Redis, which has told of many events since the listeners were cut off;
what is theirs among these is the last. Those who do not read resume all of it.
"""

import asyncio
import json
import os
import time
from contextlib import AsyncExitStack
from pathlib import Path

from measuring import Ear, Kiln, RedisServer, channel, data_folder, listening, report
from plotkiln.events.event import CloudEvent
from plotkiln.events.news import Item
from plotkiln.events.news_redis import RedisNews
from plotkiln.identity import ANONYMOUS
from plotkiln.state.redis import open_redis

LISTENERS = 1000
BEHIND, SIZE = 9250, 2000
SILENT = 40
STEP = 50


def main() -> None:
    """Measure both on one process."""
    if RedisServer.binary() is None:
        print(json.dumps({"question": "resuming", "skipped": "redis-server is not here"}))
        return
    settings = {"PLOTKILN_LOG_LEVEL": "WARNING"}
    with (
        data_folder() as folder,
        RedisServer() as redis,
        channel(folder, redis, **settings) as kiln,
    ):
        rows = asyncio.run(_measure(kiln, redis.url))
    report(f"What does it cost when listeners come back {BEHIND} events later?", "s", rows)


async def _measure(kiln: Kiln, url: str) -> dict[str, object]:
    async with listening(kiln.url, "styles") as ear:
        start = (await ear.hear())["sequence"]
        await _tell(url, ear)
        memory = _memory(kiln.pid)
        return {
            "the first, for which the past is read": await _come_back(kiln, start, 1),
            "MiB for the past": _memory(kiln.pid) - memory,
            f"{LISTENERS} at once": await _come_back(kiln, start, LISTENERS),
            f"MiB for {SILENT} that resume all, and do not read": await _hold(kiln, start),
        }


async def _tell(url: str, ear: Ear) -> None:
    """Tell of all, the last of it to those who come back, no faster than it is heard."""
    async with (
        open_redis(url) as redis,
        RedisNews(redis, window=10_000, count=lambda *_: None) as news,
        news.listen(("artifacts",), principal=ANONYMOUS) as listener,
    ):
        for number in range(BEHIND):
            news.tell(_item(number, "artifacts/a"))
            if number % STEP == STEP - 1:
                for _ in range(STEP):
                    await listener.hear()
        news.tell(_item(BEHIND, "styles/a"))
        await ear.hear(within=60)


async def _come_back(kiln: Kiln, start: str, number: int) -> dict[str, float]:
    begun, used = time.perf_counter(), _processor_time(kiln.pid)
    await asyncio.gather(*(_resumed(kiln, start) for _ in range(number)))
    return {
        "until the last has all": round(time.perf_counter() - begun, 2),
        "processor time of the channel": round(_processor_time(kiln.pid) - used, 2),
    }


async def _resumed(kiln: Kiln, start: str) -> None:
    async with listening(kiln.url, "styles", after=start, open_timeout=600) as ear:
        assert (await ear.hear(within=600))["data"]["resumed"]
        assert (await ear.hear(within=600))["id"] == str(BEHIND)


async def _hold(kiln: Kiln, start: str) -> int:
    before = _memory(kiln.pid)
    async with AsyncExitStack() as stack:
        for _ in range(SILENT):
            one = listening(kiln.url, "artifacts", after=start, max_queue=1, close_timeout=1)
            assert (await (await stack.enter_async_context(one)).hear())["data"]["resumed"]
        return _memory(kiln.pid) - before


def _item(number: int, topic: str) -> Item:
    event = CloudEvent(
        id=str(number),
        source=f"/bench/{topic}",
        type="plotkiln.artifact.updated",
        subject=topic,
        datacontenttype="application/json",
        data=json.dumps("x" * SIZE).encode(),
    )
    return Item(topic=topic, event=event)


def _memory(pid: int) -> int:
    """Return the memory of a process in MiB (proc(5), VmRSS)."""
    status = Path(f"/proc/{pid}/status").read_text()
    row = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(row.split()[1]) >> 10


def _processor_time(pid: int) -> float:
    """Return the seconds that a process has computed (proc(5), utime and stime)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
