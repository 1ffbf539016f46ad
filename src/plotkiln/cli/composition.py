"""The composition root: settings become stores, processes and use cases, closed in reverse."""

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

import msgspec

from plotkiln.api import Services
from plotkiln.cli.eventing import Eventing, open_eventing
from plotkiln.cli.hits import homepage_of
from plotkiln.cli.jobbing import Jobs, open_jobs
from plotkiln.cli.pictures import Pictures, open_pictures
from plotkiln.cli.scheduling import Scheduling, schedules_of, telling
from plotkiln.cli.shared import SharedStores, open_ledger, open_shared
from plotkiln.cli.sockets import open_channel
from plotkiln.cli.sweep import sweep_service
from plotkiln.cli.vitals import vitals_of
from plotkiln.cli.workshop import StartedZygote, Workshop, open_workshop
from plotkiln.counter.homepage import Homepage
from plotkiln.events.subscribers import together
from plotkiln.live.channel import LiveChannel
from plotkiln.service import ChartService, StyleService
from plotkiln.service.account import AccountService
from plotkiln.service.announcements import StyleAnnouncements
from plotkiln.service.bookkeeping import Bookkeeping
from plotkiln.service.brokers import BrokerService
from plotkiln.service.doctor import Probe
from plotkiln.service.events import EventService
from plotkiln.service.health import HealthService
from plotkiln.service.histories import HistoryService
from plotkiln.service.job_runs import JobRuns
from plotkiln.service.patience import PatienceService
from plotkiln.service.previews import PreviewService
from plotkiln.service.sweep import SweepService
from plotkiln.settings import Settings
from plotkiln.state import Database
from plotkiln.style.live import LiveStyles
from plotkiln.workers import FontSet, Pool

__all__ = ["Composition", "open_composition"]


class Composition(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a server needs."""

    services: Services
    homepage: Homepage
    pool: Pool
    live: LiveStyles
    sweep: SweepService
    channel: LiveChannel
    jobs: JobRuns


@asynccontextmanager
async def open_composition(
    settings: Settings,
    fonts: FontSet,
    zygote: StartedZygote | None = None,
    *,
    alone: bool = True,
) -> AsyncIterator[Composition]:
    """Open every part in order, yield them, and close them in reverse.

    A process that is not `alone` leaves the broker to another, whatever the settings say.
    Events come last, hence end first: what is still to be said is said while those who draw live.
    """
    async with AsyncExitStack() as stack:
        parts = await _opened(stack, settings, fonts, zygote, alone=alone)
        workshop, shared, eventing = parts.workshop, parts.shared, parts.eventing
        yield Composition(
            services=_services(settings, parts),
            homepage=homepage_of(settings, eventing, shared, workshop.renderings),
            pool=workshop.pool,
            live=workshop.live,
            jobs=parts.jobs.runs,
            channel=open_channel(settings, eventing.news, workshop.metrics),
            sweep=sweep_service(
                settings, workshop.renderings, workshop.store, shared, events=parts.brokers.prune
            ),
        )


class _Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What was opened, before it is put together."""

    workshop: Workshop
    database: Database
    shared: SharedStores
    eventing: Eventing
    pictures: Pictures
    jobs: Jobs
    scheduling: Scheduling
    brokers: BrokerService
    patience: PatienceService
    account: AccountService


async def _opened(
    stack: AsyncExitStack,
    settings: Settings,
    fonts: FontSet,
    zygote: StartedZygote | None,
    *,
    alone: bool,
) -> _Parts:
    enter = stack.enter_async_context
    workshop = await enter(open_workshop(settings, fonts, zygote))
    database = await enter(Database(settings.data / "state.sqlite"))
    shared = await enter(open_shared(settings, database))
    ledger = await enter(open_ledger(settings, database))
    await enter(Bookkeeping(workshop.tally, ledger, workshop.metrics))
    eventing = await enter(open_eventing(settings, workshop.metrics, alone=alone))
    await enter(StyleAnnouncements(workshop.live, eventing.tell_style))
    pictures = await enter(open_pictures(settings, workshop, shared, eventing))
    jobs = await enter(open_jobs(settings, workshop, shared, eventing))
    scheduling = schedules_of(settings, workshop, shared, pictures.artifacts)
    brokers = eventing.broker(
        {**pictures.programs, **jobs.programs, **scheduling.programs},
        pictures.drawn,
        [*jobs.triggers, *scheduling.triggers],
        {**jobs.widths, **scheduling.widths},
    )
    patience = PatienceService(workshop.renders, jobs.service, shared.last_good)
    await enter(patience)
    if alone:
        await enter(telling(settings, scheduling, database, eventing, workshop))
    return _Parts(
        workshop=workshop,
        database=database,
        shared=shared,
        eventing=eventing,
        pictures=pictures,
        jobs=jobs,
        scheduling=scheduling,
        brokers=brokers,
        patience=patience,
        account=AccountService(ledger, shared.charts, pod_price=settings.pod_price),
    )


def _services(settings: Settings, parts: _Parts) -> Services:
    workshop, shared, jobs, pictures = parts.workshop, parts.shared, parts.jobs, parts.pictures
    renders, live = workshop.renders, workshop.live
    return Services(
        renders=renders,
        charts=ChartService(
            shared.charts,
            renders,
            keep_posted=settings.chart_keep * 3600,
            quota=settings.chart_quota << 20,
        ),
        styles=StyleService(workshop.store, live),
        templates=workshop.templates,
        histories=HistoryService(workshop.store, live),
        previews=PreviewService(renders, live),
        artifacts=pictures.artifacts,
        jobs=jobs.service,
        patience=parts.patience,
        events=EventService(
            together(jobs.runs.handle, parts.scheduling.handle, pictures.handle),
            shared.replies,
            workshop.metrics,
            scope=pictures.scope,
        ),
        brokers=parts.brokers,
        account=parts.account,
        health=_health(settings, workshop, parts.database),
        metrics=workshop.metrics,
        vitals=vitals_of(workshop, shared, parts.eventing),
        max_event=settings.max_event << 10,
        max_body=settings.max_body << 20,
    )


def _health(settings: Settings, workshop: Workshop, database: Database) -> HealthService:
    """Return what describes this process; few ask for more, which is loaded only for them."""

    def probes() -> Iterable[Probe]:
        from plotkiln.cli.readiness import readiness_probes

        return readiness_probes(
            settings,
            pool=workshop.pool,
            database=database,
            store=workshop.store,
            renderings=workshop.renderings,
        )

    def hide(text: str) -> str:
        from plotkiln.cli.masks import mask_of

        return mask_of(settings, os.environ)(text)

    return HealthService(workshop.pool, workshop.live, probes, hide)
