"""One contract for all stores of jobs."""

import asyncio
from pathlib import Path

import pytest

from counters import Clock
from ledgers import (
    JobsOpener,
    changed,
    embedded_jobs,
    new_job,
    redis_jobs,
    run,
    submitted,
    taken,
)
from plotkiln.errors import (
    PreconditionFailed,
    RenderingBusy,
    RuleError,
    StoreUnavailable,
)
from plotkiln.jobs import Job, JobState, JobStore, Progress, Result, Submission
from servers import free_port

pytestmark = pytest.mark.anyio

RESULT = Result(digest="d" * 64, format="png", media_type="image/png", size=7, warnings=("é",))
PROBLEM = {"type": "/docs#drawing", "status": 422, "errors": [{"path": "y[1]", "message": "odd"}]}


async def test_a_job_comes_back(jobs: JobStore, clock: Clock) -> None:
    """A job comes back as it was submitted, at version 1; an unknown id has none."""
    job = new_job(clock, owner="Zoë", title="图表", kind="line", due=clock.now + 0.1)
    assert await jobs.get(job.id) is None
    submission = await jobs.submit(job)
    assert submission == Submission(job=changed(job, version=1), joined=False)
    assert await jobs.get(job.id) == submission.job
    assert await jobs.counts() == {"queued": 1, "running": 0}


async def test_the_oldest_is_who_waits_for_longest(jobs: JobStore, clock: Clock) -> None:
    """Of the jobs that are queued it is the first; those that run wait no more."""
    assert await jobs.oldest() is None
    first = await submitted(jobs, clock)
    clock.now += 5
    second = await submitted(jobs, clock, digest="2" * 64)
    assert await jobs.oldest() == first.created
    await jobs.replace(taken(first, clock))
    assert await jobs.oldest() == second.created


async def test_a_change_comes_back(jobs: JobStore, clock: Clock) -> None:
    """Each change raises the version, and everything that it says comes back."""
    job = await submitted(jobs, clock)
    running = await jobs.replace(taken(job, clock))
    progress = Progress(fraction=1 / 3, stage="draw", message="第 1 页")
    told = await jobs.replace(changed(running, progress=progress, problem=PROBLEM))
    ended = await jobs.replace(changed(told, state="succeeded", lease=None, result=RESULT))
    assert [one.version for one in (job, running, told, ended)] == [1, 2, 3, 4]
    assert await jobs.get(job.id) == ended
    assert (ended.progress, ended.problem, ended.result) == (progress, PROBLEM, RESULT)


async def test_a_change_needs_the_version(jobs: JobStore, clock: Clock) -> None:
    """Who has not seen the newest version changes nothing; nor does who names no job."""
    job = await submitted(jobs, clock)
    running = await jobs.replace(taken(job, clock))
    with pytest.raises(PreconditionFailed, match="version 2, not 1"):
        await jobs.replace(changed(job, state="cancelled"))
    for version in (0, 1):
        with pytest.raises(PreconditionFailed, match="There is no job"):
            await jobs.replace(changed(new_job(clock), state="cancelled", version=version))
    assert await jobs.get(job.id) == running


async def test_a_change_follows_the_table(jobs: JobStore, clock: Clock) -> None:
    """A state that may not follow is refused, and so is an earlier attempt."""
    ended = await run(jobs, await submitted(jobs, clock), clock)
    with pytest.raises(PreconditionFailed, match="is succeeded, and stays it"):
        await jobs.replace(changed(ended, state="queued"))
    running = await jobs.replace(taken(await submitted(jobs, clock, digest="e"), clock))
    with pytest.raises(PreconditionFailed, match="at its attempt 1 already"):
        await jobs.replace(changed(running, attempt=0))
    assert await jobs.get(ended.id) == ended
    assert await jobs.get(running.id) == running


