"""Measures what limits cost: a request that is counted, a chart stored beside many others."""

import asyncio
import time
import tracemalloc
from statistics import median
from typing import Any

from measuring import RedisServer, data_folder, report
from plotkiln.artifacts import Chart, Charts, SqliteCharts
from plotkiln.artifacts.charts_redis import RedisCharts
from plotkiln.service.limits import RequestRates
from plotkiln.state import Database
from plotkiln.state.redis import open_redis

#: Charts of one owner that are there already.
STORED = (0, 100_000)
QUOTA = 1 << 40


def chart(number: int) -> Chart:
    """Return one chart of 2 KB."""
    return Chart(id=f"{number:026}", owner="key:a", spec=b" " * 2048, spec_digest="0" * 64)


def rates() -> dict[str, float]:
    """Return microseconds of one request, and KiB of all principals that are remembered."""
    counted = RequestRates(10**9)
    tracemalloc.start()
    for number in range(10_000):
        counted.take(f"user:{number}")
    memory = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    begun = time.perf_counter()
    for number in range(100_000):
        counted.take(f"user:{number % 10_000}")
    return {
        "request_us": round((time.perf_counter() - begun) * 10, 2),
        "ten_thousand_principals_kib": round(memory / 1024),
    }


async def put_ms(charts: Charts, first: int, *, quota: int) -> float:
    """Return the median of 200 charts, in milliseconds."""
    spent = []
    for number in range(first, first + 200):
        begun = time.perf_counter()
        await charts.put(chart(number), keep=None, quota=quota)
        spent.append((time.perf_counter() - begun) * 1000)
    return round(median(spent), 3)


async def measured(charts: Charts) -> dict[str, float]:
    """Return the milliseconds of a chart with and without quota, beside few and beside many."""
    found, there = {}, 0
    for stored in STORED:
        while there < stored:
            batch = [charts.put(chart(there + n), keep=None, quota=QUOTA) for n in range(500)]
            await asyncio.gather(*batch)
            there += 500
        for name, quota in (("unbounded", 0), ("quota", QUOTA)):
            found[f"{name}_beside_{stored}_ms"] = await put_ms(charts, there, quota=quota)
            there += 200
    return found


async def in_sqlite() -> dict[str, float]:
    """Measure charts in a file."""
    with data_folder() as folder:
        async with Database(folder / "state.sqlite") as database:
            charts = SqliteCharts(database)
            await charts.open()
            return await measured(charts)


async def in_redis(url: str) -> dict[str, float]:
    """Measure charts in Redis."""
    async with open_redis(url) as redis:
        return await measured(RedisCharts(redis))


def main() -> None:
    """Measure counting, then each store."""
    rows: dict[str, Any] = {"rates": rates(), "SQLite": asyncio.run(in_sqlite())}
    if RedisServer.binary() is not None:
        with RedisServer() as server:
            rows["Redis"] = asyncio.run(in_redis(server.url))
    report("What do a rate and a quota cost?", "as told", {"rows": rows})


if __name__ == "__main__":
    main()
