"""A live channel's own process with its Redis, and somebody who tells news."""

from collections.abc import AsyncIterator, Iterator

import pytest

from ears import channel
from kilns import Kiln
from plotkiln.events.news_redis import RedisNews
from plotkiln.state.redis import open_redis
from redis_servers import RedisServer


@pytest.fixture(scope="session")
def live_kiln(
    redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kiln]:
    """Start `plotkiln live` for all tests that do not end it."""
    with channel(tmp_path_factory.mktemp("live"), redis_server) as kiln:
        yield kiln


@pytest.fixture
async def news(redis_server: RedisServer) -> AsyncIterator[RedisNews]:
    """Return what tells the same news as other processes do."""
    async with (
        open_redis(redis_server.url) as redis,
        RedisNews(redis, window=10_000, count=lambda *_: None) as teller,
    ):
        yield teller
