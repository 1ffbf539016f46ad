"""What processes share, by what the settings name."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from counters import Clock
from ledgers import new_job
from plotkiln.artifacts import Chart
from plotkiln.artifacts.last_good import LastPicture, Shown
from plotkiln.cli.shared import SharedStores, open_job_store, open_shared
from plotkiln.settings import Settings, read_settings
from plotkiln.state import Database

pytestmark = pytest.mark.anyio

CHART = Chart(id="a" * 26, owner="anonymous", spec=b"{}", spec_digest="0" * 64)
SHOWN = Shown(spec_digest="0" * 64, format="png", style="default")
PICTURE = LastPicture(digest="1" * 64, style="default@42", style_digest="2" * 64)


@pytest.fixture(params=["folder", "redis"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> list[Settings]:
    """Return the settings of two processes: of one machine, or of two with one Redis."""
    if request.param == "folder":
        return [read_settings({"PLOTKILN_DATA": str(tmp_path)})] * 2
    url = request.getfixturevalue("redis_url")
    return [
        read_settings({"PLOTKILN_DATA": str(tmp_path / name), "PLOTKILN_REDIS_URL": url})
        for name in ("one", "other")
    ]


async def opened(stack: AsyncExitStack, settings: Settings) -> SharedStores:
    """Open what one process shares."""
    database = await stack.enter_async_context(Database(settings.data / "state.sqlite"))
    return await stack.enter_async_context(open_shared(settings, database))


async def test_what_one_stores_another_finds(places: list[Settings]) -> None:
    """Charts, last good pictures and jobs are the same for all processes."""
    async with AsyncExitStack() as stack:
        one, other = [await opened(stack, place) for place in places]
        job = (await one.jobs.submit(new_job(Clock()))).job
        await one.charts.put(CHART, keep=None)
        await one.last_good.put(SHOWN, PICTURE)
        assert await other.jobs.get(job.id) == job
        assert await other.charts.get(CHART.id) == CHART
        assert await other.last_good.get(SHOWN) == PICTURE
    async with open_job_store(places[1]) as jobs:
        assert await jobs.get(job.id) == job


async def test_last_pictures_are_known_where_renderings_have_no_end(tmp_path: Path) -> None:
    """Without a bound on their age, pictures are remembered none the less."""
    settings = read_settings({"PLOTKILN_DATA": str(tmp_path), "PLOTKILN_ARTIFACTS_MAX_AGE": "0"})
    async with AsyncExitStack() as stack:
        stores = await opened(stack, settings)
        await stores.last_good.put(SHOWN, PICTURE)
        assert await stores.last_good.get(SHOWN) == PICTURE
