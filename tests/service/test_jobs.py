"""Jobs for those who submit them, on a real store and a real pool."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from job_rooms import JobRoom, open_room, unreachable
from patients import patient
from plotkiln.cli.workshop import Workshop
from plotkiln.errors import (
    GoneError,
    JobFailed,
    NotFoundError,
    NotReadyError,
    RuleError,
    SettledError,
    StoreUnavailable,
    UnavailableError,
)
from plotkiln.events.event import CloudEvent
from plotkiln.identity import ANONYMOUS, Principal, Scope
from plotkiln.jobs import Job
from plotkiln.service.job_publishing import (
    REQUESTED,
    REQUESTED_LONG,
    Requested,
    is_long,
    requested_event,
)
from plotkiln.service.jobs import JobService

pytestmark = pytest.mark.anyio

ANN = Principal("user:ann", frozenset({Scope.JOBS}))
OTHER = Principal("other", frozenset({Scope.JOBS}))
ADMIN = Principal("user:root", frozenset({Scope.ADMIN}))


async def succeeded(room: JobRoom, job: Job) -> Job:
    """Have a queued job rendered."""
    reply = await room.runs().handle(requested_event(job))
    assert reply is not None
    after = await room.job(job)
    assert after.state == "succeeded", after.problem
    return after


async def test_a_submitted_job_is_stored_published_and_noted(room: JobRoom) -> None:
    """What is accepted has its input in the store, and one event that names it, with no data."""
    job = (await room.submit(0.0)).job
    (event,) = room.sent
    asked = msgspec.json.decode(event.data or b"", type=Requested)
    assert (asked.id, asked.attempt) == (job.id, 1)
    assert asked.input == f"inputs/{job.digest[:2]}/{job.digest}"
    assert (event.id, event.source, event.subject) == (f"{job.id}.1.1", "/jobs", job.id)
    assert (job.state, job.publications, job.attempts) == ("queued", 1, 3)
    assert (job.kind, job.style, job.format) == ("patient", "default@0", "png")
    given = await room.inputs.get(job.digest)
    assert given is not None
    assert given.template == "patient"


async def test_what_can_never_be_drawn_is_no_job(room: JobRoom) -> None:
    """A picture with more pixels than any may have is refused at once."""
    plan = await room.plan({"y": [1, 2], "size": {"width": 8000, "dpi": 600}})
    with pytest.raises(RuleError, match="pixels"):
        await room.service.submit(ANONYMOUS, plan)
    assert (await room.service.page(ANONYMOUS)).jobs == []


async def test_a_job_is_accepted_while_the_broker_is_away(room: JobRoom) -> None:
    """Publishing does not fail a submission, and is left to the sweep."""
    room.broken = unreachable()
    job = (await room.submit()).job
    assert (job.state, job.published) == ("queued", None)
    assert room.woken == 1
    assert room.count("jobs_published", "failed") == 1


async def test_publishing_has_a_bound(room: JobRoom) -> None:
    """A broker that does not answer holds up a submission for no longer than is allowed."""

    async def hang(_event: CloudEvent) -> None:
        await asyncio.sleep(60)

    room.publishing._send = hang
    start = time.monotonic()
    assert (await room.submit()).job.published is None
    assert time.monotonic() - start < 2


async def test_equal_drawings_of_one_owner_are_one_job(room: JobRoom) -> None:
    """A second submission joins the first; somebody else's is a job of its own."""
    first, second = await room.submit(), await room.submit()
    other = await room.submit(who=OTHER)
    assert (second.joined, second.job.id) == (True, first.job.id)
    assert (other.joined, other.job.digest) == (False, first.job.digest)
    assert room.count("jobs_submitted", "joined") == 1


async def test_what_may_take_long_is_asked_for_by_another_event(room: JobRoom) -> None:
    """One that is thought to take longer than a Service may answer, or may by its budget."""
    await room.submit()
    assert room.sent[-1].type == REQUESTED
    assert is_long(501.0, budget=60.0)
    assert not is_long(500.0, budget=600.0)


async def test_regression_a_long_job_stays_long_whoever_publishes_it(
    job_workshop: Workshop, tmp_path: Path
) -> None:
    """What a sweep publishes again goes where the submission went, and no other lane takes it."""
    async with open_room(job_workshop, tmp_path, budget=601.0) as room:
        room.broken = unreachable()
        job = (await room.submit()).job
        room.broken = None
        await room.store.replace(msgspec.structs.replace(job, published=job.created - 3600))
        assert (await room.sweep()).published == 1
        (event,) = room.sent
        assert event.type == REQUESTED_LONG
        short = msgspec.structs.replace(event, type=REQUESTED)
        assert await room.runs().handle(short) is None
        assert (await room.job(job)).state == "queued"
        assert await room.runs().handle(event) is not None


