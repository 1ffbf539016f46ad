"""Stored charts: one contract for all stores."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from counters import Clock
from plotkiln.artifacts import Chart, Charts, SqliteCharts
from plotkiln.artifacts.charts_redis import RedisCharts
from plotkiln.errors import LimitReached, StoreUnavailable
from plotkiln.state import Database
from plotkiln.state.redis import open_redis
from servers import free_port

pytestmark = pytest.mark.anyio

CHART = Chart(
    id="a" * 26,
    owner="anonymous",
    spec='{"title": "图表"}'.encode(),
    spec_digest="0" * 64,
    style="dark",
    format="svg",
    template="odometer",
)

KEEPS = [(10, None), (None, 10), (10, 5), (5, 10)]


@pytest.fixture
def clock() -> Clock:
    """Return the clock of this test."""
    return Clock()


@pytest.fixture
async def embedded(tmp_path: Path, clock: Clock) -> AsyncIterator[SqliteCharts]:
    """Open the charts in a file, under a clock of the test's own."""
    async with Database(tmp_path / "state.sqlite") as database:
        opened = SqliteCharts(database, now=clock)
        await opened.open()
        yield opened


@pytest.fixture(params=["embedded", "redis"])
async def charts(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Charts]:
    """Open each kind of store in turn."""
    if request.param == "embedded":
        async with Database(tmp_path / "state.sqlite") as database:
            in_file = SqliteCharts(database)
            await in_file.open()
            yield in_file
    else:
        async with open_redis(request.getfixturevalue("redis_url")) as redis:
            yield RedisCharts(redis)


async def test_a_chart_is_kept(charts: Charts) -> None:
    """A chart comes back as it was stored, however often that was; an unknown one does not."""
    for keep in (None, 10):
        await charts.put(CHART, keep=keep)
        assert await charts.get(CHART.id) == CHART
    assert await charts.get("b" * 26) is None


async def test_a_chart_needs_no_names(charts: Charts) -> None:
    """What its spec does not name is absent in the chart."""
    plain = msgspec.structs.replace(CHART, style=None, format=None, template=None, spec=b"\0{}")
    await charts.put(plain, keep=3600)
    assert await charts.get(CHART.id) == plain
    assert await charts.sweep() == 0


async def test_a_chart_expires(embedded: SqliteCharts, clock: Clock) -> None:
    """A chart kept for a time is gone after it, also before a sweep removes it."""
    await embedded.put(CHART, keep=10)
    clock.now += 9
    assert await embedded.get(CHART.id) == CHART
    clock.now += 1
    assert await embedded.get(CHART.id) is None
    assert await embedded.sweep() == 1
    assert await embedded.sweep() == 0


@pytest.mark.parametrize("keeps", KEEPS)
async def test_storing_again_never_shortens(
    embedded: SqliteCharts, clock: Clock, keeps: tuple[float | None, float | None]
) -> None:
    """Of two times for which a chart is kept the longer one holds, in either order."""
    for keep in keeps:
        await embedded.put(CHART, keep=keep)
    clock.now += 9
    assert await embedded.get(CHART.id) == CHART
    clock.now += 1
    assert (await embedded.get(CHART.id) is not None) == (None in keeps)


@pytest.mark.parametrize("keeps", KEEPS)
async def test_redis_forgets_by_itself(
    redis_url: str, keeps: tuple[float | None, float | None]
) -> None:
    """A chart's key ends by the longer one of two times, or does not where one has no end."""
    async with open_redis(redis_url) as redis:
        for keep in keeps:
            await RedisCharts(redis).put(CHART, keep=keep)
        (key,) = [key async for key in redis.scan_iter(match="plotkiln:chart:*")]
        left = await redis.pttl(key)
        assert left == -1 if None in keeps else 5000 < left <= 10_000


def chart(number: int, *, size: int = 1000, owner: str = "key:a") -> Chart:
    """Return a chart of another id, whose spec takes so many bytes."""
    spec = b" " * size
    return msgspec.structs.replace(CHART, id=f"{number:026}", owner=owner, spec=spec)


async def test_an_owner_keeps_no_more_than_its_quota(charts: Charts) -> None:
    """One chart too many is refused and not stored; others' charts, and equal ones, count not."""
    for number in range(3):
        await charts.put(chart(number, size=10_000), keep=None, quota=35_000)
    with pytest.raises(LimitReached) as refused:
        await charts.put(chart(3, size=5001), keep=None, quota=35_000)
    assert (refused.value.reason, refused.value.retry_after) == ("quota", 86_400)
    await charts.put(chart(4, size=5000), keep=None, quota=35_000)
    assert await charts.get(chart(3).id) is None
    await charts.put(chart(0, size=10_000), keep=60, quota=1)
    await charts.put(chart(5, owner="key:b"), keep=None, quota=35_000)


async def test_usage_is_the_bytes_of_specs(charts: Charts) -> None:
    """An owner's charts take what their specs take, nothing beside, however often one is put."""
    for number, size in ((0, 17), (1, 1), (0, 17)):
        await charts.put(chart(number, size=size), keep=None)
    assert (await charts.usage("key:a"), await charts.usage("key:b")) == (18, 0)


