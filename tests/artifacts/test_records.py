import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from plotkiln.artifacts import Artifact, Artifacts, Chart, Charts
from plotkiln.errors import PreconditionFailed
from plotkiln.state import Database

pytestmark = pytest.mark.anyio

CHART = Chart(id="a" * 26, owner="anonymous", spec=b"{}", spec_digest="0" * 64, style="dark")
HITS = Artifact(
    name="hits.png",
    digest="0" * 64,
    number=1,
    style_digest="1" * 64,
    media_type="image/png",
    owner="anonymous",
)


class Clock:
    """Seconds that pass when the test says so."""

    seconds = 1000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.seconds


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Open a database of its own."""
    async with Database(tmp_path / "state.sqlite") as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    """Start at some second."""
    return Clock()


@pytest.fixture
async def charts(database: Database, clock: Clock) -> Charts:
    """Open the charts under a clock of the test's own."""
    opened = Charts(database, now=clock)
    await opened.open()
    return opened


async def test_a_chart_is_kept(charts: Charts) -> None:
    """A chart comes back as it was stored; an unknown one does not."""
    await charts.put(CHART, keep=None)
    assert await charts.get(CHART.id) == CHART
    assert await charts.get("b" * 26) is None


async def test_a_chart_expires(charts: Charts, clock: Clock) -> None:
    """A chart kept for a time is gone after it, also before a sweep removes it."""
    await charts.put(CHART, keep=10)
    clock.seconds += 9
    assert await charts.get(CHART.id) == CHART
    clock.seconds += 1
    assert await charts.get(CHART.id) is None
    assert await charts.sweep() == 1
    assert await charts.sweep() == 0


@pytest.mark.parametrize("keeps", [(10, None), (None, 10), (10, 5), (5, 10)])
async def test_storing_again_never_shortens(
    charts: Charts, clock: Clock, keeps: tuple[float | None, float | None]
) -> None:
    """Of two times for which a chart is kept the longer one holds, in either order."""
    for keep in keeps:
        await charts.put(CHART, keep=keep)
    clock.seconds += 9
    assert await charts.get(CHART.id) == CHART
    clock.seconds += 1
    assert (await charts.get(CHART.id) is not None) == (None in keeps)


async def test_a_record_is_replaced_by_its_version(database: Database) -> None:
    """A write that names the stored version wins and raises it; a later one that does not fails."""
    artifacts = Artifacts(database)
    await artifacts.open()
    first = await artifacts.put(HITS)
    assert first.version == 1
    assert await artifacts.get("hits.png") == first
    with pytest.raises(PreconditionFailed, match="version 1, not 0"):
        await artifacts.put(HITS)
    assert (await artifacts.put(first)).version == 2


async def test_one_of_two_racing_writers_wins(database: Database) -> None:
    """Of many writers of one version exactly one changes the record."""
    artifacts = Artifacts(database)
    await artifacts.open()
    results = await asyncio.gather(
        *(artifacts.put(HITS) for _ in range(10)), return_exceptions=True
    )
    assert sum(isinstance(result, Artifact) for result in results) == 1
    assert sum(isinstance(result, PreconditionFailed) for result in results) == 9