async def test_fifty_submissions_at_once_are_one_job(room: JobRoom) -> None:
    """Whoever is first is joined by all others, and one event is published."""
    plan = await room.plan(patient(0.0))
    found = await asyncio.gather(*(room.service.submit(ANONYMOUS, plan) for _ in range(50)))
    assert len({one.job.id for one in found}) == 1
    assert len(room.sent) == 1


async def test_a_key_names_one_submission(room: JobRoom) -> None:
    """The same key is the same job, and no other drawing's."""
    first = await room.submit(idempotency_key="one")
    assert (await room.submit(idempotency_key="one")).job.id == first.job.id
    with pytest.raises(RuleError, match="Idempotency-Key"):
        await room.submit(0.1, idempotency_key="one")


async def test_a_rendering_that_is_there_is_a_job_that_has_succeeded(room: JobRoom) -> None:
    """No event asks for it; that it ended is told all the same."""
    await succeeded(room, (await room.submit()).job)
    room.sent.clear()
    found = (await room.submit(who=OTHER)).job
    assert (found.state, found.attempt, room.sent) == ("succeeded", 0, [])
    assert [event.type for event in room.offered] == ["plotkiln.job.finished"]
    result = await room.service.result(OTHER, found.id)
    assert result.rendering.data.startswith(b"\x89PNG")
    assert room.count("jobs_submitted", "found") == 1


async def test_a_result_that_was_swept_is_drawn_again(room: JobRoom) -> None:
    """Who submits it once more joins no job whose result is gone."""
    first = await succeeded(room, (await room.submit()).job)
    await room.workshop.renderings.remove(first.digest, first.format)
    again = await room.submit()
    assert (again.joined, again.job.state) == (False, "queued")
    assert (await room.job(first)).state == "expired"
    with pytest.raises(GoneError):
        await room.service.result(ANONYMOUS, first.id)


async def test_only_the_owner_sees_a_job(room: JobRoom) -> None:
    """To anybody else it is not there, whatever they ask for."""
    job = (await room.submit(who=ANN)).job
    for ask in (room.service.get, room.service.cancel, room.service.retry, room.service.result):
        with pytest.raises(NotFoundError):
            await ask(OTHER, job.id)
    assert (await room.service.page(OTHER)).jobs == []
    assert [one.id for one in (await room.service.page(ANN)).jobs] == [job.id]


async def test_an_admin_and_whose_is_nobodys(room: JobRoom) -> None:
    """An admin sees everybody's jobs; those of before there was identity are seen by all."""
    job, old = (await room.submit(who=ANN)).job, (await room.submit(who=ANONYMOUS)).job
    assert (await room.service.get(ADMIN, job.id)).owner == ANN.name
    assert await room.service.get(OTHER, old.id) == await room.service.get(ANN, old.id)
    assert (await room.service.cancel(ADMIN, job.id)).state == "cancelled"


async def test_a_key_is_of_one_principal(room: JobRoom) -> None:
    """The same idempotency key of two principals names two jobs."""
    one = await room.submit(who=ANN, idempotency_key="first")
    other = await room.submit(who=OTHER, idempotency_key="first")
    again = await room.submit(who=ANN, idempotency_key="first")
    assert one.job.id == again.job.id != other.job.id


async def test_a_cancelled_job_stays_cancelled(room: JobRoom) -> None:
    """It is told once, and asking again changes nothing."""
    job = (await room.submit()).job
    cancelled = await room.service.cancel(ANONYMOUS, job.id)
    assert cancelled.state == "cancelled"
    assert await room.service.cancel(ANONYMOUS, job.id) == cancelled
    assert room.count("jobs_ended", "cancelled") == 1
    assert await room.runs().handle(room.sent[0]) is None
    with pytest.raises(GoneError):
        await room.service.result(ANONYMOUS, job.id)


async def test_who_waits_is_woken_by_the_end(room: JobRoom) -> None:
    """A long poll answers as soon as the job has ended, and not before."""
    job = (await room.submit(0.3)).job
    waiting = asyncio.create_task(room.service.changed(ANONYMOUS, job.id, version=None, wait=20))
    await succeeded(room, job)
    assert (await asyncio.wait_for(waiting, 0.5)).state == "succeeded"


