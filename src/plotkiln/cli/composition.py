"""The composition root: settings become stores, processes and use cases, closed in reverse."""

import os
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import msgspec

from plotkiln.api import Services
from plotkiln.artifacts import Charts, RecentRenderings, Renderings, open_renderings
from plotkiln.cli.caches import cache_folder
from plotkiln.cli.eventing import open_eventing
from plotkiln.cli.hits import homepage_of
from plotkiln.cli.pictures import open_pictures
from plotkiln.cli.places import (
    consul_config,
    descriptions_file,
    renderings_url,
    snapshot_file,
)
from plotkiln.cli.shared import SharedStores, open_shared
from plotkiln.counter.homepage import Homepage
from plotkiln.service import ChartService, Metrics, RenderService, StyleService, TemplateService
from plotkiln.service.announcements import StyleAnnouncements
from plotkiln.service.brokers import BrokerService
from plotkiln.service.doctor import Probe
from plotkiln.service.events import EventService
from plotkiln.service.health import HealthService
from plotkiln.service.histories import HistoryService
from plotkiln.service.previews import PreviewService
from plotkiln.service.sweep import SweepService
from plotkiln.settings import Settings
from plotkiln.spec import Limits
from plotkiln.state import Database
from plotkiln.style.history import Retention
from plotkiln.style.live import LiveStyles
from plotkiln.style.observer import Observer
from plotkiln.style.pins import PinnedLooks
from plotkiln.style.stores import StyleStore
from plotkiln.style.stores.embedded import EmbeddedStyles
from plotkiln.templates.sources import TemplateSources
from plotkiln.workers import Admission, FontSet, Pool, PoolSize, renderer_identity
from plotkiln.workers.process import ZygoteProcess

__all__ = [
    "Composition",
    "StartedZygote",
    "open_composition",
    "open_live",
    "open_pool",
    "open_store",
    "open_templates",
]

#: A zygote that was started before there was an event loop.
StartedZygote = tuple[subprocess.Popen[bytes], socket.socket]


