import asyncio
import os
from pathlib import Path

import pytest

from kilns import alive
from orders import OpenPool, by_template, order_of, templates_in
from plotkiln.errors import DeadlineExceeded, MemoryShort, QueueFull, ShuttingDown
from plotkiln.workers import Pool, Templates
from plotkiln.workers.admission import Admission
from servers import eventually

pytestmark = pytest.mark.anyio

#: Templates that never end: one computes, one waits, one waits in C and takes no signal for it.
ENDLESS = {
    "spins": "while True: value += 1",
    "sleeps": "import time; time.sleep(600)",
    "starts": "import subprocess; subprocess.run(['sleep', '600'])",
}


async def begun(pool: Pool, templates: Templates, name: str) -> "asyncio.Task[object]":
    """Begin a job that does not end by itself, and wait until its worker is at it."""
    order = by_template(templates, name)
    job = asyncio.create_task(pool.render(order, budget=600, templates=templates, lane="job"))
    await eventually(lambda: pool.pids["busy"])
    return job


async def ended(job: "asyncio.Task[object]") -> None:
    """Cancel a job and see it end."""
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job


async def test_jobs_hold_up_no_request(open_pool: OpenPool, tmp_path: Path) -> None:
    """While every job slot is taken, and more jobs wait, requests are drawn as ever."""
    templates = templates_in(tmp_path, **ENDLESS)
    async with open_pool(workers=1, job_workers=1, places=1) as pool:
        jobs = [await begun(pool, templates, "sleeps")]
        jobs += [
            asyncio.create_task(pool.render(order_of(), budget=0.1, lane="job")) for _ in range(3)
        ]
        assert (await pool.render(order_of(), budget=20)).data
        assert not any(job.done() for job in jobs), "a job waits for a slot, however long"
        for job in jobs:
            await ended(job)


async def test_a_job_takes_the_next_free_slot(open_pool: OpenPool) -> None:
    """Jobs that waited are drawn one after the other, and no place is taken."""
    async with open_pool(workers=1, job_workers=1, places=0) as pool:
        jobs = [pool.render(order_of(), budget=20, lane="job") for _ in range(4)]
        assert all(drawn.data for drawn in await asyncio.gather(*jobs))
        assert pool.admission.jobs == 0
        with pytest.raises(QueueFull):
            await pool.render(order_of(), budget=20)


async def test_jobs_leave_the_processors_to_requests(open_pool: OpenPool) -> None:
    """Workers of jobs are nicer than others, and draw no requests, which would wait for them."""
    async with open_pool() as pool:
        await pool.render(order_of(), budget=20, lane="job")
        (nice,) = pool.pids["idle"]
        await pool.render(order_of(), budget=20)
        (normal,) = set(pool.pids["idle"]) - {nice}
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, normal) == own
        assert os.getpriority(os.PRIO_PROCESS, nice) == own + 10
        for lane in ("job", "request"):
            await pool.render(order_of(), budget=20, lane=lane)
        assert set(pool.pids["idle"]) == {nice, normal}


@pytest.mark.parametrize("name", ENDLESS)
async def test_cancelling_ends_the_worker(open_pool: OpenPool, tmp_path: Path, name: str) -> None:
    """Whatever a template is at, its process is gone a second after nobody wants it any more."""
    templates = templates_in(tmp_path, **ENDLESS)
    async with open_pool() as pool:
        job = await begun(pool, templates, name)
        (worker,) = pool.pids["busy"]
        await ended(job)
        await eventually(lambda: not alive(worker), deadline=1)
        assert pool.admission.jobs == 0
        assert (await pool.render(order_of(), budget=20, lane="job")).data


async def test_a_job_has_a_budget(open_pool: OpenPool, tmp_path: Path) -> None:
    """A job past its budget is killed as any other render."""
    templates = templates_in(tmp_path, **ENDLESS)
    async with open_pool() as pool:
        with pytest.raises(DeadlineExceeded, match=r"0\.3 s"):
            await pool.render(
                by_template(templates, "spins"), budget=0.3, templates=templates, lane="job"
            )


async def test_a_job_that_begins_keeps_the_zygote(open_pool: OpenPool, tmp_path: Path) -> None:
    """The idle time does not end the processes that a job is about to have."""
    templates = templates_in(tmp_path, draws="figure.subplots()")
    async with open_pool(idle=0.05) as pool:
        await eventually(lambda: not pool.pids["zygote"])
        order = by_template(templates, "draws")
        assert (await pool.render(order, budget=20, templates=templates, lane="job")).data


async def test_jobs_are_let_in_by_memory_alone() -> None:
    """A job needs free memory and an open door, and no place."""
    free = [1, 3]
    admission = Admission(places=0, memory_reserve=2, free=free.pop)
    with admission.job():
        assert (admission.jobs, admission.taken) == (1, 0)
    with pytest.raises(MemoryShort), admission.job():
        pass
    admission.close()
    with pytest.raises(ShuttingDown), admission.job():
        pass


async def test_closing_turns_waiting_jobs_away(open_pool: OpenPool, tmp_path: Path) -> None:
    """A job that waits for a slot when the pool closes is told so, and its process id is free."""
    templates = templates_in(tmp_path, **ENDLESS)
    async with open_pool(job_workers=1) as pool:
        running = await begun(pool, templates, "spins")
        (worker,) = pool.pids["busy"]
        waiting = asyncio.create_task(pool.render(order_of(), budget=20, lane="job"))
        await asyncio.sleep(0)
    results = await asyncio.gather(running, waiting, return_exceptions=True)
    assert [type(result) for result in results] == [ShuttingDown, ShuttingDown]
    await eventually(lambda: not alive(worker))
    assert worker != os.getpid()
