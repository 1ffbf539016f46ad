"""What a job may become, and when it is looked at."""

from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counters import Clock
from ledgers import new_job
from plotkiln.errors import PreconditionFailed
from plotkiln.jobs import (
    ENDED,
    TRANSITIONS,
    Job,
    JobState,
    attention_at,
    begins,
    check_transition,
    new_job_id,
)

STATES: tuple[JobState, ...] = get_args(JobState)

#: Before and after.
ALLOWED: set[tuple[JobState, JobState]] = {
    ("queued", "queued"),
    ("queued", "running"),
    ("queued", "cancelled"),
    ("queued", "expired"),
    ("running", "queued"),
    ("running", "running"),
    ("running", "succeeded"),
    ("running", "failed"),
    ("running", "cancelled"),
    ("succeeded", "expired"),
}


def in_state(state: JobState, **members: object) -> Job:
    """Return a job in a state, at its second attempt."""
    given: dict[str, object] = {"id": "a" * 26, "state": state, "attempt": 2, **members}
    return msgspec.structs.replace(new_job(Clock()), **given)


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_the_table_of_transitions(before: JobState, after: JobState) -> None:
    """Each of all pairs is allowed or refused as the table says."""
    change = (in_state(before), in_state(after, attempt=3))
    assert set(TRANSITIONS) == set(STATES)
    if (before, after) in ALLOWED:
        check_transition(*change)
    else:
        with pytest.raises(PreconditionFailed, match=f"is {before}, and stays it"):
            check_transition(*change)


def test_what_ended_stays_so() -> None:
    """No end leads back to work; only a success becomes another end, when it is kept no more."""
    for state in ENDED:
        assert TRANSITIONS[state] <= {"expired"}
        assert in_state(state).over
    assert not in_state("queued").over
    assert not in_state("running").over


@pytest.mark.parametrize("after", sorted(TRANSITIONS["running"]))
def test_an_earlier_attempt_is_not_heard(after: JobState) -> None:
    """Whatever a worker says whose job another took over is refused."""
    taken_over = in_state("running", attempt=3)
    with pytest.raises(PreconditionFailed, match="at its attempt 3 already"):
        check_transition(taken_over, in_state(after))


def test_each_beginning_is_another_attempt() -> None:
    """A job that waits begins with a higher attempt alone; one that runs goes on with the same."""
    queued, running = in_state("queued"), in_state("running")
    with pytest.raises(PreconditionFailed, match="at its attempt 2 already"):
        check_transition(queued, running)
    check_transition(running, running)
    assert not begins(running, running)
    for before in (queued, running):
        check_transition(before, in_state("running", attempt=3))
        assert begins(before, in_state("running", attempt=3))


@pytest.mark.parametrize(
    "member", [{"id": "b" * 26}, {"owner": "b"}, {"digest": "b"}, {"format": "svg"}, {"created": 1}]
)
def test_a_job_stays_the_same_job(member: dict[str, object]) -> None:
    """Whose it is and what it draws never changes."""
    with pytest.raises(ValueError, match="A job keeps its id, owner, digest, format, created"):
        check_transition(in_state("queued"), in_state("cancelled", **member))


def test_ids() -> None:
    """An id is fit for addresses and keys, and nobody has it."""
    ids = {new_job_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(
        len(one) == 26 and set(one) <= set("abcdefghijklmnopqrstuvwxyz234567") for one in ids
    )


@given(
    st.sampled_from(STATES),
    st.floats(0, 1e6) | st.none(),
    st.floats(0, 1e6),
    st.floats(0, 1e6) | st.none(),
    st.integers(0, 50),
)
def test_every_job_gets_attention(
    state: JobState, lease: float | None, due: float, published: float | None, publications: int
) -> None:
    """No job is left for ever: each is looked at, by its end at the latest unless it runs."""
    changed: dict[str, object] = {"lease": lease, "due": due, "published": published}
    job = in_state(state, **changed, publications=publications)
    assert attention_at(job) <= (lease or 0.0 if state == "running" else job.expires)


def test_who_is_not_taken_is_published_again() -> None:
    """First when its submission should have, then at doubled intervals up to an hour."""
    job = msgspec.structs.replace(in_state("queued"), attempt=0, expires=2e9)
    assert attention_at(job) == job.created + 5
    seen = [
        attention_at(msgspec.structs.replace(job, publications=count, published=job.created))
        for count in range(1, 9)
    ]
    assert [moment - job.created for moment in seen] == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    paused = msgspec.structs.replace(job, attempt=1, due=job.created + 30)
    assert attention_at(paused) == paused.due
