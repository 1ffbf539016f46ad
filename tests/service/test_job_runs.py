"""Jobs rendered by event, on a real store and a real pool."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from job_rooms import JobRoom
from kilns import alive
from patients import Sheet
from plotkiln.artifacts import RecentRenderings
from plotkiln.errors import MemoryShort, QueueFull, RuleError, ShuttingDown, StoreUnavailable
from plotkiln.events.event import CloudEvent
from plotkiln.events.news import Heard, Listener
from plotkiln.identity import ANONYMOUS, Principal
from plotkiln.jobs import Job, Result
from plotkiln.service.job_publishing import requested_event
from plotkiln.service.job_runs import JobRuns
from plotkiln.service.job_tenure import Tenure
from plotkiln.service.job_views import job_view
from servers import eventually

pytestmark = pytest.mark.anyio


def asking(job: Job, attempt: int = 0) -> CloudEvent:
    """Return the event that asks for the next attempt of a job, or for a certain one."""
    if attempt:
        job = msgspec.structs.replace(job, attempt=attempt - 1)
    return requested_event(job)


async def begun(room: JobRoom, job: Job, runs: JobRuns) -> "asyncio.Task[CloudEvent | None]":
    """Begin to render a job, and wait until it is drawn."""
    handling = asyncio.create_task(runs.handle(asking(job)))
    await until(room, job, "running")
    return handling


async def until(room: JobRoom, job: Job, state: str) -> Job:
    """Wait for a state of a job."""
    async with asyncio.timeout(20):
        while (found := await room.job(job)).state != state:  # noqa: ASYNC110 -- the store sets no event
            await asyncio.sleep(0.01)
    return found


async def drawing(sheet: Sheet) -> int:
    """Wait until a worker draws; return its process."""
    await eventually(lambda: sheet.pid)
    assert sheet.pid is not None
    return sheet.pid


async def submitted(room: JobRoom, sheet: Sheet, who: Principal = ANONYMOUS) -> Job:
    """Submit a drawing that takes as long as a sheet says."""
    return (await room.service.submit(who, await room.plan(sheet.spec()))).job


async def everything(listener: Listener) -> list[dict[str, Any]]:
    """Return what was told of jobs until now."""
    heard: list[dict[str, Any]] = []
    with suppress(TimeoutError):
        while True:
            news = await asyncio.wait_for(listener.hear(), 0.1)
            assert isinstance(news, Heard)
            heard.append(msgspec.json.decode(news.item.event.data or b""))
    return heard


async def test_an_event_has_its_job_rendered(room: JobRoom) -> None:
    """The job succeeds by its first attempt, and the reply says so to the brokers."""
    job = (await room.submit()).job
    reply = await room.runs().handle(room.sent[0])
    assert reply is not None
    assert (reply.type, reply.id, reply.subject) == (
        "plotkiln.job.finished",
        f"{job.id}.1",
        job.id,
    )
    after = await room.job(job)
    assert (after.state, after.attempt, after.lease) == ("succeeded", 1, None)
    assert after.result is not None
    data = msgspec.json.decode(reply.data or b"")
    assert data == {
        "id": job.id,
        "state": "succeeded",
        "owner": "anonymous",
        "digest": after.result.digest,
        "href": f"/jobs/{job.id}/result",
    }
    kept = await room.workshop.renderings.get(after.result.digest, after.result.format)
    assert kept is not None
    assert len(kept.data) == after.result.size
    assert room.offered == []


async def test_an_event_that_comes_again_has_nothing_done(room: JobRoom) -> None:
    """Its reply is the same; a job that is gone, and another's event, have none."""
    job = (await room.submit()).job
    runs = room.runs()
    first, second = await runs.handle(asking(job)), await runs.handle(asking(job))
    assert first is not None
    assert second is not None
    assert (second.id, second.data) == (first.id, first.data)
    gone = msgspec.structs.replace(job, id="a" * 26)
    assert await runs.handle(asking(gone)) is None
    assert await runs.handle(CloudEvent(id="1", source="/", type="plotkiln.hits")) is None
    assert room.count("job_attempts", "succeeded") == 1
    with pytest.raises(RuleError):
        await runs.handle(msgspec.structs.replace(asking(job), data=b"[]"))


