import asyncio

import pytest

from plotkiln.errors import AccessDenied, DrawingFailed, StoreUnavailable
from plotkiln.service.doctor import Check, Finding, Probe, State, check, check_all, masked, worst

pytestmark = pytest.mark.anyio


def probe(outcome: Finding | Exception | None, *, limit: float = 5.0) -> Probe:
    """Return a probe that finds or raises this; None never comes to an end."""

    async def look() -> Finding:
        if outcome is None:
            await asyncio.Event().wait()
        if isinstance(outcome, Exception):
            raise outcome
        assert outcome is not None
        return outcome

    return Probe(name="part", look=look, mend="Mend it.", limit=limit)


async def test_a_finding_is_told_with_its_time() -> None:
    """What a probe finds stands in the result, with the milliseconds that it took."""
    done = await check(probe(Finding("5 stored", "warning", "Look closer.")))
    assert (done.name, done.state, done.detail) == ("part", "warning", "5 stored")
    assert done.mend == "Look closer."
    assert done.took >= 0


@pytest.mark.parametrize(
    ("error", "state", "mend"),
    [
        (StoreUnavailable("no answer"), "away", "Mend it."),
        (AccessDenied("needs read"), "fault", "Give the token that permission"),
        (DrawingFailed("refused"), "fault", "Mend it."),
        (PermissionError(13, "Permission denied", "/data"), "fault", "Mend it."),
    ],
)
async def test_an_error_is_a_result(error: Exception, state: State, mend: str) -> None:
    """What may come back is away, what stays broken is a fault, and both have a mend."""
    done = await check(probe(error))
    assert done.state == state
    assert done.mend.startswith(mend)
    assert done.detail


async def test_the_file_at_fault_is_named() -> None:
    """A fault of the operating system says which file it is about."""
    done = await check(probe(PermissionError(13, "Permission denied", "/data")))
    assert done.detail == "/data: Permission denied"


async def test_what_does_not_answer_is_away() -> None:
    """A probe that hangs is cut off at its limit."""
    done = await check(probe(None, limit=0.01))
    assert (done.state, done.detail) == ("away", "no answer within 0.01 s")


async def test_one_that_hangs_leaves_the_others_alone() -> None:
    """Everything is looked at at once, and told in its order."""
    done = await check_all([probe(None, limit=0.05), probe(Finding("well"))])
    assert [one.state for one in done] == ["away", "ok"]


@pytest.mark.parametrize(
    ("states", "gravest"),
    [
        ([], "ok"),
        (["ok", "warning"], "warning"),
        (["away", "warning"], "away"),
        (["fault", "away", "ok"], "fault"),
    ],
)
def test_the_gravest_counts(states: list[State], gravest: State) -> None:
    """A fault is graver than what is away, that than a warning; nothing checked is ok."""
    checks = [Check(name="part", state=state, took=0, detail="") for state in states]
    assert worst(checks) == gravest


def test_texts_are_masked() -> None:
    """Detail and mend both pass through what hides secrets."""
    shown = masked(
        Check(name="part", state="ok", took=0, detail="s3cret", mend="s3cret"),
        lambda text: text.replace("s3cret", "•"),
    )
    assert (shown.detail, shown.mend) == ("•", "•")
