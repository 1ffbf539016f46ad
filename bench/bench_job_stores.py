"""Measures what keeping jobs costs, in SQLite and in Redis.

One process does what a server does with a job's record: submits it, takes it, renews its lease,
looks at it, ends it; one by one, as a lone analyst does, and many at once. Redis writes each change
to disk before it answers (`appendfsync always`), or within the second (`everysec`); SQLite does the
former. At last stands what a kept job takes of the disk, or of memory.
"""

import asyncio
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import msgspec

from measuring import RedisServer, data_folder, report, summary

# isort: split
# which has said where the tests' parts are
from counters import Clock
from ledgers import JobsOpener, embedded_jobs, new_job, redis_jobs, taken
from plotkiln.jobs import Job, JobStore, Result

ALONE = 200
CROWD = 2000
AT_ONCE = 50


def main() -> None:
    """Measure each store in turn."""
    rows: dict[str, Any] = {}
    with data_folder() as folder:
        rows["SQLite, FULL"] = asyncio.run(_measured(embedded_jobs(folder)))
        rows["SQLite, FULL"]["bytes of a job"] = _file_size(folder) // (ALONE + CROWD)
    if RedisServer.binary() is not None:
        for flushed in ("always", "everysec"):
            with RedisServer(appendonly="yes", appendfsync=flushed) as server:
                empty = _memory(server)
                row = asyncio.run(_measured(redis_jobs(server.url)))
                row["bytes of a job"] = (_memory(server) - empty) // (ALONE + CROWD)
            rows[f"Redis, {flushed}"] = row
    report("What does keeping a job cost?", "ms", {"rows": rows})


async def _measured(opener: JobsOpener) -> dict[str, Any]:
    clock = Clock()
    async with opener(clock) as jobs:
        acts: dict[str, list[float]] = {}
        for number in range(ALONE):
            await _lived(jobs, new_job(clock, digest=f"{number:064}", title="Sales"), clock, acts)
        row: dict[str, Any] = {name: summary(took) for name, took in acts.items()}
        start = time.perf_counter()
        await _crowd(jobs, clock)
        row[f"submitted in a second, {AT_ONCE} at once"] = round(
            CROWD / (time.perf_counter() - start)
        )
        return row


async def _lived(jobs: JobStore, job: Job, clock: Clock, acts: dict[str, list[float]]) -> None:
    """Do all that is done with one job, and note how long each act took."""

    async def act(name: str, call: Awaitable[Any]) -> Any:
        start = time.perf_counter()
        result = await call
        acts.setdefault(name, []).append((time.perf_counter() - start) * 1000)
        return result

    made = (await act("submit", jobs.submit(job, idempotency_key=job.id))).job
    running = await act("take", jobs.replace(taken(made, clock)))
    renewed = msgspec.structs.replace(running, lease=clock.now + 30)
    running = await act("renew the lease", jobs.replace(renewed))
    await act("look", jobs.get(job.id))
    result = Result(digest=job.digest, format="png", media_type="image/png", size=1)
    ended = msgspec.structs.replace(running, state="succeeded", lease=None, result=result)
    await act("end", jobs.replace(ended))
    await act("list", jobs.page(job.owner))
    await act("what is due", jobs.attention(clock.now))


async def _crowd(jobs: JobStore, clock: Clock) -> None:
    left = iter(range(CROWD))

    async def submitting() -> None:
        for number in left:
            await jobs.submit(new_job(clock, owner=f"o{number % 10}", digest=f"c{number:063}"))

    await asyncio.gather(*(submitting() for _ in range(AT_ONCE)))


def _file_size(folder: Path) -> int:
    return (folder / "jobs.sqlite").stat().st_size


def _memory(server: RedisServer) -> int:
    told = server.command("INFO", "memory").decode()
    return int(told.partition("used_memory:")[2].split()[0])


if __name__ == "__main__":
    main()
