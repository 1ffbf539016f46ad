"""Which failures are tried again, after how long, and how often."""

import inspect
from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counters import Clock
from ledgers import new_job, taken
from plotkiln import errors
from plotkiln.errors import (
    MemoryShort,
    PlotkilnError,
    QueueFull,
    RenderingBusy,
    ShuttingDown,
    UnavailableError,
)
from plotkiln.jobs import Job, attention_at, check_transition
from plotkiln.jobs.retries import Retries, longest_pause

KEEP = 3600.0

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, PlotkilnError)
]
WITHOUT_ROOM: list[type[UnavailableError]] = [MemoryShort, QueueFull]
GIVEN_BACK = [ShuttingDown, RenderingBusy, *WITHOUT_ROOM]
PASSING = [kind for kind in KINDS if issubclass(kind, UnavailableError) and kind not in GIVEN_BACK]
PERMANENT = [kind for kind in KINDS if not issubclass(kind, UnavailableError)]


def described(error: PlotkilnError) -> Mapping[str, object]:
    """Describe an error in few words."""
    return {"title": type(error).__name__, "detail": str(error)}


def deciding(clock: Clock, chance: float = 1.0) -> Retries:
    """Return what decides, by a chance that is none."""
    return Retries(described, keep=KEEP, clock=clock, chance=lambda: chance)


def running(clock: Clock, **members: object) -> Job:
    """Return a job that a worker holds."""
    return taken(new_job(clock, **{"publications": 2, "published": clock.now, **members}), clock)


@pytest.mark.parametrize("kind", PERMANENT)
def test_what_a_job_is_to_blame_for_fails_it(kind: type[PlotkilnError]) -> None:
    """No second attempt is made where it would fail again; the job tells the problem."""
    clock = Clock()
    job = running(clock)
    clock.now += 5
    failed = deciding(clock).failed(job, kind())
    check_transition(job, failed)
    assert (failed.state, failed.failures, failed.lease) == ("failed", 1, None)
    assert (failed.ended, failed.expires) == (clock.now, clock.now + KEEP)
    assert failed.problem == described(kind())


@pytest.mark.parametrize("kind", PASSING)
def test_what_passes_is_tried_again(kind: type[UnavailableError]) -> None:
    """The job waits, for as long as the error says at most, and is published anew then."""
    clock = Clock()
    job = running(clock)
    again = deciding(clock).failed(job, kind())
    check_transition(job, again)
    assert (again.state, again.failures, again.attempt) == ("queued", 1, 1)
    assert (again.lease, again.progress, again.publications) == (None, None, 0)
    assert again.problem == described(kind())
    assert again.due == attention_at(again) == clock.now + kind.retry_after
    assert deciding(clock, 0.0).failed(job, kind()).due == clock.now


def test_what_is_given_back_has_not_failed() -> None:
    """A process that shuts down gives its jobs back at once, however often."""
    clock = Clock()
    job = running(clock, failures=4)
    back = deciding(clock).failed(job, ShuttingDown())
    assert (back.state, back.failures, back.due, back.problem) == ("queued", 4, clock.now, None)
    assert attention_at(back) == clock.now


def test_what_another_renders_is_waited_for() -> None:
    """A job that finds its drawing under way has not failed, and comes back after a moment."""
    clock = Clock()
    back = deciding(clock).failed(running(clock, failures=4), RenderingBusy())
    assert (back.state, back.failures, back.due) == ("queued", 4, clock.now + 1)


@pytest.mark.parametrize("kind", WITHOUT_ROOM)
def test_regression_what_had_no_room_has_not_failed(kind: type[UnavailableError]) -> None:
    """However long memory is short, or the queue full, the job waits; its pauses grow."""
    clock = Clock()
    job, pauses = new_job(clock, failures=4, attempt=4), []
    for _ in range(20):
        held = taken(job, clock)
        job = deciding(clock).failed(held, kind())
        check_transition(held, job)
        assert (job.state, job.failures, job.lease) == ("queued", 4, None)
        assert job.problem == described(kind())
        pauses.append(job.due - clock.now)
        clock.now = job.due
    assert pauses == [longest_pause(count, kind.retry_after) for count in range(1, 21)]
    assert attention_at(msgspec.structs.replace(job, expires=clock.now - 1)) == clock.now - 1


def test_a_worker_that_died_costs_an_attempt() -> None:
    """A lapsed lease is a failure; past the bound the job fails by a problem of its own."""
    clock = Clock()
    job = running(clock)
    again = deciding(clock).lapsed(job)
    assert (again.state, again.failures, again.due) == ("queued", 1, clock.now + 0.5)
    failed = deciding(clock).lapsed(msgspec.structs.replace(job, failures=4))
    assert (failed.state, failed.failures) == ("failed", 5)
    died = "The worker that drew it died, and so 5 of 5 attempts have failed."
    assert failed.problem == {"title": "RenderError", "detail": died}


@given(st.lists(st.sampled_from([*PASSING, None]), min_size=30), st.integers(1, 20))
def test_attempts_are_bounded(ends: list[type[UnavailableError] | None], attempts: int) -> None:
    """However its attempts fail, a job is taken as often as it may be, and then has failed."""
    clock = Clock()
    retries, job, count = deciding(clock), new_job(clock, attempts=attempts), 0
    for kind in ends:
        if job.over:
            break
        job, count = taken(job, clock), count + 1
        job = retries.lapsed(job) if kind is None else retries.failed(job, kind())
    assert (job.state, job.failures, count) == ("failed", attempts, attempts)
    with pytest.raises(PlotkilnError, match="is failed, and stays it"):
        check_transition(job, taken(job, clock))


@given(st.integers(1, 5000), st.floats(0, 1), st.floats(0.5, 5))
def test_pauses_are_bounded_and_grow(failures: int, chance: float, first: float) -> None:
    """A pause is from zero to its longest, which doubles up to a minute and never shrinks."""
    clock = Clock(0.0)
    job = running(clock, failures=failures - 1, attempts=10_000)
    due = deciding(clock, chance).lapsed(job).due
    assert 0 <= due <= longest_pause(failures) <= 60
    assert longest_pause(failures + 1, first) == min(60, 2 * longest_pause(failures, first))


def test_pauses_of_the_first_failures() -> None:
    """The longest pauses are half a second, one, two, and so on; half of that is to be expected."""
    assert [longest_pause(n) for n in range(1, 10)] == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]
    assert [longest_pause(n, 5) for n in range(1, 6)] == [5, 10, 20, 40, 60]
