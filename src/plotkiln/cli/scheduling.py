"""Schedules: who draws what is due, and, beside an embedded broker, who says that it is."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import msgspec

from plotkiln.cli.eventing import Eventing, has_embedded_broker, open_eventing
from plotkiln.cli.pictures import artifact_service
from plotkiln.cli.shared import SharedStores, open_shared
from plotkiln.cli.workshop import Workshop, open_workshop
from plotkiln.events.event import CloudEvent
from plotkiln.events.subscribers import Handler
from plotkiln.events.triggers import Trigger
from plotkiln.service import ChartService
from plotkiln.service.artifacts import ArtifactService
from plotkiln.settings import Settings
from plotkiln.state import Database
from plotkiln.workers import installed_fonts

if TYPE_CHECKING:  # what a process without schedules does not import
    from plotkiln.schedules.due import DueSchedules
    from plotkiln.schedules.schedule import Schedule

__all__ = ["Scheduling", "open_by_hand", "open_charts", "schedules_of", "telling"]


async def _nothing(_event: CloudEvent) -> None:
    """Handle an event where there are no schedules."""


class Scheduling(msgspec.Struct, frozen=True, kw_only=True):
    """What of schedules a process has; without any, nothing."""

    known: "Sequence[Schedule]" = ()
    #: Draws what an event says is due.
    handle: Handler = _nothing
    #: The programs that Triggers may name.
    programs: dict[str, Handler] = {}
    triggers: tuple[Trigger, ...] = ()
    #: How many deliveries programs are given at once.
    widths: dict[str, int] = {}


def schedules_of(
    settings: Settings, workshop: Workshop, shared: SharedStores, artifacts: ArtifactService
) -> Scheduling:
    """Return what draws by the schedules of the settings' file.

    Raises `SettingsError` with every fault of the file.
    """
    if settings.schedules is None:
        return Scheduling()
    from plotkiln.schedules.documents import load_schedules
    from plotkiln.schedules.topology import PROGRAM, WIDTH, schedule_trigger

    known = load_schedules(settings.schedules)
    due = _due(settings, known, workshop, shared, artifacts)
    return Scheduling(
        known=known,
        handle=due.handle,
        programs={PROGRAM: due.handle},
        triggers=(schedule_trigger(len(known), settings.job_budget),),
        widths={PROGRAM: WIDTH},
    )


@asynccontextmanager
async def telling(
    settings: Settings,
    scheduling: Scheduling,
    database: Database,
    eventing: Eventing,
    workshop: Workshop,
) -> AsyncIterator[None]:
    """Tell the embedded broker what is due, as long as this is entered.

    Where a cluster has a Broker, its PingSources do.
    """
    if not scheduling.known or not has_embedded_broker(settings):
        yield
        return
    from plotkiln.schedules.memory import SeenSchedules
    from plotkiln.schedules.scheduler import Scheduler

    seen, count = SeenSchedules(database), workshop.metrics.count
    await seen.open()
    async with Scheduler(scheduling.known, seen, eventing.send, count=count):
        yield


@asynccontextmanager
async def open_by_hand(
    settings: Settings, known: "Sequence[Schedule]"
) -> "AsyncIterator[DueSchedules]":
    """Yield what draws on the stores of a server, for one drawing and without a server."""
    single = msgspec.structs.replace(settings, workers=1, job_workers=1)
    async with AsyncExitStack() as stack:
        workshop = await stack.enter_async_context(open_workshop(single, installed_fonts()))
        database = await stack.enter_async_context(Database(settings.data / "state.sqlite"))
        shared = await stack.enter_async_context(open_shared(settings, database))
        eventing = await stack.enter_async_context(
            open_eventing(settings, workshop.metrics, alone=False)
        )
        artifacts = artifact_service(settings, workshop, shared, eventing)
        yield _due(settings, known, workshop, shared, artifacts)


@asynccontextmanager
async def open_charts(settings: Settings, workshop: Workshop) -> AsyncIterator[ChartService]:
    """Yield the charts that a server stores, without a server."""
    async with (
        Database(settings.data / "state.sqlite") as database,
        open_shared(settings, database) as shared,
    ):
        yield _charts(settings, workshop, shared)


def _charts(settings: Settings, workshop: Workshop, shared: SharedStores) -> ChartService:
    return ChartService(shared.charts, workshop.renders, keep_posted=settings.chart_keep * 3600)


def _due(
    settings: Settings,
    known: "Sequence[Schedule]",
    workshop: Workshop,
    shared: SharedStores,
    artifacts: ArtifactService,
) -> "DueSchedules":
    from plotkiln.schedules.due import DueSchedules
    from plotkiln.service.schedules import ScheduleService

    charts = _charts(settings, workshop, shared)
    service = ScheduleService(artifacts, charts, workshop.metrics)
    return DueSchedules(known, service)
