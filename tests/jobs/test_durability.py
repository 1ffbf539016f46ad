"""What was answered stays, whoever is killed; and nothing stays for ever."""

import asyncio
import itertools
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from conftest import require
from counters import Clock
from ledgers import JobsOpener, new_job, redis_jobs, taken
from plotkiln.errors import StoreUnavailable
from plotkiln.jobs import Job, JobStore
from plotkiln.jobs.redis import RedisJobs
from plotkiln.state.redis import open_redis
from redis_servers import RedisServer

pytestmark = pytest.mark.anyio

#: Submits a job, takes it, and says so; goes on with others until it is killed.
SUBMITTER = """
import asyncio, itertools, sys
from pathlib import Path
from counters import Clock
from ledgers import embedded_jobs, new_job, redis_jobs, taken

async def submit(where):
    opener = redis_jobs(where) if "://" in where else embedded_jobs(Path(where))
    async with opener(clock := Clock()) as jobs:
        for number in itertools.count():
            job = new_job(clock, digest=f"{number:064}")
            made = await jobs.submit(job, idempotency_key=f"k{number}")
            print(made.job.id, 1, flush=True)
            print((await jobs.replace(taken(made.job, clock))).id, 2, flush=True)

asyncio.run(submit(sys.argv[1]))
"""


async def test_what_was_answered_survives_its_process(
    opener: JobsOpener, clock: Clock, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Each of the changes that a process told of is there after SIGKILL, with its key."""
    redis = "redis" in request.node.callspec.id
    where = request.getfixturevalue("redis_url") if redis else str(tmp_path)
    told = await asyncio.to_thread(killed_after, where, 200)
    async with opener(clock) as jobs:
        found = [await jobs.get(one) for one, _ in told]
        for (_, version), job in zip(told, found, strict=True):
            assert job is not None
            assert job.version >= version
        again = await jobs.submit(new_job(clock, digest=f"{0:064}"), idempotency_key="k0")
        assert (again.joined, again.job.id) == (True, told[0][0])


def killed_after(where: str, changes: int) -> Sequence[tuple[str, int]]:
    """Run the submitter until it has told of some changes, and kill it."""
    tests = str(Path(__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-c", SUBMITTER, where],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": tests},
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(changes)]
        process.kill()
        lines += process.stdout.readlines()
    whole = [re.fullmatch(r"(\w+) (\d)\n", line) for line in lines]
    return [(line[1], int(line[2])) for line in whole if line]


async def test_a_killed_redis_has_kept_what_it_answered(tmp_path: Path, clock: Clock) -> None:
    """With `appendfsync always` every answered change survives the server, at any moment."""
    require(RedisServer.binary(), "redis-server")
    kept: dict[str, Job] = {}
    with RedisServer(tmp_path / "redis", appendonly="yes", appendfsync="always") as server:
        for round_ in range(3):
            async with redis_jobs(server.url)(clock) as jobs:
                working = asyncio.create_task(keep_changing(jobs, clock, kept, round_))
                while len(kept) < 50 * (round_ + 1):  # noqa: ASYNC110 -- the store tells nobody
                    await asyncio.sleep(0)
                await asyncio.to_thread(server.kill)
                with pytest.raises(StoreUnavailable):
                    await working
            await asyncio.to_thread(server.start)
            await all_found(server, clock, kept)


async def keep_changing(jobs: JobStore, clock: Clock, kept: dict[str, Job], round_: int) -> None:
    """Submit and take jobs until the store fails; note what was answered."""
    for number in itertools.count():
        job = new_job(clock, digest=f"{round_}{number:063}")
        made = await jobs.submit(job)
        kept[job.id] = made.job
        kept[job.id] = await jobs.replace(taken(made.job, clock))


async def all_found(server: RedisServer, clock: Clock, kept: dict[str, Job]) -> None:
    """Hold what was answered against what is there; at most one change was not answered."""
    async with redis_jobs(server.url)(clock) as jobs:
        found = {id_: await jobs.get(id_) for id_ in kept}
        differing = [id_ for id_, job in kept.items() if found[id_] != job]
        assert all((found[id_] or kept[id_]).version > kept[id_].version for id_ in differing)
        assert len(differing) <= 3
        under_way = await jobs.counts()
        assert len(kept) <= under_way["queued"] + under_way["running"] <= len(kept) + 3


async def test_redis_forgets_what_no_sweep_removed(redis_server: RedisServer, clock: Clock) -> None:
    """Every key of a job, and of what finds it, has an end: some time after the job's own."""
    redis_server.command("FLUSHALL")
    async with open_redis(redis_server.url) as redis:
        jobs = RedisJobs(redis, clock=clock)
        made = await jobs.submit(new_job(clock), idempotency_key="k")
        other = await jobs.submit(new_job(clock, digest="e" * 64))
        running = await jobs.replace(taken(other.job, clock))
        await jobs.replace(msgspec.structs.replace(running, state="failed", lease=None))
        longer = clock.now + 7200
        await jobs.replace(msgspec.structs.replace(made.job, expires=longer))
        keys = sorted([key async for key in redis.scan_iter()])
        assert len(keys) == 11
        assert all(key.startswith(b"plotkiln:{jobs}:") for key in keys)
        day, lives = 86400.0, {key: await redis.pttl(key) / 1000 for key in keys}
        assert all(day < life <= day + 7200 for life in lives.values()), lives
        mine = b"job:" + made.job.id.encode()
        for kind in (mine, b"key:", b"keys:", b"equal:ddd", b"active:queued"):
            (found,) = [life for key, life in lives.items() if key[16:].startswith(kind)]
            assert found > day + 3600 + 600, kind


async def test_what_finds_a_forgotten_job_is_cleared(
    redis_server: RedisServer, clock: Clock
) -> None:
    """Where Redis forgot a job, nothing finds it, and whoever comes across clears what was left."""
    redis_server.command("FLUSHALL")
    async with open_redis(redis_server.url) as redis:
        jobs = RedisJobs(redis, clock=clock)
        old = [await jobs.submit(new_job(clock, digest=f"{n}" * 64)) for n in range(3)]
        for made in old:
            await redis.delete(f"plotkiln:{{jobs}}:job:{made.job.id}")
        assert list((await jobs.page("anonymous", limit=1)).jobs) == []
        assert list(await jobs.attention(clock.now + 1e6, limit=1)) == []
        assert list(await jobs.siblings("0" * 64)) == []
        kept = (await jobs.submit(new_job(clock, digest="0" * 64), idempotency_key="k")).job
        clock.now += 86400 + 3600 - 0.5
        assert await jobs.counts() == {"queued": 1, "running": 0}
        await jobs.remove(kept)
        left = [key async for key in redis.scan_iter()]
        assert {key[16:22] for key in left} == {b"equal:", b"digest"}


async def test_nothing_grows_where_nobody_sweeps(redis_server: RedisServer, clock: Clock) -> None:
    """Whoever submits clears what finds jobs that Redis forgot, should no sweep ever do so."""
    redis_server.command("FLUSHALL")
    async with open_redis(redis_server.url) as redis:
        jobs = RedisJobs(redis, clock=clock)
        for number in range(60):
            made = await jobs.submit(new_job(clock, digest=f"{number:064}"))
            if number < 50:
                await redis.delete(f"plotkiln:{{jobs}}:job:{made.job.id}")
            clock.now += 1
        for key in ("of:queued:anonymous", "attention", "active:queued"):
            assert await redis.zcard(f"plotkiln:{{jobs}}:{key}") == 10, key
