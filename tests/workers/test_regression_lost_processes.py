"""Processes that die or hang at moments when it once cost a request its picture."""

import asyncio
import os
import signal

import pytest

from kilns import alive
from orders import OpenPool, order_of
from servers import eventually

pytestmark = pytest.mark.anyio


async def test_every_idle_worker_is_dead(open_pool: OpenPool) -> None:
    """However many idle workers died, a request loses no more than one on them."""
    async with open_pool(workers=3) as pool:
        await asyncio.gather(*(pool.render(order_of(), budget=20) for _ in range(3)))
        idle = pool.pids["idle"]
        assert len(idle) == 3
        for pid in idle:
            os.kill(pid, signal.SIGKILL)
        assert (await pool.render(order_of(), budget=20)).data


async def test_a_start_is_not_the_drawing_s_time(open_pool: OpenPool) -> None:
    """A zygote that loads for longer than the budget costs nobody the drawing."""
    budget = 2.0
    async with open_pool() as pool:
        (zygote,) = pool.pids["zygote"]
        os.kill(zygote, signal.SIGSTOP)
        rendering = asyncio.create_task(pool.render(order_of(), budget=budget))
        await asyncio.wait([rendering], timeout=1.1 * budget)
        os.kill(zygote, signal.SIGCONT)
        assert (await rendering).data


async def test_a_hanging_zygote_is_replaced(open_pool: OpenPool) -> None:
    """A zygote that does not fork is ended, and another one forks."""
    async with open_pool() as pool:
        await pool.render(order_of(), budget=20)
        (zygote,), (worker,) = pool.pids["zygote"], pool.pids["idle"]
        os.kill(zygote, signal.SIGSTOP)
        os.kill(worker, signal.SIGKILL)
        assert (await pool.render(order_of(), budget=20)).data
        assert pool.pids["zygote"] != [zygote]
        await eventually(lambda: not alive(zygote))
