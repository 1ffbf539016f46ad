"""What the tests of jobs share: each store in turn, and a clock."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from counters import Clock
from ledgers import JobsOpener, embedded_jobs, redis_jobs
from plotkiln.jobs import JobStore


@pytest.fixture(params=["embedded", "redis"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> JobsOpener:
    """Return what opens the jobs of this test."""
    if request.param == "embedded":
        return embedded_jobs(tmp_path)
    return redis_jobs(request.getfixturevalue("redis_url"))


@pytest.fixture
def clock() -> Clock:
    """Return the clock of this test."""
    return Clock()


@pytest.fixture
async def jobs(opener: JobsOpener, clock: Clock) -> AsyncIterator[JobStore]:
    """Open the jobs once."""
    async with opener(clock) as opened:
        yield opened
