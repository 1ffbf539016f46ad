"""What a scrape reads of a process that draws."""

from functools import partial

from plotkiln.cli.eventing import Eventing
from plotkiln.cli.shared import SharedStores
from plotkiln.cli.workshop import Workshop
from plotkiln.service.vitals import (
    Vitals,
    job_readings,
    memory_readings,
    pool_readings,
    recent_readings,
    style_readings,
)

__all__ = ["vitals_of"]


def vitals_of(workshop: Workshop, shared: SharedStores, eventing: Eventing) -> Vitals:
    """Return what reads everything that this process has."""
    return Vitals(
        known=(
            partial(pool_readings, workshop.pool),
            partial(style_readings, workshop.live),
            partial(recent_readings, workshop.recent),
            eventing.readings,
        ),
        asked=(
            partial(memory_readings, workshop.pool),
            partial(job_readings, shared.jobs),
        ),
    )