async def test_an_earlier_attempts_event_is_passed_over(room: JobRoom) -> None:
    """Once a second attempt is wanted, the event of the first has nothing done."""
    job = (await room.submit(5.0)).job
    async with room.runs() as runs:
        handling = await begun(room, job, runs)
    assert await handling is None
    again = await room.job(job)
    assert (again.state, again.attempt, again.failures) == ("queued", 1, 0)
    assert await room.runs().handle(asking(again, attempt=1)) is None
    assert (await room.job(job)).state == "queued"


async def test_one_of_many_deliveries_renders(room: JobRoom) -> None:
    """Of ten at once, to several workers, one takes the job."""
    job = (await room.submit(0.2)).job
    workers = [room.runs() for _ in range(10)]
    replies = await asyncio.gather(*(runs.handle(asking(job)) for runs in workers))
    assert len([reply for reply in replies if reply is not None]) == 1
    assert (await room.job(job)).attempt == 1


async def test_a_cancelled_job_ends_its_render_at_once(room: JobRoom, tmp_path: Path) -> None:
    """The process that draws is gone within a second, and nothing more is written."""
    sheet = Sheet(tmp_path / "sheet", 60)
    job = await submitted(room, sheet)
    handling = await begun(room, job, room.runs())
    pid = await drawing(sheet)
    start = time.monotonic()
    cancelled = await room.service.cancel(ANONYMOUS, job.id)
    await eventually(lambda: not alive(pid), 5)
    assert time.monotonic() - start < 1
    assert await handling is None
    assert await room.job(job) == cancelled
    assert room.count("job_attempts", "lost") == 1


async def test_a_worker_that_was_taken_over_writes_nothing(room: JobRoom, tmp_path: Path) -> None:
    """Its attempt is older: what it draws is neither finished nor recorded."""
    sheet = Sheet(tmp_path / "sheet", 60)
    job = await submitted(room, sheet)
    handling = await begun(room, job, room.runs())
    running = await room.job(job)
    taken_over = msgspec.structs.replace(running, attempt=2, lease=time.time() + 60)
    after = await room.store.replace(taken_over)
    assert await handling is None
    assert await room.job(job) == after


async def test_a_lease_is_renewed_and_progress_told(room: JobRoom) -> None:
    """While it draws the lease moves on, and progress grows."""
    job = (await room.submit(2.0)).job
    async with room.news.listen(("jobs",), principal=ANONYMOUS) as listener:
        runs = room.runs(lease=1.0)
        handling = await begun(room, job, runs)
        first = await room.job(job)
        reply = await handling
        heard = await everything(listener)
    assert reply is not None
    assert first.lease is not None
    fractions = [one["progress"]["fraction"] for one in heard if "progress" in one]
    assert fractions == sorted(fractions)
    assert heard[-1]["state"] == "succeeded"
    assert (await room.job(job)).attempt == 1


async def test_what_a_job_asks_for_fails_it_at_once(room: JobRoom) -> None:
    """A drawing over its budget is not tried again, and the problem says why."""
    job = (await room.submit(30.0)).job
    reply = await room.runs(budget=0.3).handle(asking(job))
    assert reply is not None
    after = await room.job(job)
    assert (after.state, after.failures) == ("failed", 1)
    assert after.problem is not None
    assert after.problem["type"] == "/docs#deadline"


