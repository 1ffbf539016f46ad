from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from plotkiln.artifacts import Chart, Charts
from plotkiln.state import Database

pytestmark = pytest.mark.anyio

CHART = Chart(id="a" * 26, owner="anonymous", spec=b"{}", spec_digest="0" * 64, style="dark")


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
