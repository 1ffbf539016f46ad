from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from plotkiln.errors import WorkersUnavailable
from plotkiln.service.render_probes import SCRIPTS, find_fonts, find_processes, find_render
from plotkiln.workers import Admission, FontSet, Pool, PoolSize, installed_fonts
from plotkiln.workers.process import ZygoteProcess

pytestmark = pytest.mark.anyio

#: Scripts that DejaVu Sans, which every Matplotlib ships, covers.
_COVERED = {"Latin", "Greek", "Cyrillic"}


@pytest.fixture
def shipped() -> FontSet:
    """Return the fonts of a machine that has none but Matplotlib's."""
    spec = find_spec("matplotlib")
    assert spec
    assert spec.origin
    return installed_fonts([Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"])


def starting(fonts: FontSet, cache: Path) -> Callable[[], ZygoteProcess]:
    """Return what starts a zygote with these fonts."""
    return lambda: ZygoteProcess.start(fonts, cache, worker_memory=0)


@asynccontextmanager
async def opened(start: Callable[[], ZygoteProcess]) -> AsyncIterator[Pool]:
    """Open a pool of one worker."""
    size = PoolSize(workers=1, memory=0, idle=None)
    async with Pool(start, size=size, admission=Admission(places=4, memory_reserve=0)) as pool:
        yield pool


async def test_a_picture_is_drawn_cold_and_warm(shipped: FontSet, tmp_path: Path) -> None:
    """Both times are told; afterwards one worker is idle."""
    async with opened(starting(shipped, tmp_path)) as pool:

        async def entered() -> Pool:
            return pool

        found = await find_render(entered, budget=30)
        processes = await find_processes(pool)
    assert found.state == "ok"
    assert found.detail.startswith("cold ")
    assert "warm " in found.detail
    assert processes.detail == "0 of 4 places taken; 0 busy, 1 idle"


async def test_missing_fonts_are_told_by_script(shipped: FontSet, tmp_path: Path) -> None:
    """With Matplotlib's own fonts Chinese, Japanese and Korean are missing, and what has them."""
    async with opened(starting(shipped, tmp_path)) as pool:
        found = await find_fonts(pool, files=len(shipped.files), budget=30)
    covered, missing = found.detail.split("; none for ")
    assert found.state == "warning"
    assert set(covered.split(": ")[1].split(", ")) == _COVERED
    assert set(missing.split(", ")) == SCRIPTS.keys() - _COVERED
    assert "fonts-noto-cjk" in found.mend


async def test_processes_that_cannot_start_are_a_fault() -> None:
    """A pool that has no render process is broken, not away."""

    async def none() -> Pool:
        raise WorkersUnavailable("Matplotlib is not installed.")

    found = await find_render(none, budget=1)
    assert (found.state, found.detail) == ("fault", "Matplotlib is not installed.")


async def test_a_pool_that_drains_is_away(shipped: FontSet, tmp_path: Path) -> None:
    """Once nobody is let in any more, another process must be asked."""
    async with opened(starting(shipped, tmp_path)) as pool:
        assert "busy" in (await find_processes(pool)).detail
        pool.retire()
        assert "asleep" in (await find_processes(pool)).detail
    assert (await find_processes(pool)).state == "away"
