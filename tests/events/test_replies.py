"""One contract of the replies' memory, on SQLite and on Redis."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from plotkiln.events.event import CloudEvent
from plotkiln.events.replies import EmbeddedReplies, Replied, Replies
from plotkiln.events.replies_redis import RedisReplies
from plotkiln.state import Database
from plotkiln.state.redis import open_redis

pytestmark = pytest.mark.anyio

EVENT = CloudEvent(id="1", source="/home", type="hit")
REPLY = CloudEvent(id="2", source="/counter", type="hits", subject="é", data=b'{"total":1}')

#: Opens a memory with a window, in seconds.
Open = Callable[[float], AbstractAsyncContextManager[Replies]]


@pytest.fixture(params=["sqlite", "redis"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Return what opens one implementation."""

    @asynccontextmanager
    async def embedded(window: float) -> AsyncIterator[Replies]:
        async with Database(tmp_path / "state.sqlite") as database:
            replies = EmbeddedReplies(database, window=window)
            await replies.open()
            yield replies

    if request.param == "sqlite":
        return embedded
    url = request.getfixturevalue("redis_url")

    @asynccontextmanager
    async def in_redis(window: float) -> AsyncIterator[Replies]:
        async with open_redis(url) as redis:
            yield RedisReplies(redis, window=window)

    return in_redis


async def test_a_reply_is_remembered(opened: Open) -> None:
    """What was kept is found by source and id, whoever opens the memory next."""
    async with opened(60) as replies:
        assert await replies.find(EVENT, "render") is None
        await replies.keep(EVENT, REPLY, "render")
    async with opened(60) as replies:
        assert await replies.find(EVENT, "render") == Replied(REPLY)
        other = CloudEvent(id="1", source="/other", type="hit")
        assert await replies.find(other, "render") is None


async def test_no_reply_is_remembered_too(opened: Open) -> None:
    """An event that was handled without a reply is not an event that was not handled."""
    async with opened(60) as replies:
        await replies.keep(EVENT, None, "render")
        assert await replies.find(EVENT, "render") == Replied(None)


async def test_the_newest_reply_counts(opened: Open) -> None:
    """A second handling, which two processes may do at once, replaces the first."""
    async with opened(60) as replies:
        await replies.keep(EVENT, None, "render")
        await replies.keep(EVENT, REPLY, "render")
        assert await replies.find(EVENT, "render") == Replied(REPLY)


async def test_another_scope_knows_nothing(opened: Open) -> None:
    """What one program has handled is new to another."""
    async with opened(60) as replies:
        await replies.keep(EVENT, REPLY, "render")
        assert await replies.find(EVENT, "count") is None
        assert await replies.find(EVENT, "render") == Replied(REPLY)


async def test_identities_are_not_mixed_up(opened: Open) -> None:
    """Where source ends and id begins matters."""
    async with opened(60) as replies:
        await replies.keep(CloudEvent(id="bc", source="a", type="t"), None, "render")
        assert await replies.find(CloudEvent(id="c", source="ab", type="t"), "render") is None


async def test_a_reply_is_forgotten_after_the_window(opened: Open) -> None:
    """What is older than the window is not known, and sweeping removes it."""
    async with opened(0.05) as replies:
        await replies.keep(EVENT, REPLY, "render")
        async with asyncio.timeout(20):
            while await replies.find(EVENT, "render") is not None:  # noqa: ASYNC110 -- the store's clock
                await asyncio.sleep(0.02)
        await replies.sweep()
        assert await replies.sweep() == 0


async def test_sweeping_takes_steps(tmp_path: Path) -> None:
    """However many are over, all of them go."""
    now = 1000.0
    async with Database(tmp_path / "state.sqlite") as database:
        replies = EmbeddedReplies(database, window=60, now=lambda: now)
        await replies.open()
        for number in range(20):
            await replies.keep(CloudEvent(id=str(number), source="/", type="t"), None, "render")
        now += 30
        assert await replies.sweep() == 0
        now += 31
        assert await replies.sweep() == 20
