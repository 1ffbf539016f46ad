"""How a job is followed, step by step: through silence, gateways, restarts and interrupts."""

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest

from plotkiln.client import Job, Unfinished
from plotkiln.client.exchanges import Answer, Call, Deadline, Pause, Unanswered
from plotkiln.client.job import JobState
from plotkiln.client.jobs import followed
from steps import answer, run

NOW = datetime.now(UTC)


def job(state: JobState, version: int) -> Job:
    """Return a job."""
    return Job(
        id="j", state=state, format="png", style="a@1", digest="d", created=NOW, expires=NOW,
        version=version,
    )  # fmt: skip


def told(state: JobState, version: int) -> Answer:
    """Return the answer that shows it."""
    return answer(200, msgspec.json.encode(job(state, version)), preference_applied="wait=25")


HELD = answer(304, preference_applied="wait=25")
SILENT = answer(304)


def test_a_job_is_asked_for_by_its_version() -> None:
    """The first look is answered at once; the others are held back until the job has changed."""
    outcomes = iter([told("queued", 1), HELD, told("running", 2), told("succeeded", 3)])
    seen: list[Job] = []
    ended, steps = run(followed("j", Deadline(None), seen.append), outcomes)
    assert ended == job("succeeded", 3)
    assert seen == [job("queued", 1), job("running", 2), job("succeeded", 3)]
    first, *others = [dict(step.headers) for step in steps if isinstance(step, Call)]
    assert first == {}
    tags = ['"1"', '"1"', '"2"']
    assert others == [{"Prefer": "wait=25", "If-None-Match": tag} for tag in tags]
    assert all(step.within == 35 for step in steps[1:] if isinstance(step, Call))


def test_the_last_wait_is_no_longer_than_the_time() -> None:
    """Nobody is asked to hold an answer back past the deadline."""
    _, steps = run(followed(job("queued", 1), Deadline(7.5)), iter([told("failed", 2)]))
    (call,) = steps
    assert isinstance(call, Call)
    assert call.headers["Prefer"] == "wait=7"


def test_one_that_has_ended_is_not_asked_for() -> None:
    """A job that is known to have ended needs no call."""
    steps = followed(job("cancelled", 4), Deadline(None))
    with pytest.raises(StopIteration) as ended:
        next(steps)
    assert ended.value.value == job("cancelled", 4)


def test_where_nobody_holds_answers_back() -> None:
    """Behind a proxy that swallows the preference the looks grow rarer, up to five seconds."""
    outcomes = iter([*[SILENT] * 6, told("succeeded", 2)])
    _, steps = run(followed(job("running", 1), Deadline(None)), outcomes)
    pauses = [step.seconds for step in steps if isinstance(step, Pause)]
    assert pauses == [1.0, 1.5, 2.25, 3.375, 5.0, 5.0]


@pytest.mark.parametrize("again", [told("running", 3), told("queued", 1)], ids=["same", "older"])
def test_where_the_condition_is_not_minded(again: Answer) -> None:
    """A job that is shown whole although it has not changed is neither told again nor hammered."""
    outcomes = iter([told("running", 3), again, again, told("succeeded", 4)])
    seen: list[Job] = []
    _, steps = run(followed("j", Deadline(None), seen.append), outcomes)
    assert seen == [job("running", 3), job("succeeded", 4)]
    pauses = [step.seconds for step in steps if isinstance(step, Pause)]
    assert pauses == [1.0, 1.5]


@pytest.mark.parametrize(
    "gone",
    [Unanswered("refused"), answer(502), answer(503, retry_after="1"), answer(504)],
    ids=["refused", "502", "503", "504"],
)
def test_a_server_that_is_away_is_waited_for(gone: Answer | Unanswered) -> None:
    """A restart, and what gateways say of it, does not end the following."""
    outcomes = iter([told("running", 1), gone, gone, told("succeeded", 2)])
    ended, steps = run(followed("j", Deadline(None)), outcomes)
    assert ended.state == "succeeded"
    pauses = [step.seconds for step in steps if isinstance(step, Pause)]
    assert len(pauses) == 2
    assert all(1.0 <= pause <= 1.25 for pause in pauses)


def test_not_for_ever() -> None:
    """A server that does not come back in time is one that does not answer."""
    with pytest.raises(Unanswered):
        run(followed(job("running", 1), Deadline(0.5)), iter([Unanswered("refused")]))


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, asyncio.CancelledError])
def test_an_interrupt_cancels_on_demand(interrupt: type[BaseException]) -> None:
    """With `cancel` the job is cancelled before the interrupt goes on, if that works."""
    for outcome in (told("cancelled", 2), Unanswered("refused")):
        seen: list[Call | Pause] = []
        steps = followed(job("running", 1), Deadline(None), cancel=True)
        with pytest.raises(interrupt):
            run(steps, iter([interrupt(), outcome]), seen)
        assert [step.method for step in seen if isinstance(step, Call)] == ["GET", "DELETE"]
    seen = []
    with pytest.raises(interrupt):
        run(followed(job("running", 1), Deadline(None)), iter([interrupt()]), seen)
    assert len(seen) == 1


def test_time_is_up() -> None:
    """When the time is over before the job has ended, the job is handed over."""
    with pytest.raises(Unfinished) as late:
        run(followed("j", Deadline(0.0)), iter([told("running", 5)]))
    assert late.value.job == job("running", 5)
