import asyncio
import os
import signal
from collections.abc import Callable

import pytest

from kilns import alive, children
from orders import OpenPool, order_of
from plotkiln.errors import (
    DeadlineExceeded,
    MemoryExceeded,
    QueueFull,
    ShuttingDown,
    WorkersUnavailable,
)
from plotkiln.workers import Pool

pytestmark = pytest.mark.anyio

#: A scatter that takes Matplotlib seconds: each marker has a size of its own.
SLOW = (
    b'{"kind": "scatter", "x": ['
    + b",".join(b"%d" % number for number in range(400_000))
    + b'], "y": ['
    + b",".join(b"%d" % (number * 7919 % 1000) for number in range(400_000))
    + b"]}"
)


async def eventually(condition: Callable[[], object], deadline: float = 10.0) -> None:
    """Let the loop run until a condition holds."""
    async with asyncio.timeout(deadline):
        while not condition():  # noqa: ASYNC110 -- other processes set no event of ours
            await asyncio.sleep(0.005)


async def busy_worker(pool: Pool) -> int:
    """Return the process id of the worker that renders."""
    await eventually(lambda: pool.pids["busy"])
    return pool.pids["busy"][0]


async def test_a_picture_is_drawn(open_pool: OpenPool) -> None:
    """An order comes back as a picture, and the worker waits for the next one."""
    async with open_pool() as pool:
        rendered = await pool.render(order_of(), budget=20)
        assert rendered.data.startswith(b"\x89PNG")
        assert set(rendered.stages) >= {"build", "draw", "encode"}
        (first,) = pool.pids["idle"]
        await pool.render(order_of(), budget=20)
        assert pool.pids["idle"] == [first]


async def test_a_killed_worker_costs_a_retry(open_pool: OpenPool) -> None:
    """A worker that is killed mid-render costs that render one retry and nobody an error."""
    counted: list[str] = []
    async with open_pool(counted=counted) as pool:
        rendering = asyncio.create_task(pool.render(order_of(SLOW), budget=60))
        os.kill(await busy_worker(pool), signal.SIGKILL)
        assert (await rendering).data.startswith(b"\x89PNG")
    assert "renders_killed:SIGKILL" in counted


async def test_two_lost_workers_are_a_503(open_pool: OpenPool) -> None:
    """When the retry's worker is killed, too, the render says how they ended."""
    async with open_pool() as pool:
        rendering = asyncio.create_task(pool.render(order_of(SLOW), budget=60))
        first = await busy_worker(pool)
        os.kill(first, signal.SIGKILL)
        await eventually(lambda: pool.pids["busy"] not in ([], [first]))
        os.kill(await busy_worker(pool), signal.SIGKILL)
        with pytest.raises(WorkersUnavailable, match="SIGKILL"):
            await rendering
        assert (await pool.render(order_of(), budget=20)).data


async def test_a_killed_zygote_costs_a_retry(open_pool: OpenPool) -> None:
    """The zygote's death takes its workers along; the render is done by a new zygote's worker."""
    async with open_pool() as pool:
        rendering = asyncio.create_task(pool.render(order_of(SLOW), budget=60))
        worker = await busy_worker(pool)
        (zygote,) = pool.pids["zygote"]
        os.kill(zygote, signal.SIGKILL)
        assert (await rendering).data.startswith(b"\x89PNG")
        assert pool.pids["zygote"] != [zygote]
        assert not alive(worker)


async def test_the_budget_ends_the_worker(open_pool: OpenPool) -> None:
    """Past the budget the worker is killed, whatever Matplotlib does, and the next render works."""
    counted: list[str] = []
    async with open_pool(counted=counted) as pool:
        await pool.render(order_of(), budget=20)
        (worker,) = pool.pids["idle"]
        with pytest.raises(DeadlineExceeded, match=r"longer than 0\.2 s"):
            await pool.render(order_of(SLOW), budget=0.2)
        await eventually(lambda: not alive(worker))
        assert (await pool.render(order_of(), budget=20)).data
    assert "renders_killed:deadline" in counted


async def test_nobody_waits_any_more(open_pool: OpenPool) -> None:
    """A render whose caller is cancelled is killed: nothing renders for nobody."""
    async with open_pool() as pool:
        rendering = asyncio.create_task(pool.render(order_of(SLOW), budget=60))
        worker = await busy_worker(pool)
        rendering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await rendering
        await eventually(lambda: not alive(worker))
        assert pool.admission.taken == 0


async def test_memory_is_bounded(open_pool: OpenPool) -> None:
    """A drawing that needs more memory than a render may have is refused, and the worker lives."""
    async with open_pool(memory=48 << 20) as pool:
        with pytest.raises(MemoryExceeded):
            await pool.render(
                order_of(b'{"y": [1, 2], "size": {"width": 8000, "height": 8000}}'), budget=60
            )
        assert (await pool.render(order_of(), budget=20)).data


async def test_a_full_queue_refuses(open_pool: OpenPool) -> None:
    """With every place taken the next render is refused at once."""
    async with open_pool(places=1) as pool:
        rendering = asyncio.create_task(pool.render(order_of(SLOW), budget=60))
        await busy_worker(pool)
        with pytest.raises(QueueFull):
            await pool.render(order_of(), budget=20)
        rendering.cancel()


async def test_a_wait_in_vain_is_bounded(open_pool: OpenPool) -> None:
    """Whoever gets no worker within the budget is told so, not that the drawing was slow."""
    async with open_pool() as pool:
        rendering = asyncio.create_task(pool.render(order_of(SLOW), budget=60))
        await busy_worker(pool)
        with pytest.raises(QueueFull, match="No render process became free"):
            await pool.render(order_of(), budget=0.1)
        rendering.cancel()


async def test_idle_processes_end(open_pool: OpenPool) -> None:
    """Without work the workers and the zygote end, and the next render starts them anew."""
    async with open_pool(idle=0.2) as pool:
        await pool.render(order_of(), budget=20)
        processes = [*pool.pids["zygote"], *pool.pids["idle"]]
        await eventually(lambda: not pool.pids["zygote"])
        await eventually(lambda: not any(map(alive, processes)))
        assert (await pool.render(order_of(), budget=20)).data


async def test_a_worker_is_recycled_by_orders(open_pool: OpenPool) -> None:
    """After its orders a worker is replaced by a fresh one."""
    counted: list[str] = []
    async with open_pool(recycle_orders=2, counted=counted) as pool:
        for _ in range(4):
            await pool.render(order_of(), budget=20)
    assert counted.count("workers_recycled:orders") == 2
    assert counted.count("workers_forked:") == 2


async def test_a_worker_is_recycled_by_memory(open_pool: OpenPool) -> None:
    """A worker that has grown past the bound is replaced."""
    counted: list[str] = []
    async with open_pool(recycle_resident=1, counted=counted) as pool:
        await pool.render(order_of(), budget=20)
    assert "workers_recycled:memory" in counted


async def test_closing_ends_every_process(open_pool: OpenPool) -> None:
    """After the pool is closed no process is left, and nobody gets in."""
    async with open_pool(workers=2) as pool:
        await asyncio.gather(*(pool.render(order_of(), budget=20) for _ in range(2)))
        processes = [*pool.pids["zygote"], *pool.pids["idle"]]
        assert len(processes) == 3
    await eventually(lambda: not any(map(alive, processes)))
    assert not set(processes) & set(children(os.getpid()))
    with pytest.raises(ShuttingDown):
        await pool.render(order_of(), budget=20)