async def test_what_passes_is_tried_again_and_then_given_up(room: JobRoom) -> None:
    """A store that stays away fails the job after so many attempts, each published anew."""

    async def refuse(_job: Job, _tenure: Tenure) -> Result:
        raise StoreUnavailable("the bucket is away")

    job = (await room.submit()).job
    runs = room.runs(draw=refuse)
    for attempt in (1, 2):
        assert await runs.handle(room.sent[-1]) is None
        again = await room.job(job)
        assert (again.state, again.failures, again.attempt) == ("queued", attempt, attempt)
        assert room.sent[-1].id == f"{job.id}.{attempt + 1}.1"
    assert await runs.handle(room.sent[-1]) is not None
    after = await room.job(job)
    assert (after.state, after.failures) == ("failed", 3)
    assert after.problem is not None
    assert "bucket is away" in after.problem["detail"]


async def test_regression_short_memory_fails_no_job(room: JobRoom) -> None:
    """A job waits for as long as memory is short, however many attempts it is given back from."""

    async def refuse(_job: Job, _tenure: Tenure) -> Result:
        raise MemoryShort

    job = (await room.submit()).job
    for attempt in range(1, 2 * job.attempts):
        assert await room.runs(draw=refuse).handle(room.sent[-1]) is None
        again = await room.job(job)
        assert (again.state, again.failures, again.attempt) == ("queued", 0, attempt)
    assert again.problem is not None
    assert again.problem["type"] == "/docs#memory-short"
    view = job_view(again)
    assert view.attempt <= view.attempts
    assert await room.runs().handle(room.sent[-1]) is not None
    after = await room.job(job)
    assert (after.state, after.problem) == ("succeeded", None)


async def test_a_defect_is_tried_no_more(room: JobRoom) -> None:
    """What no error of ours stands for fails the job, and says nothing of our insides."""

    async def stumble(_job: Job, _tenure: Tenure) -> Result:
        raise ZeroDivisionError("secret")

    job = (await room.submit()).job
    assert await room.runs(draw=stumble).handle(asking(job)) is not None
    after = await room.job(job)
    assert after.state == "failed"
    assert "secret" not in str(after.problem)


async def test_no_more_jobs_than_slots(room: JobRoom) -> None:
    """What comes beyond is for a later delivery, and its job stays queued."""
    first, second = (await room.submit(5.0)).job, (await room.submit(5.1)).job
    runs = room.runs(slots=1)
    async with runs:
        handling = await begun(room, first, runs)
        with pytest.raises(QueueFull):
            await runs.handle(asking(second))
        assert (await room.job(second)).state == "queued"
    assert await handling is None


async def test_a_shutdown_gives_jobs_back(room: JobRoom, tmp_path: Path) -> None:
    """A job that does not end in time is queued again, is no failure, and is published."""
    sheet = Sheet(tmp_path / "sheet", 60)
    job = await submitted(room, sheet)
    runs = room.runs(drain=0.2)
    async with runs:
        handling = await begun(room, job, runs)
        pid = await drawing(sheet)
    assert await handling is None
    await eventually(lambda: not alive(pid), 1)
    again = await room.job(job)
    assert (again.state, again.failures, again.attempt) == ("queued", 0, 1)
    assert room.sent[-1].id == f"{job.id}.2.1"
    with pytest.raises(ShuttingDown):
        await runs.handle(room.sent[-1])
    sheet.tell(0)
    assert await room.runs().handle(room.sent[-1]) is not None


async def test_a_shutdown_waits_for_what_ends_soon(room: JobRoom) -> None:
    """A job that ends within the time for draining is ended."""
    job = (await room.submit(0.5)).job
    async with room.runs(drain=10.0) as runs:
        handling = await begun(room, job, runs)
    assert await handling is not None
    assert (await room.job(job)).state == "succeeded"


async def test_a_delivery_that_is_cut_off_counts_as_a_failure(room: JobRoom) -> None:
    """Else one that a gateway always cuts off would be drawn for ever."""
    job = (await room.submit(30.0)).job
    runs = room.runs()
    handling = await begun(room, job, runs)
    handling.cancel()
    with suppress(asyncio.CancelledError):
        await handling
    after = await until(room, job, "queued")
    assert after.failures == 1