async def test_equal_submissions_are_one_job(jobs: JobStore, clock: Clock) -> None:
    """An equal drawing of one owner joins the job that waits, runs, or has succeeded."""
    job = await submitted(jobs, clock)
    assert await jobs.submit(new_job(clock)) == Submission(job=job, joined=True)
    running = await jobs.replace(taken(job, clock))
    assert await jobs.submit(new_job(clock)) == Submission(job=running, joined=True)
    ended = await jobs.replace(changed(running, state="succeeded", lease=None))
    assert await jobs.submit(new_job(clock)) == Submission(job=ended, joined=True)
    assert (await jobs.page("anonymous")).jobs == [ended]


@pytest.mark.parametrize("members", [{"owner": "other"}, {"digest": "e" * 64}])
async def test_others_are_not_joined(
    jobs: JobStore, clock: Clock, members: dict[str, object]
) -> None:
    """Another owner's submission is another job, and so is another drawing's."""
    await submitted(jobs, clock)
    await submitted(jobs, clock, **members)


@pytest.mark.parametrize("end", ["failed", "cancelled"])
async def test_what_ended_badly_is_not_joined(jobs: JobStore, clock: Clock, end: JobState) -> None:
    """After a failure or a cancellation an equal submission is a new job, which is joined then."""
    await run(jobs, await submitted(jobs, clock), clock, end=end)
    clock.now += 1
    again = await submitted(jobs, clock)
    assert (await jobs.submit(new_job(clock))).job == again


@pytest.mark.parametrize("state", ["queued", "succeeded", "running"])
async def test_what_expired_is_not_joined(jobs: JobStore, clock: Clock, state: JobState) -> None:
    """Past its time a job is joined only while it runs, also before a sweep has seen that."""
    job = await submitted(jobs, clock)
    if state == "succeeded":
        job = await run(jobs, job, clock)
    if state == "running":
        job = await jobs.replace(taken(job, clock))
    clock.now = job.expires
    again = await jobs.submit(new_job(clock))
    assert again.joined == (state == "running")
    assert (again.job == job) == again.joined


async def test_the_newest_equal_job_is_joined(jobs: JobStore, clock: Clock) -> None:
    """Where an older job outlived its time, those that follow join the one that came after it."""
    old = await submitted(jobs, clock)
    clock.now = old.expires
    young = await submitted(jobs, clock)
    old = await jobs.replace(taken(old, clock, lease=1))
    assert (await jobs.submit(new_job(clock))).job == young
    await jobs.remove(young)
    assert (await jobs.submit(new_job(clock))).job == old


async def test_a_key_is_one_job(jobs: JobStore, clock: Clock) -> None:
    """The same key gets the same job, even where it failed and an equal drawing would not join."""
    first = await jobs.submit(new_job(clock), idempotency_key="k")
    ended = await run(jobs, first.job, clock, end="failed")
    clock.now = ended.expires + 1
    again = await jobs.submit(new_job(clock), idempotency_key="k")
    assert again == Submission(job=ended, joined=True)
    other = await jobs.submit(new_job(clock), idempotency_key="l")
    assert not other.joined


async def test_a_key_is_one_drawing(jobs: JobStore, clock: Clock) -> None:
    """A key that comes with another drawing is refused; another owner's keys are others."""
    first = await jobs.submit(new_job(clock), idempotency_key="k")
    with pytest.raises(RuleError, match=f"another drawing, the job {first.job.id}"):
        await jobs.submit(new_job(clock, digest="e" * 64), idempotency_key="k")
    theirs = await jobs.submit(new_job(clock, owner="other"), idempotency_key="k")
    assert not theirs.joined