async def test_who_waits_for_a_change_gets_the_next_one(room: JobRoom) -> None:
    """A known version waits for another, and no longer than asked."""
    job = (await room.submit()).job
    same = await room.service.changed(ANONYMOUS, job.id, version=job.version, wait=0.05)
    assert same.version == job.version
    waiting = asyncio.create_task(
        room.service.changed(ANONYMOUS, job.id, version=job.version, wait=20)
    )
    await asyncio.sleep(0)
    await room.service.cancel(ANONYMOUS, job.id)
    assert (await asyncio.wait_for(waiting, 1.5)).state == "cancelled"


async def test_an_unfinished_job_has_no_result_yet(room: JobRoom) -> None:
    """It is not ready, and cannot be retried either."""
    job = (await room.submit()).job
    with pytest.raises(NotReadyError):
        await room.service.result(ANONYMOUS, job.id)
    with pytest.raises(NotReadyError):
        await room.service.retry(ANONYMOUS, job.id)


async def test_a_failed_job_answers_with_its_problem(room: JobRoom) -> None:
    """The result of a failed job is what it failed by."""
    job = (await room.submit(30.0)).job
    await room.runs(budget=0.3).handle(room.sent[0])
    with pytest.raises(JobFailed) as failed:
        await room.service.result(ANONYMOUS, job.id)
    assert failed.value.problem["status"] == 422
    assert failed.value.problem["type"] == "/docs#deadline"


async def test_a_retry_is_a_job_of_its_own(room: JobRoom) -> None:
    """It has the same input and style, says whose retry it is, and ends by itself."""
    first = (await room.submit(0.2)).job
    await room.runs(budget=0.01).handle(room.sent[0])
    assert (await room.job(first)).state == "failed"
    again = (await room.service.retry(ANONYMOUS, first.id)).job
    assert (again.retry_of, again.digest, again.style) == (first.id, first.digest, first.style)
    assert (await succeeded(room, again)).result is not None
    with pytest.raises(SettledError):
        await room.service.retry(ANONYMOUS, again.id)


async def test_what_has_spent_a_budget_is_known_to_be_slow(room: JobRoom) -> None:
    """A job that failed by its time limit is submitted with what it is thought to take."""
    first = (await room.submit(30.0)).job
    await room.runs(budget=2.0).handle(room.sent[0])
    again = (await room.service.retry(ANONYMOUS, first.id)).job
    assert again.estimate > first.estimate


async def test_a_retry_needs_its_input(room: JobRoom) -> None:
    """Where the input is kept no more, the job must be submitted anew."""
    job = (await room.submit()).job
    await room.service.cancel(ANONYMOUS, job.id)
    await room.inputs.remove(job.digest)
    with pytest.raises(GoneError, match="submit it once more"):
        await room.service.retry(ANONYMOUS, job.id)


async def test_without_a_broker_there_are_no_jobs(room: JobRoom) -> None:
    """A submission says how to mend that; what is there is still shown."""
    job = (await room.submit()).job
    alone = JobService(
        room.store, None, room.workshop.renderings, news=room.news, told=room.told, keep=60
    )
    assert (alone.available, room.service.available) == (False, True)
    with pytest.raises(UnavailableError, match="K_SINK"):
        await alone.submit(ANONYMOUS, await room.plan(patient(0.0)))
    assert (await alone.get(ANONYMOUS, job.id)).id == job.id


async def test_a_view_says_all_but_whose_it_is(room: JobRoom) -> None:
    """Times are UTC, the result has an address, and a folder gives no other."""
    job = await succeeded(room, (await room.submit()).job)
    view = msgspec.json.decode(msgspec.json.encode(await room.service.view(job)))
    assert view["created"].endswith("Z")
    assert view["result"]["href"] == f"/jobs/{job.id}/result"
    assert (view["state"], view["attempt"], view["kind"]) == ("succeeded", 1, "patient")
    assert {"owner", "url"}.isdisjoint(view | view["result"])
    signing = JobService(
        room.store,
        None,
        room.workshop.renderings,
        news=room.news,
        told=room.told,
        keep=60,
        presign=timedelta(minutes=1),
    )
    assert await signing.address(job) is None


async def test_nothing_is_accepted_that_is_not_stored(
    job_workshop: Workshop, tmp_path: Path
) -> None:
    """A submission that the records do not take fails, and asks nobody to render."""
    async with open_room(job_workshop, tmp_path) as room:
        plan = await room.plan(patient(0.0))
    with pytest.raises(StoreUnavailable):
        await room.service.submit(ANONYMOUS, plan)
    assert room.sent == []
