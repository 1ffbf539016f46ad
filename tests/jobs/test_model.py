"""Whatever is done in whatever order, jobs are what a model in a few lines says."""

import asyncio
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counters import Clock
from ledgers import JobsOpener, embedded_jobs, new_job, redis_jobs, taken
from plotkiln.errors import PlotkilnError, PreconditionFailed, RenderingBusy, RuleError
from plotkiln.jobs import TRANSITIONS, Job, JobState, JobStore, Submission, attention_at
from redis_servers import RedisServer

OWNERS, DIGESTS, KEYS = ("a", "b"), ("d" * 64, "e" * 64), ("k", "l")

#: By which pages are asked for.
STATES: tuple[tuple[JobState, ...], ...] = ((), ("queued",), ("running", "succeeded", "failed"))

submissions = st.tuples(
    st.just("submit"),
    st.sampled_from(OWNERS),
    st.sampled_from(DIGESTS),
    st.none() | st.sampled_from(KEYS),
    st.none() | st.sampled_from(["asked", "asked otherwise"]),
)
#: A change of the job of that number, as it was `stale` versions ago.
changes = st.tuples(
    st.sampled_from(
        ["take", "beat", "succeeded", "failed", "cancelled", "queued", "expired", "remove"]
    ),
    st.integers(0, 5),
    st.sampled_from([0, 0, 0, 0, 1, 2]),
)
passing = st.tuples(st.just("wait"), st.sampled_from([1.0, 16.0, 3600.0]))

acts = st.lists(submissions | changes | changes | passing, max_size=30)


class Model:
    """What a store of jobs promises, in one process and at no speed."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.jobs: dict[str, Job] = {}
        #: Of each owner's key the job, and what was asked for.
        self.keys: dict[tuple[str, str], tuple[str, str]] = {}

    def submit(self, job: Job, key: str | None, fingerprint: str | None) -> Submission:
        """Store a job, or join one."""
        asked = fingerprint or job.digest
        known, before = self.keys.get((job.owner, key or ""), (None, asked))
        if before != asked:
            raise RuleError
        if known is not None:
            return Submission(job=self.jobs[known], joined=True)
        same = (job.owner, job.digest)
        equal = [one for one in self.jobs.values() if (one.owner, one.digest) == same][-1:]
        joined = bool(equal) and self.joinable(equal[0])
        chosen = equal[0] if joined else msgspec.structs.replace(job, version=1)
        self.jobs[chosen.id] = chosen
        if key is not None:
            self.keys[job.owner, key] = (chosen.id, asked)
        return Submission(job=chosen, joined=joined)

    def joinable(self, job: Job) -> bool:
        """Say whether an equal submission joins a job."""
        fresh = job.expires > self.clock.now
        return job.state == "running" or (job.state in {"queued", "succeeded"} and fresh)

    def replace(self, job: Job) -> Job:
        """Replace a version by the next."""
        stored = self.jobs.get(job.id)
        if stored is None or stored.version != job.version:
            raise PreconditionFailed
        if job.state not in TRANSITIONS[stored.state]:
            raise PreconditionFailed
        begins = job.state == "running" and job.attempt > stored.attempt
        if job.state == "running" and stored.state == "queued" and not begins:
            raise PreconditionFailed
        if begins and any(self.runs(one) for one in self.siblings(job.digest) if one.id != job.id):
            raise RenderingBusy
        self.jobs[job.id] = msgspec.structs.replace(job, version=job.version + 1)
        return self.jobs[job.id]

    def runs(self, job: Job) -> bool:
        """Say whether a worker is taken to be alive."""
        return job.state == "running" and (job.lease or 0) > self.clock.now

    def remove(self, job: Job) -> None:
        """Forget a job and its keys."""
        if job.id in self.jobs and self.jobs[job.id].version == job.version:
            del self.jobs[job.id]
            self.keys = {key: known for key, known in self.keys.items() if known[0] != job.id}

    def newest(self, owner: str, states: Collection[JobState] = ()) -> list[Job]:
        """Return an owner's jobs."""
        mine = [one for one in self.jobs.values() if one.owner == owner]
        some = [one for one in mine if not states or one.state in states]
        return sorted(some, key=lambda job: (job.created, job.id), reverse=True)

    def siblings(self, digest: str) -> list[Job]:
        """Return jobs of a digest that wait or run."""
        equal = [one for one in self.jobs.values() if one.digest == digest and not one.over]
        return sorted(equal, key=lambda job: (job.created, job.id))

    def attention(self, until: float) -> list[Job]:
        """Return jobs that are due."""
        due = [one for one in self.jobs.values() if attention_at(one) <= until]
        return sorted(due, key=lambda job: (attention_at(job), job.id))


