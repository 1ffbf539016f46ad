"""What a scrape reads of a process that draws."""

import platform
from functools import partial

from plotkiln.__about__ import __version__
from plotkiln.cli.eventing import Eventing
from plotkiln.cli.shared import SharedStores
from plotkiln.cli.workshop import Workshop
from plotkiln.service import Metrics
from plotkiln.service.starts import reach
from plotkiln.service.vitals import (
    Vitals,
    job_readings,
    memory_readings,
    pool_readings,
    recent_readings,
    style_readings,
)
from plotkiln.settings import Settings

__all__ = ["begin_metrics", "vitals_of"]


def begin_metrics(metrics: Metrics, settings: Settings) -> None:
    """Note what runs here, and that it listens by now."""
    release = (settings.knative_service, settings.knative_revision)
    metrics.gauge("build_info", 1, __version__, platform.python_version(), *release)
    reach(metrics, "listening")


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
