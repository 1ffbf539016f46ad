"""Jobs on a machine whose processors others have."""

from pathlib import Path

import pytest

from crowds import crowded
from orders import OpenPool, by_template, templates_in
from plotkiln.errors import WorkersUnavailable

pytestmark = pytest.mark.anyio

#: A template that needs so many seconds of a processor, whoever else has it meanwhile.
COMPUTES = """
import time

from plotkiln.templates import template

@template("computes")
def computes(figure, *, value: float = 0):
    end = time.process_time() + value
    while time.process_time() < end:
        pass
"""


async def test_a_job_that_gets_no_processor_may_be_tried_again(
    open_pool: OpenPool, tmp_path: Path
) -> None:
    """Past its budget it is not its own fault, and it is drawn once the others are gone."""
    templates = templates_in(tmp_path, computes=COMPUTES)
    order = by_template(templates, "computes", value=1.0)
    async with open_pool() as pool:
        await pool.render(
            by_template(templates, "computes", value=0.0), budget=60, templates=templates
        )
        with crowded(pool), pytest.raises(WorkersUnavailable, match="had no processor"):
            await pool.render(order, budget=3, templates=templates, lane="job")
        assert (await pool.render(order, budget=60, templates=templates, lane="job")).data


async def test_a_worker_tells_how_long_it_had_no_processor(
    open_pool: OpenPool, tmp_path: Path
) -> None:
    """That is most of the time of a drawing that others leave little, and none where it sleeps."""
    templates = templates_in(tmp_path, computes=COMPUTES, sleeps="import time; time.sleep(value)")
    async with open_pool() as pool:
        asleep = await pool.render(
            by_template(templates, "sleeps", value=1.0), budget=60, templates=templates
        )
        assert asleep.starved < sum(asleep.stages.values()) / 1000 / 2
        with crowded(pool):
            crowd = await pool.render(
                by_template(templates, "computes", value=0.2),
                budget=60,
                templates=templates,
                lane="job",
            )
        assert crowd.starved > sum(crowd.stages.values()) / 1000 / 2