async def test_a_key_outlives_a_change_of_style(jobs: JobStore, clock: Clock) -> None:
    """What was asked for is compared, not what it is resolved to: a retry leads to its job."""
    first = await jobs.submit(new_job(clock), idempotency_key="k", fingerprint="f" * 64)
    restyled = new_job(clock, digest="e" * 64)
    again = await jobs.submit(restyled, idempotency_key="k", fingerprint="f" * 64)
    assert again == Submission(job=first.job, joined=True)
    for other in ("o" * 64, None):
        with pytest.raises(RuleError, match=f"another drawing, the job {first.job.id}"):
            await jobs.submit(new_job(clock), idempotency_key="k", fingerprint=other)
    assert (await jobs.page("anonymous")).jobs == [first.job]


async def test_a_key_remembers_the_job_that_it_joined(jobs: JobStore, clock: Clock) -> None:
    """A submission that joined by its drawing gets the same job again by its key."""
    job = await submitted(jobs, clock)
    for key in ("k", "l"):
        assert (await jobs.submit(new_job(clock), idempotency_key=key)).job == job
    ended = await run(jobs, job, clock, end="cancelled")
    for key in ("k", "l"):
        assert (await jobs.submit(new_job(clock), idempotency_key=key)).job == ended


async def test_keys_go_with_their_job(jobs: JobStore, clock: Clock) -> None:
    """A removed job's keys are free again, and so is its drawing."""
    first = await jobs.submit(new_job(clock), idempotency_key="k")
    await jobs.submit(new_job(clock), idempotency_key="l")
    await jobs.remove(first.job)
    again = await jobs.submit(new_job(clock, digest="e" * 64), idempotency_key="k")
    assert not again.joined
    third = await jobs.submit(new_job(clock), idempotency_key="l")
    assert not third.joined


async def test_one_of_fifty_takers_gets_it(opener: JobsOpener, clock: Clock) -> None:
    """Of fifty workers in five processes that take one job at once exactly one gets it."""
    async with opener(clock) as jobs:
        job = await submitted(jobs, clock)
        takers = [opener(clock) for _ in range(5)]
        opened = [await taker.__aenter__() for taker in takers]
        results = await asyncio.gather(
            *(opened[number % 5].replace(taken(job, clock)) for number in range(50)),
            return_exceptions=True,
        )
        for taker in takers:
            await taker.__aexit__(None, None, None)
        assert sum(isinstance(result, Job) for result in results) == 1
        assert sum(isinstance(result, PreconditionFailed) for result in results) == 49
        assert [one.attempt for one in await jobs.siblings(job.digest)] == [1]


async def test_submissions_at_once_are_one_job(opener: JobsOpener, clock: Clock) -> None:
    """Fifty equal submissions in two processes at once make one job, whatever their keys."""
    async with opener(clock) as one, opener(clock) as other:
        made = await asyncio.gather(
            *(
                (one, other)[number % 2].submit(
                    new_job(clock), idempotency_key=f"k{number % 7}" if number % 3 else None
                )
                for number in range(50)
            )
        )
        assert len({submission.job.id for submission in made}) == 1
        assert sum(not submission.joined for submission in made) == 1
        assert await one.counts() == {"queued": 1, "running": 0}


async def test_a_key_at_once_is_one_drawing(opener: JobsOpener, clock: Clock) -> None:
    """Of different drawings that come with one key at once one is taken; the others are refused."""
    async with opener(clock) as one, opener(clock) as other:
        made = await asyncio.gather(
            *(
                (one, other)[number % 2].submit(
                    new_job(clock, digest=f"{number:064}"), idempotency_key="k"
                )
                for number in range(20)
            ),
            return_exceptions=True,
        )
        assert sum(isinstance(result, Submission) for result in made) == 1
        assert sum(isinstance(result, RuleError) for result in made) == 19
        assert len((await one.page("anonymous")).jobs) == 1


