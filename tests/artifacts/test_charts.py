"""Stored charts: one contract for all stores."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from counters import Clock
from plotkiln.artifacts import Chart, Charts, SqliteCharts
from plotkiln.artifacts.charts_redis import RedisCharts
from plotkiln.errors import StoreUnavailable
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
        (key,) = [key async for key in redis.scan_iter()]
        left = await redis.pttl(key)
        assert left == -1 if None in keeps else 5000 < left <= 10_000


async def test_a_store_that_is_away_says_so() -> None:
    """Nobody takes a store that does not answer for an empty one."""
    async with open_redis(f"redis://127.0.0.1:{free_port()}/0") as redis:
        away = RedisCharts(redis)
        for call in (away.get(CHART.id), away.put(CHART, keep=None)):
            with pytest.raises(StoreUnavailable):
                await call
