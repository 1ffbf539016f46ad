"""Jobs that nobody ended, on a real store."""

import asyncio
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from job_rooms import JobRoom, open_room, unreachable
from plotkiln.cli.workshop import Workshop
from plotkiln.errors import StoreUnavailable
from plotkiln.identity import ANONYMOUS
from plotkiln.jobs import Job
from plotkiln.jobs.redis import RedisJobs
from plotkiln.service.job_sweep import JobSweep, JobTimer, SweptJobs
from plotkiln.state.redis import open_redis
from servers import eventually

pytestmark = pytest.mark.anyio


async def changed(room: JobRoom, job: Job, **members: object) -> Job:
    """Change the record of a job."""
    return await room.store.replace(msgspec.structs.replace(await room.job(job), **members))


async def test_what_was_not_published_is(room: JobRoom) -> None:
    """Each sweep tries again until the broker takes the event."""
    room.broken = unreachable()
    job = (await room.submit()).job
    await changed(room, job, created=job.created, published=time.time() - 100, publications=1)
    assert await room.sweep() == SweptJobs(unpublished=1)
    room.broken = None
    assert await room.sweep() == SweptJobs(published=1)
    assert [event.id for event in room.sent] == [f"{job.id}.1.2"]
    assert await room.sweep() == SweptJobs()


async def test_a_broker_that_is_away_is_asked_once_a_sweep(room: JobRoom) -> None:
    """Further jobs wait for the next sweep, so that none takes minutes."""
    for seconds in (0.0, 0.1, 0.2):
        job = (await room.submit(seconds)).job
        await changed(room, job, published=time.time() - 100)
    room.broken = unreachable()
    before = room.count("jobs_published", "failed")
    assert await room.sweep() == SweptJobs(unpublished=3)
    assert room.count("jobs_published", "failed") == before + 1


async def test_a_dead_workers_job_is_taken_back(room: JobRoom) -> None:
    """It is a failure, published at once where it waits for nothing."""
    job = (await room.submit()).job
    await changed(room, job, state="running", attempt=1, lease=time.time() - 1)
    assert await room.sweep() == SweptJobs(taken_back=1, published=1)
    after = await room.job(job)
    assert (after.state, after.failures, after.attempt) == ("queued", 1, 1)
    assert room.sent[-1].id == f"{job.id}.2.1"
    assert await room.runs().handle(room.sent[-1]) is not None


async def test_a_living_workers_job_is_left_alone(room: JobRoom) -> None:
    """As long as the lease has not lapsed nothing is done."""
    job = (await room.submit()).job
    held = await changed(room, job, state="running", attempt=1, lease=time.time() + 60)
    assert await room.sweep() == SweptJobs()
    assert await room.job(job) == held


async def test_a_drawing_that_kills_its_workers_is_given_up(room: JobRoom) -> None:
    """After so many deaths the job has failed, and says why."""
    job = (await room.submit()).job
    for attempt in (1, 2, 3):
        await changed(room, job, state="running", attempt=attempt, lease=time.time() - 1)
        assert (await room.sweep()).taken_back == 1
    after = await room.job(job)
    assert after.state == "failed"
    assert after.problem is not None
    assert "died" in after.problem["detail"]
    assert [event.type for event in room.offered] == ["plotkiln.job.finished"]


async def test_a_job_that_waited_too_long_expires(room: JobRoom) -> None:
    """It is rendered no more; its record stays for a while, then is gone."""
    job = (await room.submit()).job
    await changed(room, job, expires=time.time() - 1)
    assert await room.runs().handle(room.sent[0]) is None
    assert await room.sweep() == SweptJobs(expired=1)
    after = await room.job(job)
    assert after.state == "expired"
    assert after.expires > time.time() + room.keep / 2
    assert room.count("jobs_ended", "expired") == 1


async def test_a_result_expires_and_its_record_goes_later(room: JobRoom) -> None:
    """First the result is kept no more, then the job is not known any more."""
    job = (await room.submit()).job
    await room.runs().handle(room.sent[0])
    await changed(room, job, state="expired", expires=time.time() - 1)
    assert await room.sweep() == SweptJobs(removed=1)
    assert await room.store.get(job.id) is None


async def test_ended_jobs_are_removed(job_workshop: Workshop, tmp_path: Path) -> None:
    """A cancelled job's record is kept for its time, and no longer."""
    async with open_room(job_workshop, tmp_path, keep=0.2) as room:
        job = (await room.submit()).job
        await room.service.cancel(ANONYMOUS, job.id)
        assert await room.sweep() == SweptJobs()
        await asyncio.sleep(0.25)
        assert await room.sweep() == SweptJobs(removed=1)
        assert await room.store.get(job.id) is None


