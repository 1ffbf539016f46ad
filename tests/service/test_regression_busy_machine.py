"""What a busy machine teaches of drawings: nothing."""

import json
from pathlib import Path

import pytest

from crowds import crowded
from plotkiln.cli.workshop import open_workshop
from plotkiln.identity import ANONYMOUS
from plotkiln.settings import read_settings
from plotkiln.workers import installed_fonts

pytestmark = pytest.mark.anyio


async def test_a_busy_machine_teaches_no_estimates(tmp_path: Path) -> None:
    """A drawing that takes seconds because others have the processor is not expected to again."""
    settings = read_settings({"PLOTKILN_DATA": str(tmp_path), "PLOTKILN_WORKERS": "1"})
    numbers = list(range(100_000))
    spec = {"kind": "scatter", "x": numbers, "y": numbers, "title": "busy"}
    data = json.dumps(spec).encode()
    async with open_workshop(settings, installed_fonts()) as workshop:
        renders = workshop.renders
        parsed = await renders.read(data)
        plan = await renders.plan(ANONYMOUS, data, parsed)
        before = renders.expected(plan, parsed)
        await workshop.pool.wake()
        with crowded(workshop.pool):
            picture = await renders.picture(plan, budget=60, lane="job")
        assert picture.stages["render"] > 1000, "nothing was learnt from"
        assert renders.expected(plan, parsed) == before
