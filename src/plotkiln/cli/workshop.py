"""What draws: render processes, styles, templates, and the stores of what was drawn."""

import os
import socket
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import msgspec

from plotkiln.artifacts import RecentRenderings, Renderings, open_renderings
from plotkiln.cli.caches import cache_folder
from plotkiln.cli.places import (
    consul_config,
    descriptions_file,
    renderings_url,
    snapshot_file,
)
from plotkiln.service import Metrics, RenderService, TemplateService
from plotkiln.service.estimates import Estimates
from plotkiln.service.limits import RenderTurns
from plotkiln.service.starts import reach
from plotkiln.service.tally import Tally
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
    "COMMAND_WAIT",
    "StartedZygote",
    "Workshop",
    "job_workers",
    "open_live",
    "open_pool",
    "open_store",
    "open_templates",
    "open_workshop",
]

#: Seconds for which a command waits for a store that is slow.
COMMAND_WAIT = 10.0

#: A zygote that was started before there was an event loop.
StartedZygote = tuple[subprocess.Popen[bytes], socket.socket]


class Workshop(msgspec.Struct, frozen=True, kw_only=True):
    """All that is needed for a picture, and nothing that serves or remembers."""

    metrics: Metrics
    #: For whom it draws, and for how long.
    tally: Tally
    pool: Pool
    store: StyleStore
    live: LiveStyles
    recent: RecentRenderings
    renderings: Renderings
    templates: TemplateService
    renders: RenderService


@asynccontextmanager
async def open_workshop(
    settings: Settings,
    fonts: FontSet,
    zygote: StartedZygote | None = None,
    *,
    name: str = "serve",
) -> AsyncIterator[Workshop]:
    """Open every part in order, yield them, and close them in reverse.

    In the account, a process that is no pod of a Knative Service goes by `name`.
    """
    async with AsyncExitStack() as stack:
        metrics, tally = Metrics(), Tally(settings.knative_service or name)
        pool = await stack.enter_async_context(
            open_pool(settings, fonts, metrics, zygote, worked=tally.worked)
        )
        tally.idle = lambda: max(0.0, pool.alive.seconds - pool.busy.seconds)
        store = await stack.enter_async_context(open_store(settings))
        live = await stack.enter_async_context(open_live(settings, store))
        observer = await stack.enter_async_context(Observer(store))
        live.on_listing(observer.see)
        live.on_listing(lambda _: reach(metrics, "styles"))
        pool.when_warm(lambda: reach(metrics, "zygote"))
        recent = RecentRenderings(settings.recent_size << 20)
        renderings = open_renderings(renderings_url(settings))
        templates = open_templates(settings, pool)
        yield Workshop(
            metrics=metrics,
            tally=tally,
            pool=pool,
            store=store,
            live=live,
            recent=recent,
            renderings=renderings,
            templates=templates,
            renders=_renders(
                settings,
                fonts,
                pool,
                store,
                live,
                renderings,
                templates,
                recent=recent,
                metrics=metrics,
                served=tally.served,
            ),
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
    *,
    recent: RecentRenderings,
    metrics: Metrics,
    served: Callable[[str], None],
) -> RenderService:
    pins = PinnedLooks(store, live)
    live.on_listing(pins.see)
    return RenderService(
        looks=live,
        pins=pins,
        templates=templates,
        pool=pool,
        renderer=renderer_identity(fonts.fingerprint),
        recent=recent,
        renderings=renderings,
        limits=_limits(settings),
        budget=settings.budget,
        metrics=metrics,
        expectations=Estimates(),
        served=served,
        turns=RenderTurns(settings.concurrency),
    )


def open_templates(settings: Settings, pool: Pool) -> TemplateService:
    """Return what knows the templates; nothing is read before the first question."""
    sources = TemplateSources(settings.templates)
    return TemplateService(sources, pool, keep=descriptions_file(settings))


def open_pool(
    settings: Settings,
    fonts: FontSet,
    metrics: Metrics,
    zygote: StartedZygote | None = None,
    *,
    worked: Callable[[float], None] = lambda _seconds: None,
) -> Pool:
    """Return the render processes; they run while it is entered. For `worked` see `Pool`."""
    size = PoolSize(
        workers=_workers(settings),
        job_workers=job_workers(settings),
        memory=settings.worker_memory << 20,
        idle=None if settings.knative_service or not settings.idle else settings.idle,
    )
    admission = Admission(places=settings.queue, memory_reserve=settings.memory_reserve << 20)
    cache = cache_folder(settings, fonts.fingerprint)
    start = _zygote_source(fonts, cache, size.memory, zygote)
    return Pool(
        start,
        size=size,
        admission=admission,
        count=metrics.count,
        observe=metrics.observe,
        worked=worked,
    )


def job_workers(settings: Settings) -> int:
    """Return how many jobs are rendered at once."""
    return settings.job_workers or max(_workers(settings) - 1, 1)


def _workers(settings: Settings) -> int:
    return settings.workers or os.cpu_count() or 1


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


def open_live(settings: Settings, store: StyleStore, *, wait: float = 0.0) -> LiveStyles:
    """Return what watches the store; it does so while entered.

    Its first reader waits `wait` seconds for the store, if that is more than the settings say: who
    gave a command wants what is there now.
    """
    return LiveStyles(
        store,
        snapshot=snapshot_file(settings),
        strict=settings.style_strict,
        cold_timeout=max(settings.style_wait, wait),
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
