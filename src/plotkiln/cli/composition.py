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
        workshop = await stack.enter_async_context(open_workshop(settings, fonts, zygote))
        database = await stack.enter_async_context(Database(settings.data / "state.sqlite"))
        shared = await stack.enter_async_context(open_shared(settings, database))
        ledger = await stack.enter_async_context(open_ledger(settings, database))
        await stack.enter_async_context(Bookkeeping(workshop.tally, ledger, workshop.metrics))
        eventing = await stack.enter_async_context(
            open_eventing(settings, workshop.metrics, alone=alone)
        )
        await stack.enter_async_context(StyleAnnouncements(workshop.live, eventing.tell_style))
        pictures = await stack.enter_async_context(
            open_pictures(settings, workshop, shared, eventing)
        )
        jobs = await stack.enter_async_context(open_jobs(settings, workshop, shared, eventing))
        scheduling = schedules_of(settings, workshop, shared, pictures.artifacts)
        brokers = eventing.broker(
            {**pictures.programs, **jobs.programs, **scheduling.programs},
            pictures.drawn,
            [*jobs.triggers, *scheduling.triggers],
            {**jobs.widths, **scheduling.widths},
        )
        patience = await stack.enter_async_context(
            PatienceService(workshop.renders, jobs.service, shared.last_good)
        )
        if alone:
            await stack.enter_async_context(
                telling(settings, scheduling, database, eventing, workshop)
            )
        yield Composition(
            services=_services(
                settings,
                workshop,
                database,
                shared,
                pictures,
                jobs,
                scheduling,
                brokers,
                account=AccountService(ledger, shared.charts, pod_price=settings.pod_price),
                eventing=eventing,
                patience=patience,
            ),
            homepage=homepage_of(settings, eventing, shared, workshop.renderings),
            pool=workshop.pool,
            live=workshop.live,
            jobs=jobs.runs,
            channel=open_channel(settings, eventing.news, workshop.metrics),
            sweep=sweep_service(
                settings, workshop.renderings, workshop.store, shared, events=brokers.prune
            ),
        )


def _services(
    settings: Settings,
    workshop: Workshop,
    database: Database,
    shared: SharedStores,
    pictures: Pictures,
    jobs: Jobs,
    scheduling: Scheduling,
    brokers: BrokerService,
    *,
    account: AccountService,
    eventing: Eventing,
    patience: PatienceService,
) -> Services:
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
        patience=patience,
        events=EventService(
            together(jobs.runs.handle, scheduling.handle, pictures.handle),
            shared.replies,
            workshop.metrics,
            scope=pictures.scope,
        ),
        brokers=brokers,
        account=account,
        health=_health(settings, workshop, database),
        metrics=workshop.metrics,
        vitals=vitals_of(workshop, shared, eventing),
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
