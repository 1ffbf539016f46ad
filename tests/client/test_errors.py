"""Errors on their way between processes."""

import pickle
from datetime import UTC, datetime

import pytest

from plotkiln.client import Job, Unfinished
from plotkiln.errors import Fault, JobFailed, PlotkilnError

NOW = datetime.now(UTC)
JOB = Job(
    id="j", state="running", format="png", style="a@1", digest="d", created=NOW, expires=NOW,
    version=3,
)  # fmt: skip


def kinds(above: type[PlotkilnError]) -> list[type[PlotkilnError]]:
    """Return an error's kinds, of `plotkiln.errors` and of the client, itself among them."""
    below = [kind for child in above.__subclasses__() for kind in kinds(child)]
    ours = above.__module__.startswith(("plotkiln.errors", "plotkiln.client"))
    return [above, *below] if ours else below


def sent(error: PlotkilnError) -> PlotkilnError:
    """Return what another process gets."""
    received: PlotkilnError = pickle.loads(pickle.dumps(error))  # noqa: S301 -- our own
    assert (type(received), str(received)) == (type(error), str(error))
    assert vars(received) == vars(error)
    return received


@pytest.mark.parametrize("kind", sorted(set(kinds(PlotkilnError)), key=str))
def test_errors_pass_from_process_to_process(kind: type[PlotkilnError]) -> None:
    """An error arrives as it went: its words, its faults, its notes and all that it carries."""
    if kind is Unfinished:
        error: PlotkilnError = Unfinished(JOB, 2.5)
    else:
        error = kind("It says why.", faults=[Fault("y[1]", "too odd")])
    error.add_note("In the server's log: request ab12")
    sent(error)


def test_what_errors_carry_arrives() -> None:
    """A job that has not ended, and the problem of one that failed, are there after the way."""
    unfinished = sent(Unfinished(JOB))
    assert isinstance(unfinished, Unfinished)
    assert unfinished.job == JOB
    failed = sent(JobFailed(problem={"detail": "No.", "status": 422}))
    assert isinstance(failed, JobFailed)
    assert failed.problem == {"detail": "No.", "status": 422}
