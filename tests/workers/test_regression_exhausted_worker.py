"""A worker that ran out of memory once spoilt what came after it, and killed its siblings."""

from pathlib import Path

import pytest

from kilns import alive
from orders import OpenPool, order_of
from plotkiln.errors import MemoryExceeded
from plotkiln.workers import FontSet, Rendered
from plotkiln.workers.process import ZygoteProcess
from servers import eventually

pytestmark = pytest.mark.anyio

HUGE = b'{"y": [1, 2], "size": {"width": 8000, "height": 8000}}'


async def test_an_exhausted_worker_is_replaced(open_pool: OpenPool) -> None:
    """Whoever comes after a drawing that needed too much memory gets a worker that has some."""
    counted: list[str] = []
    async with open_pool(memory=48 << 20, counted=counted) as pool:
        with pytest.raises(MemoryExceeded):
            await pool.render(order_of(HUGE), budget=60)
        assert pool.pids["idle"] == []
        assert (await pool.render(order_of(), budget=20)).data
    assert counted.count("workers_recycled:memory") == 1


async def test_a_worker_that_fails_leaves_its_siblings(fonts: FontSet, cache: Path) -> None:
    """A worker that ends by an error of its own ends alone."""
    zygote = ZygoteProcess.start(fonts, cache, worker_memory=0)
    try:
        failing, sibling = await zygote.fork(), await zygote.fork()
        failing._writer.write(b"\0\0\0\1?")  # a frame that is no order
        await eventually(lambda: not alive(failing.pid))
        assert isinstance(await sibling.render(order_of()), Rendered)
        for worker in (failing, sibling):
            worker.close()
            await worker._writer.wait_closed()
    finally:
        zygote.stop()
