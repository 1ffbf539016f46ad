"""Tasks end when they are told to, and know nothing of whoever began them."""

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest

from plotkiln.state.redis import open_redis, redis_answer
from plotkiln.tasks import begin_task, end_tasks
from plotkiln.traces import facts, knowing

if TYPE_CHECKING:
    from redis.asyncio import Redis

pytestmark = pytest.mark.anyio


async def for_ever() -> None:
    """Never end by itself."""
    await asyncio.Event().wait()


async def test_all_end() -> None:
    """Tasks of all kinds end: under way, over, failed, and none."""

    async def failing() -> None:
        raise ValueError

    over, failed = begin_task(asyncio.sleep(0), "over"), begin_task(failing(), "failed")
    tasks = (begin_task(for_ever(), "one"), begin_task(for_ever(), "two"), over, failed)
    await asyncio.wait([over, failed])
    async with asyncio.timeout(30):
        await end_tasks(*tasks, None)
    assert all(task.done() for task in tasks)


async def test_regression_a_dropped_cancel_is_repeated() -> None:
    """What takes no notice of a first cancel ends by the next one."""
    begun = asyncio.Event()

    async def deaf() -> None:
        begun.set()
        try:
            await for_ever()
        except asyncio.CancelledError:
            await for_ever()

    task = begin_task(deaf(), "deaf")
    await begun.wait()
    async with asyncio.timeout(30):
        await end_tasks(task)
    assert task.cancelled()


async def test_regression_no_cancel_is_lost_in_redis(redis_url: str) -> None:
    """One cancel ends whoever asks Redis, at whatever step of connecting and asking."""

    async def asking(redis: "Redis") -> None:
        await redis_answer(redis.register_script("return 1")(keys=["a"], args=[]))
        await for_ever()

    async with asyncio.timeout(30):
        for steps in range(40):
            async with open_redis(redis_url) as redis:
                task = begin_task(asking(redis), f"cancelled after {steps} steps")
                for _ in range(steps):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.wait([task])


async def test_a_task_knows_nothing_of_who_began_it() -> None:
    """What is known of a request is not told of what goes on after it."""

    async def known() -> dict[str, str]:
        return dict(facts())

    with knowing(request_id="mine"):
        assert await begin_task(known(), "later") == {}


async def test_a_defect_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever awaits nothing of a task finds in the log that it ended."""

    async def failing() -> None:
        raise ValueError("a defect")

    with caplog.at_level(logging.ERROR):
        await asyncio.wait([begin_task(failing(), "failing")])
        await asyncio.sleep(0)
    assert "the task failing ended by a defect" in caplog.text
