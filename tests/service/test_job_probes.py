"""What the doctor says of jobs."""

from pathlib import Path

import msgspec
import pytest

from counters import Clock
from ledgers import embedded_jobs, new_job, taken
from plotkiln.service.job_probes import find_jobs

pytestmark = pytest.mark.anyio


async def test_jobs_under_way_are_counted(tmp_path: Path) -> None:
    """A store that answers is well, and tells how much there is to do."""
    clock = Clock()
    async with embedded_jobs(tmp_path)(clock) as jobs:
        for number in range(3):
            job = (await jobs.submit(new_job(clock, digest=f"{number:064}"))).job
        await jobs.replace(taken(job, clock))
        found = await find_jobs(jobs, broker=True, clock=clock)
        assert (found.state, found.detail) == ("ok", "2 wait, 1 run")


async def test_without_a_broker_jobs_are_refused(tmp_path: Path) -> None:
    """Who has no broker is told so, and how to get one."""
    clock = Clock()
    async with embedded_jobs(tmp_path)(clock) as jobs:
        found = await find_jobs(jobs, broker=False, clock=clock)
    assert (found.state, "no broker" in found.detail) == ("warning", True)
    assert "K_SINK" in found.mend


async def test_jobs_that_no_sweep_looks_after_are_told(tmp_path: Path) -> None:
    """Where jobs are long due, a sweep is missing; a late one or two seconds are nothing."""
    clock = Clock()
    async with embedded_jobs(tmp_path)(clock) as jobs:
        job = (await jobs.submit(new_job(clock))).job
        clock.now += 5 + 299
        assert (await find_jobs(jobs, broker=True, clock=clock)).state == "ok"
        clock.now += 301
        found = await find_jobs(jobs, broker=True, clock=clock)
        expected = "1 wait, 0 run; 1 should have been swept, the first 10 minutes ago"
        assert (found.state, found.detail) == ("warning", expected)
        await jobs.replace(msgspec.structs.replace(job, state="cancelled"))
        assert (await find_jobs(jobs, broker=True, clock=clock)).state == "ok"