async def test_a_sweep_gives_back_what_expired(charts: Charts) -> None:
    """What a sweep removes is used no more, of every owner; what is kept stays."""
    await charts.put(chart(0), keep=None)
    for number in range(1, 4):
        await charts.put(chart(number), keep=0.05)
    await charts.put(chart(4, owner="key:b"), keep=0.05)
    await eventually_async(lambda: swept(charts))
    assert (await charts.usage("key:a"), await charts.usage("key:b")) == (1000, 0)
    assert await charts.get(chart(0).id) == chart(0)


async def swept(charts: Charts) -> int | None:
    """Sweep; return what is used by what expires, None where nothing is."""
    await charts.sweep()
    return await charts.usage("key:a") - 1000 + await charts.usage("key:b") or None


async def test_room_comes_when_posted_charts_expire(charts: Charts) -> None:
    """A refusal tells when enough of them have expired; one that is kept for good is not among."""
    await charts.put(chart(0), keep=None, quota=9000)
    for number, keep in ((1, 500), (2, 100), (3, 300)):
        await charts.put(chart(number), keep=keep, quota=9000)
    for size, least, most in ((1000, 95, 100), (2000, 295, 300), (3000, 495, 500)):
        with pytest.raises(LimitReached) as refused:
            await charts.put(chart(9, size=size), keep=None, quota=4000)
        assert least <= refused.value.retry_after <= most


async def test_two_at_once_do_not_share_the_last_room(charts: Charts) -> None:
    """Of many that come at once no more are stored than there is room for."""
    puts = (charts.put(chart(number), keep=None, quota=3500) for number in range(8))
    outcomes = await asyncio.gather(*puts, return_exceptions=True)
    assert sum(isinstance(outcome, LimitReached) for outcome in outcomes) == 5
    assert sum(outcome is None for outcome in outcomes) == 3


async def test_expired_charts_take_no_room(embedded: SqliteCharts, clock: Clock) -> None:
    """What has expired is forgotten when room is needed, also before a sweep."""
    await embedded.put(chart(0), keep=10, quota=1500)
    with pytest.raises(LimitReached):
        await embedded.put(chart(1), keep=None, quota=1500)
    clock.now += 10
    await embedded.put(chart(1), keep=None, quota=1500)
    assert await embedded.sweep() == 0


async def test_redis_forgets_what_expired(redis_url: str) -> None:
    """What has expired is forgotten when room is needed."""
    async with open_redis(redis_url) as redis:
        charts = RedisCharts(redis)
        await charts.put(chart(0), keep=0.001, quota=1500)
        await eventually_async(lambda: charts.get(chart(0).id))
        await charts.put(chart(1), keep=None, quota=1500)
        assert await redis.zcard("plotkiln:charts-of:key:a") == 1


@pytest.mark.parametrize("quota", [0, 10_000_000])
async def test_redis_keeps_nothing_of_what_expired(redis_url: str, quota: int) -> None:
    """Whatever the quota, each put forgets what expired before it, and the last leaves nothing."""
    async with open_redis(redis_url) as redis:
        charts = RedisCharts(redis)
        for number in range(200):
            await charts.put(chart(number), keep=0.001, quota=quota)
        await charts.put(chart(200), keep=0.05, quota=quota)
        assert await redis.zcard("plotkiln:charts-of:key:a") < 20
        await eventually_async(lambda: charts_left(redis))


async def charts_left(redis: Any) -> object:
    """Return the keys that there are of charts, None where there are none."""
    return await redis.keys("plotkiln:chart*") or None


async def test_redis_keeps_what_one_chart_needs(redis_url: str) -> None:
    """What is known of an owner ends with the last chart, and never where one is kept for good."""
    async with open_redis(redis_url) as redis:
        charts = RedisCharts(redis)
        for keep, seconds in ((20, 20), (10, 20), (60, 60), (None, None), (10, None)):
            await charts.put(chart(0), keep=keep)
            for key in ("plotkiln:charts-of:key:a", "plotkiln:charts-size:key:a"):
                left = await redis.pttl(key)
                assert left == -1 if seconds is None else 0 <= seconds * 1000 - left < 10_000


async def eventually_async(read: Callable[[], Awaitable[object]]) -> None:
    """Await that a store has forgotten something."""
    async with asyncio.timeout(60):
        while await read() is not None:  # noqa: ASYNC110 -- Redis sets no event
            await asyncio.sleep(0.01)


async def test_a_file_from_before_is_counted(tmp_path: Path) -> None:
    """Charts that were stored before there were quotas count, too."""
    async with Database(tmp_path / "state.sqlite") as database:
        charts = SqliteCharts(database)
        await charts.open()
        await charts.put(chart(0), keep=None)
        for statement in ("DROP TRIGGER charts_counted", "DROP TRIGGER charts_uncounted"):
            await database.script(statement)
        await database.script("DROP TABLE chart_usage")
        await charts.open()
        with pytest.raises(LimitReached):
            await charts.put(chart(1), keep=None, quota=1500)


async def test_a_store_that_is_away_says_so() -> None:
    """Nobody takes a store that does not answer for an empty one."""
    async with open_redis(f"redis://127.0.0.1:{free_port()}/0") as redis:
        away = RedisCharts(redis)
        for call in (away.get(CHART.id), away.put(CHART, keep=None)):
            with pytest.raises(StoreUnavailable):
                await call
