"""Schedules: who draws what is due, and, beside an embedded broker, who says that it is."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import msgspec

from plotkiln.cli.eventing import open_eventing
from plotkiln.cli.pictures import artifact_service
from plotkiln.cli.shared import open_shared
from plotkiln.cli.workshop import open_workshop
from plotkiln.schedules.due import DueSchedules
from plotkiln.schedules.schedule import Schedule
from plotkiln.service import ChartService, Metrics
from plotkiln.service.artifacts import ArtifactService
from plotkiln.service.schedules import ScheduleService
from plotkiln.settings import Settings
from plotkiln.state import Database
from plotkiln.workers import installed_fonts

__all__ = ["due_schedules", "open_by_hand"]


def due_schedules(
    settings: Settings,
    known: Sequence[Schedule],
    artifacts: ArtifactService,
    charts: ChartService,
    metrics: Metrics,
) -> DueSchedules:
    """Return what draws whatever is due."""
    service = ScheduleService(artifacts, charts, metrics, budget=settings.job_budget)
    return DueSchedules(known, service)


@asynccontextmanager
async def open_by_hand(
    settings: Settings, known: Sequence[Schedule]
) -> AsyncIterator[DueSchedules]:
    """Yield what draws on the stores of a server, for one drawing and without a server."""
    single = msgspec.structs.replace(settings, workers=1)
    async with AsyncExitStack() as stack:
        workshop = await stack.enter_async_context(open_workshop(single, installed_fonts()))
        database = await stack.enter_async_context(Database(settings.data / "state.sqlite"))
        shared = await stack.enter_async_context(open_shared(settings, database))
        metrics = workshop.metrics
        eventing = await stack.enter_async_context(open_eventing(settings, metrics, alone=False))
        artifacts = artifact_service(settings, workshop, shared, eventing)
        kept = ChartService(shared.charts, workshop.renders, keep_posted=settings.chart_keep * 3600)
        yield due_schedules(settings, known, artifacts, kept, metrics)
