"""How jobs are found: by owner, by drawing, by what is due."""

import pytest

from counters import Clock
from ledgers import changed, run, submitted, taken
from plotkiln.errors import RuleError
from plotkiln.jobs import Job, JobState, JobStore

pytestmark = pytest.mark.anyio


async def test_siblings_are_of_all_owners(jobs: JobStore, clock: Clock) -> None:
    """All that wait for a drawing, or draw it, are its siblings, the oldest first."""
    equal = []
    for owner in ("b", "a", "c"):
        equal.append(await submitted(jobs, clock, owner=owner))
        clock.now += 1
    await submitted(jobs, clock, digest="e" * 64)
    running = await jobs.replace(taken(equal[1], clock))
    assert await jobs.siblings("d" * 64) == [equal[0], running, equal[2]]
    await jobs.replace(changed(equal[0], state="cancelled"))
    await jobs.replace(changed(running, state="failed", lease=None))
    assert await jobs.siblings("d" * 64) == [equal[2]]
    assert await jobs.siblings("f" * 64) == []


async def test_the_newest_job_of_a_drawing_is_found(jobs: JobStore, clock: Clock) -> None:
    """It is the owner's one that was stored last, whatever became of it, and what clocks say."""
    drawing = "d" * 64
    assert await jobs.newest("anonymous", drawing) is None
    first = await run(jobs, await submitted(jobs, clock), clock, end="failed")
    assert await jobs.newest("anonymous", drawing) == first
    await submitted(jobs, clock, owner="other")
    await submitted(jobs, clock, digest="e" * 64)
    clock.now -= 10
    second = await submitted(jobs, clock)
    assert await jobs.newest("anonymous", drawing) == second
    await jobs.remove(second)
    assert await jobs.newest("anonymous", drawing) == first


async def test_pages_are_newest_first(jobs: JobStore, clock: Clock) -> None:
    """Every job of an owner comes once, newest first, however small the pages are."""
    made = []
    for number in range(7):
        made.append(await submitted(jobs, clock, digest=f"{number:064}"))
        clock.now += number % 2  # some were made in the same moment
    await submitted(jobs, clock, owner="other")
    assert (await jobs.page("nobody")).jobs == []
    whole = await jobs.page("anonymous")
    assert whole.before is None
    assert {job.id for job in whole.jobs} == {job.id for job in made}
    assert [job.created for job in whole.jobs] == sorted(job.created for job in made)[::-1]
    for limit in (1, 2, 3, 7):
        assert await all_pages(jobs, limit) == list(whole.jobs)


async def all_pages(jobs: JobStore, limit: int, *states: JobState) -> list[Job]:
    """Read page after page."""
    page = await jobs.page("anonymous", states=states, limit=limit)
    found = list(page.jobs)
    while page.before is not None:
        page = await jobs.page("anonymous", states=states, limit=limit, before=page.before)
        assert 0 < len(page.jobs) <= limit
        found += page.jobs
    return found


async def test_pages_of_some_states(jobs: JobStore, clock: Clock) -> None:
    """Only jobs that are in one of the states come, in the order of all."""
    ends: list[JobState | None] = ["succeeded", None, "failed", None, "cancelled", "failed"]
    for number, end in enumerate(ends):
        job = await submitted(jobs, clock, digest=f"{number:064}")
        if end is not None:
            await run(jobs, job, clock, end=end)
        clock.now += 1
    assert [job.state for job in await all_pages(jobs, 2, "failed")] == ["failed", "failed"]
    found = [job.state for job in await all_pages(jobs, 2, "queued", "failed", "failed")]
    assert found == ["failed", "queued", "failed", "queued"]
    assert await all_pages(jobs, 2, "expired") == []
    assert len(await all_pages(jobs, 4)) == 6


