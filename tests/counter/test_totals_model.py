"""Whatever comes in whatever order, totals are what a model in a few lines says."""

import asyncio
import secrets
import tempfile
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counters import Clock, TotalsOpener, embedded_opener, redis_opener
from plotkiln.counter.totals import Counted, Totals

#: A hit by its id, or None for a reset, and the hours that pass before it.
acts = st.lists(st.tuples(st.none() | st.integers(0, 5), st.sampled_from([0.0, 0.5, 3.0])))

#: Longer than all acts of a list together take.
HOURS = 1000.0


class Model:
    """Totals of one subject."""

    def __init__(self) -> None:
        self.totals = [0]
        self.known: dict[int, Counted] = {}

    def add(self, hit: int) -> Counted:
        """Count a hit."""
        if hit in self.known:
            first = self.known[hit]
            return Counted(total=first.total, generation=first.generation, duplicate=True)
        self.totals[-1] += 1
        self.known[hit] = Counted(total=self.totals[-1], generation=len(self.totals))
        return self.known[hit]


async def compare(
    opened: AbstractAsyncContextManager[Totals], clock: Clock, given: list[tuple[int | None, float]]
) -> None:
    """Do the same to a store and to the model."""
    subject, model = secrets.token_hex(8), Model()
    async with opened as totals:
        for hit, hours in given:
            clock.now += hours * 3600
            if hit is None:
                closed = await totals.reset(subject)
                assert (closed.generation, closed.total) == (len(model.totals), model.totals[-1])
                model.totals.append(0)
            else:
                counted = await totals.add(subject, "/hits/", str(hit), time=None)
                assert counted == model.add(hit)
        assert [one.total for one in await totals.history(subject)] == model.totals
        assert (await totals.read(subject)).total == model.totals[-1]


@settings(max_examples=50, deadline=None)
@given(acts)
def test_embedded_totals_follow_the_model(given: list[tuple[int | None, float]]) -> None:
    """SQLite counts as the model does."""
    with tempfile.TemporaryDirectory() as folder:
        follow(embedded_opener(Path(folder)), given)


@pytest.mark.usefixtures("redis_server")
def test_totals_in_redis_follow_the_model(redis_url: str) -> None:
    """Redis counts as the model does."""

    @settings(max_examples=50, deadline=None)
    @given(acts)
    def follows(given: list[tuple[int | None, float]]) -> None:
        follow(redis_opener(redis_url), given)

    follows()


def follow(opener: TotalsOpener, given: list[tuple[int | None, float]]) -> None:
    """Run one comparison."""
    clock = Clock()
    asyncio.run(compare(opener(clock, HOURS), clock, given))