class Composition(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a command may need."""

    services: Services
    homepage: Homepage
    pool: Pool
    live: LiveStyles
    sweep: SweepService


@asynccontextmanager
async def open_composition(
    settings: Settings, fonts: FontSet, zygote: StartedZygote | None = None
) -> AsyncIterator[Composition]:
    """Open every part in order, yield them, and close them in reverse."""
    async with AsyncExitStack() as stack:
        metrics = Metrics()
        pool = await stack.enter_async_context(open_pool(settings, fonts, metrics, zygote))
        database = await stack.enter_async_context(Database(settings.data / "state.sqlite"))
        charts = Charts(database)
        await charts.open()
        store = await stack.enter_async_context(open_store(settings))
        live = await stack.enter_async_context(open_live(settings, store))
        observer = await stack.enter_async_context(Observer(store))
        live.on_listing(observer.see)
        shared = await stack.enter_async_context(open_shared(settings, database))
        eventing = await stack.enter_async_context(open_eventing(settings, metrics))
        if eventing.publisher is not None:
            told = StyleAnnouncements(live, eventing.publisher.offer)
            await stack.enter_async_context(told)
        renderings = open_renderings(renderings_url(settings))
        health = _health(settings, pool, live, database, store, renderings)
        templates = open_templates(settings, pool)
        renders = _renders(settings, fonts, pool, store, live, renderings, templates, metrics)
        pictures = await stack.enter_async_context(
            open_pictures(settings, renders, shared, live, eventing, metrics)
        )
        brokers = eventing.broker(pictures.programs)
        services = Services(
            renders=renders,
            charts=ChartService(charts, renders, keep_posted=settings.chart_keep * 3600),
            styles=StyleService(store, live),
            templates=templates,
            histories=HistoryService(store, live),
            previews=PreviewService(renders, live),
            artifacts=pictures.artifacts,
            events=EventService(pictures.handle, shared.replies, metrics),
            brokers=brokers,
            health=health,
            metrics=metrics,
            max_event=settings.max_event << 10,
            max_body=settings.max_body << 20,
        )
        sweep = _sweep(settings, renderings, charts, store, shared, brokers)
        homepage = homepage_of(settings, eventing, shared, renderings)
        yield Composition(services=services, homepage=homepage, pool=pool, live=live, sweep=sweep)


def _sweep(
    settings: Settings,
    renderings: Renderings,
    charts: Charts,
    store: StyleStore,
    shared: SharedStores,
    brokers: BrokerService,
) -> SweepService:
    others = {"events": brokers.prune}
    if shared.replies is not None:
        others["replies"] = shared.replies.sweep
    return SweepService(
        renderings,
        charts,
        store,
        max_age=timedelta(hours=settings.artifacts_max_age),
        max_size=settings.artifacts_max_size << 20,
        others=others,
    )


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[StyleStore]:
    """Open the style store: Consul where it has an address, else the embedded one."""
    if settings.consul_address:
        from plotkiln.style.stores.consul import ConsulStyles  # 50 ms for its HTTP client

        async with ConsulStyles(
            consul_config(settings), prefix=settings.styles_prefix, retention=_retention(settings)
        ) as consul:
            yield consul
    else:
        async with (
            # FULL: after a power cut no version number may come a second time
            Database(settings.data / "styles.sqlite", synchronous="FULL") as database,
            EmbeddedStyles(database, retention=_retention(settings)) as embedded,
        ):
            yield embedded


def _retention(settings: Settings) -> Retention:
    age = timedelta(days=settings.history_age) if settings.history_age else None
    return Retention(entries=settings.history_entries, age=age)


def _renders(
    settings: Settings,
    fonts: FontSet,
    pool: Pool,
    store: StyleStore,
    live: LiveStyles,
    renderings: Renderings,
    templates: TemplateService,
    metrics: Metrics,
) -> RenderService:
    pins = PinnedLooks(store, live)
    live.on_listing(pins.see)
    return RenderService(
        looks=live,
        pins=pins,
        templates=templates,
        pool=pool,
        renderer=renderer_identity(fonts.fingerprint),
        recent=RecentRenderings(settings.recent_size << 20),
        renderings=renderings,
        limits=_limits(settings),
        budget=settings.budget,
        metrics=metrics,
    )


def _health(
    settings: Settings,
    pool: Pool,
    live: LiveStyles,
    database: Database,
    store: StyleStore,
    renderings: Renderings,
) -> HealthService:
    """Return what describes this process; few ask for more, which is loaded only for them."""

    def probes() -> Iterable[Probe]:
        from plotkiln.cli.readiness import readiness_probes

        return readiness_probes(
            settings, pool=pool, database=database, store=store, renderings=renderings
        )

    def hide(text: str) -> str:
        from plotkiln.cli.masks import mask_of

        return mask_of(settings, os.environ)(text)

    return HealthService(pool, live, probes, hide)


def open_templates(settings: Settings, pool: Pool) -> TemplateService:
    """Return what knows the templates; nothing is read before the first question."""
    sources = TemplateSources(settings.templates)
    return TemplateService(sources, pool, keep=descriptions_file(settings))


def open_pool(
    settings: Settings, fonts: FontSet, metrics: Metrics, zygote: StartedZygote | None = None
) -> Pool:
    """Return the render processes; they run while it is entered."""
    size = PoolSize(
        workers=settings.workers or os.cpu_count() or 1,
        memory=settings.worker_memory << 20,
        idle=None if settings.knative_service or not settings.idle else settings.idle,
    )
    admission = Admission(places=settings.queue, memory_reserve=settings.memory_reserve << 20)
    cache = cache_folder(settings, fonts.fingerprint)
    start = _zygote_source(fonts, cache, size.memory, zygote)
    return Pool(start, size=size, admission=admission, count=metrics.count)


def _zygote_source(
    fonts: FontSet, cache: Path, memory: int, started: StartedZygote | None
) -> Callable[[], ZygoteProcess]:
    """Return what starts zygotes; the first one may be running already."""
    running = [started] if started else []

    def start() -> ZygoteProcess:
        if running:
            return ZygoteProcess(*running.pop())
        return ZygoteProcess.start(fonts, cache, worker_memory=memory)

    return start


def open_live(settings: Settings, store: StyleStore) -> LiveStyles:
    """Return what watches the store; it does so while entered."""
    return LiveStyles(
        store,
        snapshot=snapshot_file(settings),
        strict=settings.style_strict,
        cold_timeout=settings.style_wait,
    )


def _limits(settings: Settings) -> Limits:
    return Limits(
        points=settings.max_points,
        series=settings.max_series,
        pixels=settings.max_pixels,
        text=settings.max_text,
        categories=settings.max_categories,
        annotations=settings.max_annotations,
        panels=settings.max_panels,
        depth=settings.max_depth,
    )
