"""Acts step by step: what is asked for again, when, and for how long."""

import pytest

from plotkiln.client.exchanges import Call, Deadline, Pause, Unanswered, asked, once
from steps import answer, run

READ = Call(method="GET", path="/x", repeatable=True)
WRITE = Call(method="PUT", path="/x")


@pytest.mark.parametrize("status", [429, 503])
def test_who_is_sent_away_comes_back_when_told(status: int) -> None:
    """After 429 and 503 the same is asked again, not before Retry-After and not long after it."""
    outcomes = iter([answer(status, retry_after="2"), answer(status), answer(200)])
    result, seen = run(asked(READ, Deadline(60)), outcomes)
    assert result.status == 200
    pauses = [step.seconds for step in seen if isinstance(step, Pause)]
    assert len(pauses) == 2
    assert 2.0 <= pauses[0] <= 2.5
    assert 1.0 <= pauses[1] <= 1.25
    assert [step for step in seen if isinstance(step, Call)] == [READ] * 3


def test_a_server_that_names_no_pause_is_not_hammered() -> None:
    """With `Retry-After: 0` the pauses grow from half a second to eight, each twice the last."""
    outcomes = iter([*[answer(503, retry_after="0")] * 7, answer(200)])
    _, seen = run(asked(READ, Deadline(600)), outcomes)
    pauses = [step.seconds for step in seen if isinstance(step, Pause)]
    least = [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    assert all(low <= pause <= low * 1.25 for low, pause in zip(least, pauses, strict=True))


def test_patience_ends() -> None:
    """The last refusal is the answer once the deadline comes before the next try."""
    result, seen = run(asked(READ, Deadline(5)), iter([answer(503, retry_after="10")]))
    assert (result.status, seen) == (503, [READ])


def test_writes_are_sent_once() -> None:
    """What may not be repeated is not: neither after 503, nor where the connection broke."""
    result, seen = run(asked(WRITE, Deadline(60)), iter([answer(503)]))
    assert (result.status, seen) == (503, [WRITE])
    broken = Unanswered("broken")
    broken.broken = True
    with pytest.raises(Unanswered):
        run(once(WRITE), iter([broken]))


def test_a_connection_that_broke_is_tried_again_once() -> None:
    """A server that closed an idle connection just then is asked once more, and no more often."""
    broken = Unanswered("broken")
    broken.broken = True
    result, seen = run(once(READ), iter([broken, answer(200)]))
    assert (result.status, seen) == (200, [READ, READ])
    with pytest.raises(Unanswered):
        run(once(READ), iter([broken, broken]))


def test_a_server_that_is_not_there_is_an_error_at_once() -> None:
    """A connection that is refused is not tried again: most often the address is wrong."""
    with pytest.raises(Unanswered):
        run(asked(READ, Deadline(60)), iter([Unanswered("refused")]))


def test_other_answers_are_answers() -> None:
    """Nothing else is asked for again."""
    for status in (200, 304, 404, 500, 502):
        result, seen = run(asked(READ, Deadline(60)), iter([answer(status)]))
        assert (result.status, seen) == (status, [READ])