async def test_a_drawing_is_rendered_once_at_a_time(jobs: JobStore, clock: Clock) -> None:
    """While one owner's job runs, another's of the same drawing may not begin, and may then."""
    mine, theirs = await submitted(jobs, clock), await submitted(jobs, clock, owner="other")
    running = await jobs.replace(taken(mine, clock))
    with pytest.raises(RenderingBusy, match=f"{mine.id} renders what {theirs.id} is to"):
        await jobs.replace(taken(theirs, clock))
    assert await jobs.get(theirs.id) == theirs
    running = await jobs.replace(changed(running, lease=clock.now + 30))
    clock.now += 20
    with pytest.raises(RenderingBusy):
        await jobs.replace(taken(theirs, clock))
    await jobs.replace(changed(running, state="succeeded", lease=None))
    assert (await jobs.replace(taken(theirs, clock))).state == "running"


async def test_a_lapsed_lease_holds_nobody_up(jobs: JobStore, clock: Clock) -> None:
    """After a lease has lapsed its job is taken over, or another of the same drawing begins."""
    mine, theirs = await submitted(jobs, clock), await submitted(jobs, clock, owner="other")
    running = await jobs.replace(taken(mine, clock, lease=15))
    clock.now += 15
    over = await jobs.replace(taken(running, clock))
    assert (over.attempt, over.state) == (2, "running")
    with pytest.raises(PreconditionFailed):
        await jobs.replace(changed(running, lease=clock.now + 15))
    clock.now += 15
    assert (await jobs.replace(taken(theirs, clock))).attempt == 1


async def test_one_owner_of_many_renders(opener: JobsOpener, clock: Clock) -> None:
    """Of ten owners' equal jobs that are taken at once one begins, the others find it busy."""
    async with opener(clock) as one, opener(clock) as other:
        equal = [await submitted(one, clock, owner=f"o{number}") for number in range(10)]
        results = await asyncio.gather(
            *((one, other)[n % 2].replace(taken(job, clock)) for n, job in enumerate(equal)),
            return_exceptions=True,
        )
        assert sum(isinstance(result, Job) for result in results) == 1
        assert sum(isinstance(result, RenderingBusy) for result in results) == 9


async def test_a_changed_job_is_not_removed(jobs: JobStore, clock: Clock) -> None:
    """Who has not seen the newest version removes nothing; a second removal is none."""
    job = await submitted(jobs, clock)
    running = await jobs.replace(taken(job, clock))
    await jobs.remove(job)
    assert await jobs.get(job.id) == running
    await jobs.remove(running)
    await jobs.remove(running)
    assert await jobs.get(job.id) is None
    assert (await jobs.page("anonymous")).jobs == []
    assert await jobs.siblings(job.digest) == []
    assert await jobs.attention(clock.now + 1e9) == []
    with pytest.raises(PreconditionFailed):
        await jobs.replace(changed(running, state="cancelled"))


async def test_all_processes_see_the_same(opener: JobsOpener, clock: Clock) -> None:
    """What one process has stored another finds at once, and after it has ended."""
    async with opener(clock) as one, opener(clock) as other:
        job = await submitted(one, clock)
        assert await other.get(job.id) == job
        running = await other.replace(taken(job, clock))
    async with opener(clock) as later:
        assert await later.get(job.id) == running


async def test_a_store_that_is_away_says_so(tmp_path: Path) -> None:
    """Nobody takes a store that does not answer for an empty one."""
    clock = Clock()
    async with redis_jobs(f"redis://127.0.0.1:{free_port()}/0")(clock) as away:
        await raises_everywhere(away, clock)
    async with embedded_jobs(tmp_path)(clock) as closed:
        pass
    await raises_everywhere(closed, clock)


async def raises_everywhere(jobs: JobStore, clock: Clock) -> None:
    """Call each method."""
    job = new_job(clock)
    for call in (
        jobs.submit(job),
        jobs.get(job.id),
        jobs.replace(job),
        jobs.page(job.owner),
        jobs.attention(clock.now),
        jobs.siblings(job.digest),
        jobs.remove(job),
        jobs.counts(),
    ):
        with pytest.raises(StoreUnavailable):
            await call
