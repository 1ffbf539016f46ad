"""The last good pictures: one contract for all stores."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from counters import Clock
from plotkiln.artifacts.last_good import LastGood, LastPicture, Shown, SqliteLastGood
from plotkiln.artifacts.last_good_redis import RedisLastGood
from plotkiln.errors import StoreUnavailable
from plotkiln.state import Database
from plotkiln.state.redis import open_redis
from redis_servers import RedisServer
from servers import free_port

pytestmark = pytest.mark.anyio

SHOWN = Shown(spec_digest="0" * 64, format="png", style="default")
PICTURE = LastPicture(digest="1" * 64, style="default@42", style_digest="2" * 64)

KEEP = 3600.0


@asynccontextmanager
async def embedded(folder: Path, clock: Clock | None = None) -> AsyncIterator[SqliteLastGood]:
    """Open the pictures in a file."""
    async with Database(folder / "state.sqlite") as database:
        opened = SqliteLastGood(database, keep=KEEP, now=clock or Clock())
        await opened.open()
        yield opened


@asynccontextmanager
async def shared(url: str) -> AsyncIterator[RedisLastGood]:
    """Open the pictures in Redis."""
    async with open_redis(url) as redis:
        yield RedisLastGood(redis, keep=KEEP)


@pytest.fixture(params=["embedded", "redis"])
async def last_good(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[LastGood]:
    """Open each kind of store in turn."""
    if request.param == "embedded":
        async with embedded(tmp_path) as in_file:
            yield in_file
    else:
        async with shared(request.getfixturevalue("redis_url")) as in_redis:
            yield in_redis


async def test_the_last_picture_comes_back(last_good: LastGood) -> None:
    """Of several pictures the one remembered last is shown; before there was any, none."""
    assert await last_good.get(SHOWN) is None
    await last_good.put(SHOWN, PICTURE)
    assert await last_good.get(SHOWN) == PICTURE
    newer = msgspec.structs.replace(PICTURE, digest="3" * 64, style="default@43")
    await last_good.put(SHOWN, newer)
    assert await last_good.get(SHOWN) == newer
    assert await last_good.sweep() == 0


@pytest.mark.parametrize(
    "other", [{"spec_digest": "9" * 64}, {"format": "svg"}, {"style": "dark"}, {"style": "a:b"}]
)
async def test_another_picture_is_none(last_good: LastGood, other: dict[str, str]) -> None:
    """Neither another spec's, nor one in another format or style, is shown in its place."""
    await last_good.put(SHOWN, PICTURE)
    assert await last_good.get(msgspec.structs.replace(SHOWN, **other)) is None


async def test_pictures_are_forgotten(tmp_path: Path) -> None:
    """A picture is remembered for a time after it was drawn, and swept after that."""
    clock = Clock()
    async with embedded(tmp_path, clock) as last_good:
        await last_good.put(SHOWN, PICTURE)
        clock.now += KEEP - 1
        assert await last_good.get(SHOWN) == PICTURE
        await last_good.put(SHOWN, PICTURE)
        clock.now += KEEP - 1
        assert await last_good.sweep() == 0
        clock.now += 1
        assert await last_good.get(SHOWN) is None
        assert await last_good.sweep() == 1


async def test_redis_forgets_by_itself(redis_server: RedisServer) -> None:
    """Each key ends a time after its picture was drawn."""
    redis_server.command("FLUSHALL")
    async with open_redis(redis_server.url) as redis:
        await RedisLastGood(redis, keep=KEEP).put(SHOWN, PICTURE)
        (key,) = [key async for key in redis.scan_iter()]
        assert KEEP - 60 < await redis.pttl(key) / 1000 <= KEEP


async def test_a_store_that_is_away_says_so(tmp_path: Path) -> None:
    """Nobody takes a store that does not answer for an empty one."""
    async with shared(f"redis://127.0.0.1:{free_port()}/0") as away:
        await raises_everywhere(away)
    async with embedded(tmp_path) as closed:
        pass
    await raises_everywhere(closed)


async def raises_everywhere(last_good: LastGood) -> None:
    """Read and write."""
    for call in (last_good.get(SHOWN), last_good.put(SHOWN, PICTURE)):
        with pytest.raises(StoreUnavailable):
            await call