async def overdue(room: JobRoom, count: int) -> None:
    """Store jobs that are to be published once more, each of its own owner."""
    template = (await room.submit()).job
    for number in range(count):
        twin = msgspec.structs.replace(
            template,
            id=f"{number:03d}".translate(str.maketrans("0123456789", "abcdefghij")) + "a" * 23,
            owner=f"owner-{number}",
            published=time.time() - 100,
            version=0,
        )
        await room.store.submit(twin)
    room.sent.clear()


async def test_hundreds_are_settled_in_one_sweep(room: JobRoom) -> None:
    """However many are due, one sweep is enough."""
    await overdue(room, 250)
    assert (await room.sweep()).published == 250
    assert len(room.sent) == 250


async def test_regression_what_cannot_be_published_holds_up_nothing(room: JobRoom) -> None:
    """While the broker is away a dead worker's job is taken back, however many wait before it."""
    await overdue(room, 250)
    lapsed, old = (await room.submit(0.1)).job, (await room.submit(0.2)).job
    await changed(room, lapsed, state="running", attempt=1, lease=time.time() - 1)
    await changed(room, old, state="cancelled", expires=time.time() - 1)
    room.broken = unreachable()
    assert await room.sweep() == SweptJobs(unpublished=251, taken_back=1, removed=1)
    assert (await room.job(lapsed)).state == "queued"
    assert await room.store.get(old.id) is None


async def test_two_sweeps_at_once_do_each_thing_once(room: JobRoom) -> None:
    """Both may run: what one has done the other leaves."""
    for seconds in (0.0, 0.1, 0.2, 0.3):
        job = (await room.submit(seconds)).job
        await changed(room, job, state="running", attempt=1, lease=time.time() - 1)
    both = await asyncio.gather(room.sweep(), room.sweep())
    assert sum(swept.taken_back for swept in both) == 4
    jobs = (await room.service.page(ANONYMOUS)).jobs
    assert {job.failures for job in jobs} == {1}


class Looks:
    """Counts how often the records are looked at."""

    def __init__(self, room: JobRoom) -> None:
        self.count = 0
        self._store = room.store

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    async def attention(self, until: float, **options: Any) -> object:
        """Look, and count that."""
        self.count += 1
        return await self._store.attention(until, **options)


def sweep_of(room: JobRoom, store: object) -> JobSweep:
    """Return a sweep on another store."""
    return JobSweep(
        store,  # type: ignore[arg-type]
        room.publishing,
        lapsed=room.retries.lapsed,
        told=room.told,
        metrics=room.metrics,
        keep=room.keep,
    )


async def test_at_rest_nothing_is_asked(room: JobRoom) -> None:
    """With no job there are two questions, and then none for a minute."""
    looks = Looks(room)
    async with JobTimer(sweep_of(room, looks), pause=0.02):
        await eventually(lambda: looks.count == 2)
        await asyncio.sleep(0.3)
        assert looks.count == 2


async def test_the_timer_publishes_what_is_due(room: JobRoom) -> None:
    """It sleeps until then, and who submits wakes it."""
    looks = Looks(room)
    async with JobTimer(sweep_of(room, looks), pause=0.02) as timer:
        await eventually(lambda: looks.count == 2)
        job = (await room.submit()).job
        room.sent.clear()
        await changed(room, job, due=time.time() + 0.3, published=None, publications=0)
        timer.wake()
        await eventually(lambda: room.sent, 10)
        assert time.time() >= (await room.job(job)).due
        assert looks.count < 12


@pytest.mark.parametrize("error", [StoreUnavailable("away"), ZeroDivisionError()])
async def test_the_timer_outlives_what_fails(room: JobRoom, error: Exception) -> None:
    """What cannot be looked at now is later."""
    looks = Looks(room)
    sweep, fails = sweep_of(room, looks), [True]
    sweeping = sweep.sweep

    async def moody() -> SweptJobs:
        if fails:
            raise error
        return await sweeping()

    sweep.sweep = moody  # type: ignore[method-assign]
    async with JobTimer(sweep, pause=0.02):
        await asyncio.sleep(0.1)
        assert looks.count == 0
        fails.clear()
        await eventually(lambda: looks.count, 5)


async def test_regression_the_timer_ends_at_whatever_step(room: JobRoom, redis_url: str) -> None:
    """Whoever leaves while it connects to a Redis that it never asked before waits for nothing."""
    async with asyncio.timeout(30):
        for steps in range(40):
            async with (
                open_redis(redis_url) as redis,
                JobTimer(sweep_of(room, RedisJobs(redis)), pause=0.02),
            ):
                for _ in range(steps):
                    await asyncio.sleep(0)