async def test_others_jobs_of_the_same_drawing_wait_for_it(room: JobRoom, tmp_path: Path) -> None:
    """One renders, the other is published at its end, and finds the bytes."""
    sheet = Sheet(tmp_path / "sheet", 60)
    first = await submitted(room, sheet)
    second = await submitted(room, sheet, Principal("other"))
    assert first.digest == second.digest
    handling = await begun(room, first, room.runs())
    await drawing(sheet)
    assert await room.runs().handle(asking(second)) is None
    assert (await room.job(second)).state == "queued"
    sheet.tell(0)
    assert await handling is not None
    published = room.sent[-1]
    assert published.subject == second.id
    assert await room.runs().handle(published) is not None
    after = await room.job(second)
    assert (after.state, after.attempt) == ("succeeded", 1)


async def test_a_pause_is_kept(room: JobRoom) -> None:
    """An event that comes before a pause is over has nothing done."""
    job = (await room.submit()).job
    later = await room.store.replace(msgspec.structs.replace(job, due=time.time() + 60))
    assert await room.runs().handle(asking(later)) is None
    assert (await room.job(job)).state == "queued"


class Moody:
    """A store of jobs that is away for a while."""

    def __init__(self, room: JobRoom) -> None:
        self._store = room.store
        self.away = False

    def __getattr__(self, name: str) -> Any:
        if self.away:
            raise StoreUnavailable("the records are away")
        return getattr(self._store, name)


async def test_a_store_that_is_away_for_a_while_costs_nothing(
    room: JobRoom, tmp_path: Path
) -> None:
    """The drawing goes on as long as the lease lasts, and its end is recorded once it can be."""
    sheet = Sheet(tmp_path / "sheet", 60)
    job = await submitted(room, sheet)
    moody: Any = Moody(room)
    runs = room.runs()
    runs._store = moody
    handling = await begun(room, job, runs)
    await drawing(sheet)
    moody.away = True
    sheet.tell(0)
    await asyncio.sleep(0.7)
    assert not handling.done()
    moody.away = False
    assert await handling is not None
    after = await room.job(job)
    assert (after.state, after.attempt, after.failures) == ("succeeded", 1, 0)


async def test_what_was_taken_without_an_answer_is_taken(room: JobRoom) -> None:
    """A store that goes away right after it did what it was asked costs no attempt."""
    replace, silent = room.store.replace, [True]

    async def unheard(job: Job) -> Job:
        done = await replace(job)
        if silent:
            silent.clear()
            raise StoreUnavailable("no answer")
        return done

    job = (await room.submit()).job
    room.store.replace = unheard  # type: ignore[method-assign]
    assert await room.runs().handle(asking(job)) is not None
    after = await room.job(job)
    assert (after.state, after.attempt, after.failures) == ("succeeded", 1, 0)


async def test_a_rendering_that_cannot_be_stored_is_drawn_once(
    room: JobRoom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What was drawn is offered again until the store takes it, whatever memory forgets."""
    renderings, renders = room.workshop.renderings, room.workshop.renders
    refused: list[int] = []
    put = type(renderings).put

    async def sometimes(*given: Any, **options: Any) -> bool:
        if len(refused) < 3:
            refused.append(1)
            raise StoreUnavailable("503 Slow Down")
        return await put(*given, **options)

    job = (await room.submit()).job
    monkeypatch.setattr(type(renderings), "put", sometimes)
    monkeypatch.setattr(renders._drawings, "_recent", RecentRenderings(0))
    with caplog.at_level("INFO", "plotkiln.jobs"):
        assert await room.runs().handle(asking(job)) is not None
    assert len(refused) == 3
    assert [record.message for record in caplog.records].count("job rendered") == 1
    after = await room.job(job)
    assert after.result is not None
    kept = await renderings.get(after.result.digest, after.result.format)
    assert kept is not None
    assert len(kept.data) == after.result.size