async def test_a_page_goes_on_where_it_was(jobs: JobStore, clock: Clock) -> None:
    """Neither jobs that come, nor the removal of the page's last, move what follows it."""
    made = []
    for number in range(4):
        made.append(await submitted(jobs, clock, digest=f"{number:064}"))
        clock.now += 1
    page = await jobs.page("anonymous", limit=2)
    await submitted(jobs, clock, digest="f" * 64)
    await jobs.remove(made[2])
    rest = await jobs.page("anonymous", before=page.before)
    assert rest.jobs == [made[1], made[0]]


@pytest.mark.parametrize(
    "cursor", ["", "x", "ä", "=", "MTIz", "\0", "x" * 5000, "MDAwMDAwMDAwMDAwMDAwMS5h", "(", "[+"]
)
async def test_only_cursors_of_pages_are_read(jobs: JobStore, cursor: str) -> None:
    """What no page gave is refused."""
    with pytest.raises(RuleError, match="No page gave this cursor"):
        await jobs.page("anonymous", before=cursor)


async def test_what_needs_attention_comes_by_its_time(jobs: JobStore, clock: Clock) -> None:
    """Jobs come once their moment has, the longest due first, and no more than were asked for."""
    lapsing = await submitted(jobs, clock, digest="a")
    waiting = await submitted(jobs, clock, digest="b")
    ended = await run(jobs, await submitted(jobs, clock, digest="c"), clock)
    lapsing = await jobs.replace(taken(lapsing, clock, lease=15))
    published = changed(waiting, published=clock.now, publications=1)
    waiting = await jobs.replace(published)
    assert await jobs.attention(clock.now + 14.9) == []
    assert await jobs.attention(clock.now + 15) == [lapsing]
    assert await jobs.attention(clock.now + 60) == [lapsing, waiting]
    assert await jobs.attention(clock.now + 3600) == [lapsing, waiting, ended]
    assert await jobs.attention(clock.now + 3600, limit=2) == [lapsing, waiting]
    renewed = await jobs.replace(changed(lapsing, lease=clock.now + 45))
    assert await jobs.attention(clock.now + 44) == []
    await jobs.remove(renewed)
    assert await jobs.attention(clock.now + 60) == [waiting]


@pytest.mark.parametrize("limit", [1, 2, 3, 20])
async def test_attention_goes_on_where_it_was(jobs: JobStore, clock: Clock, limit: int) -> None:
    """Each job comes once, in the order of all, also where many are due in the same moment."""
    for number in range(14):
        await submitted(jobs, clock, digest=f"{number:064}")
        clock.now += number % 7 == 0
    until = clock.now + 5
    whole = await jobs.attention(until)
    assert len(whole) == 14
    found = list(await jobs.attention(until, limit=limit))
    while some := await jobs.attention(until, after=found[-1], limit=limit):
        assert len(some) <= limit
        found += some
    assert found == whole


async def test_attention_goes_on_after_what_changed(jobs: JobStore, clock: Clock) -> None:
    """What became of the last job does not matter: what comes after it does."""
    made = [await submitted(jobs, clock, digest=f"{number:064}") for number in range(4)]
    first, second, third, fourth = sorted(made, key=lambda job: job.id)
    until = clock.now + 5
    assert await jobs.attention(until, limit=2) == [first, second]
    await jobs.remove(second)
    await jobs.remove(third)
    assert await jobs.attention(until, after=second) == [fourth]
    await jobs.replace(taken(first, clock))
    assert await jobs.attention(until, after=first) == [fourth]
    assert await jobs.attention(until, after=fourth) == []


async def test_counts_are_of_what_is_under_way(jobs: JobStore, clock: Clock) -> None:
    """Each job counts in its state until it has ended."""
    made = [await submitted(jobs, clock, digest=f"{number:064}") for number in range(4)]
    running = await jobs.replace(taken(made[0], clock))
    await jobs.replace(changed(made[1], state="cancelled"))
    assert await jobs.counts() == {"queued": 2, "running": 1}
    await jobs.replace(changed(running, state="queued", lease=None))
    assert await jobs.counts() == {"queued": 3, "running": 0}