class Run:
    """One store and one model to which the same is done."""

    def __init__(self, jobs: JobStore, clock: Clock) -> None:
        self.jobs, self.clock, self.model = jobs, clock, Model(clock)
        #: Of each job all versions, the newest last.
        self.seen: list[list[Job]] = []

    async def act(self, act: tuple[Any, ...]) -> None:
        """Do one thing to both."""
        match act:
            case ("submit", owner, digest, key, fingerprint):
                await self.submit(new_job(self.clock, owner=owner, digest=digest), key, fingerprint)
            case ("wait", seconds):
                self.clock.now += seconds
            case (change, number, stale) if number < len(self.seen):
                versions = self.seen[number]
                await self.change(change, versions, versions[-1 - min(stale, len(versions) - 1)])

    async def submit(self, job: Job, key: str | None, fingerprint: str | None) -> None:
        """Submit one job to both."""
        named = {"idempotency_key": key, "fingerprint": fingerprint}
        try:
            expected = self.model.submit(job, key, fingerprint)
        except RuleError as error:
            await fails_alike(self.jobs.submit(job, **named), error)
            return
        assert await self.jobs.submit(job, **named) == expected
        if not expected.joined:
            self.seen.append([expected.job])

    async def change(self, change: str, versions: list[Job], job: Job) -> None:
        """Change one job in both."""
        if change == "remove":
            self.model.remove(job)
            await self.jobs.remove(job)
            return
        after = self.changed(change, job)
        try:
            expected = self.model.replace(after)
        except PlotkilnError as error:
            await fails_alike(self.jobs.replace(after), error)
            return
        assert await self.jobs.replace(after) == expected
        versions.append(expected)

    def changed(self, change: str, job: Job) -> Job:
        """Return a job as the change makes it."""
        if change == "take":
            return taken(job, self.clock)
        if change == "beat":
            return msgspec.structs.replace(job, state="running", lease=self.clock.now + 15)
        later = self.clock.now + 3600 if change in {"succeeded", "expired"} else job.expires
        return msgspec.structs.replace(
            job, state=msgspec.convert(change, JobState), lease=None, expires=later
        )

    async def compare(self) -> None:
        """Look at both in every way."""
        jobs, model, now = self.jobs, self.model, self.clock.now
        for versions in self.seen:
            assert await jobs.get(versions[0].id) == model.jobs.get(versions[0].id)
        for owner in OWNERS:
            for states in STATES:
                assert await paged(jobs, owner, states) == model.newest(owner, states)
        for digest in DIGESTS:
            assert list(await jobs.siblings(digest)) == model.siblings(digest)
        for until in (now, now + 15, now + 4000):
            due = list(await jobs.attention(until))
            assert due == model.attention(until)
            for place, job in enumerate(due, 1):
                later = await jobs.attention(until, after=job, limit=2)
                assert list(later) == due[place : place + 2]
        under_way = [one.state for one in model.jobs.values() if not one.over]
        counts = {state: under_way.count(state) for state in ("queued", "running")}
        assert await jobs.counts() == counts


async def fails_alike(call: Any, error: PlotkilnError) -> None:
    """Await what must raise the same kind of error."""
    with pytest.raises(type(error)):
        await call


async def paged(jobs: JobStore, owner: str, states: Collection[JobState]) -> Sequence[Job]:
    """Read all pages of two."""
    page = await jobs.page(owner, states=states, limit=2)
    found = list(page.jobs)
    while page.before is not None:
        page = await jobs.page(owner, states=states, before=page.before, limit=2)
        found += page.jobs
    return found


async def compare(opener: JobsOpener, given: list[tuple[Any, ...]]) -> None:
    """Do the same to a store and to the model."""
    clock = Clock()
    async with opener(clock) as jobs:
        run = Run(jobs, clock)
        for act in given:
            await run.act(act)
        await run.compare()


@settings(max_examples=200, deadline=None)
@given(acts)
def test_embedded_jobs_follow_the_model(given: list[tuple[Any, ...]]) -> None:
    """SQLite keeps jobs as the model does."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(compare(embedded_jobs(Path(folder)), given))


def test_jobs_in_redis_follow_the_model(redis_server: RedisServer) -> None:
    """Redis keeps jobs as the model does."""

    @settings(max_examples=200, deadline=None)
    @given(acts)
    def follows(given: list[tuple[Any, ...]]) -> None:
        redis_server.command("FLUSHALL")
        asyncio.run(compare(redis_jobs(redis_server.url), given))

    follows()
