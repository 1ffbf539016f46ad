"""`plotkiln live`: the live channel in a process of its own, which draws nothing."""

import asyncio
import logging
import os
import socket
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from plotkiln.cli.exits import Exit
from plotkiln.cli.listening import listen
from plotkiln.errors import SettingsError
from plotkiln.settings import Settings, read_settings

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from plotkiln.cli.eventing import Eventing
    from plotkiln.service import Metrics
    from plotkiln.service.jobs import JobService

__all__ = ["live"]

log = logging.getLogger("plotkiln.live")


def live(_options: Namespace) -> Exit:
    """Serve sockets and long polls until SIGTERM or SIGINT, which drain as `serve` does."""
    settings = read_settings(os.environ)
    if not settings.redis_url:
        raise SettingsError(
            "PLOTKILN_REDIS_URL is not set: by it this process hears of others. Without Redis,"
            " plotkiln serve has all news itself, and sends them at its own /live."
        )
    listener = listen(settings)
    from plotkiln.cli.logs import configure_logs
    from plotkiln.cli.server import event_loop
    from plotkiln.cli.tracing import traces_exported

    configure_logs(settings)
    with traces_exported(settings, os.environ), asyncio.Runner(loop_factory=event_loop) as runner:
        runner.run(_serve(settings, listener))
    return Exit.OK


async def _serve(settings: Settings, listener: socket.socket) -> None:
    from plotkiln.cli.server import address, create_server

    async with _opened(settings) as app:
        server = create_server(
            app,
            drain=settings.drain,
            draining=app.state.draining,
            sockets=True,
            body_timeout=settings.body_timeout,
        )
        log.info("listening", extra={"fields": {"url": address(listener), "pid": os.getpid()}})
        await server.serve(sockets=[listener])
    log.info("stopped")


@asynccontextmanager
async def _opened(settings: Settings) -> "AsyncIterator[Starlette]":
    from plotkiln.cli.eventing import open_eventing
    from plotkiln.cli.guarding import attach_limits, guards_of_settings
    from plotkiln.cli.identifying import identified
    from plotkiln.cli.release import begin_metrics, kept_in_account, metrics_pushed
    from plotkiln.cli.sockets import open_channel
    from plotkiln.live.programs import live_app
    from plotkiln.service import Metrics
    from plotkiln.service.vitals import Vitals

    metrics = Metrics()
    begin_metrics(metrics, settings)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(metrics_pushed(settings, metrics, Vitals(), os.environ))
        await stack.enter_async_context(kept_in_account(settings, metrics, "live"))
        eventing = await stack.enter_async_context(open_eventing(settings, metrics, alone=False))
        if settings.consul_address:
            await stack.enter_async_context(_watching(settings, eventing))
        jobs = await stack.enter_async_context(_jobs(settings, eventing, metrics))
        channel = open_channel(settings, eventing.news, metrics)
        app = live_app(channel, jobs, metrics, guards=guards_of_settings(settings, is_live=True))
        attach_limits(app, settings, metrics)
        await stack.enter_async_context(identified(app, settings))
        yield app


@asynccontextmanager
async def _watching(settings: Settings, eventing: "Eventing") -> AsyncIterator[None]:
    """Tell of styles that change in Consul: at that time there may be nobody else who sees it."""
    from plotkiln.cli.workshop import open_live, open_store
    from plotkiln.service.announcements import StyleAnnouncements

    async with (
        open_store(settings) as store,
        open_live(settings, store) as styles,
        StyleAnnouncements(styles, eventing.tell_style),
    ):
        yield


@asynccontextmanager
async def _jobs(
    settings: Settings, eventing: "Eventing", metrics: "Metrics"
) -> "AsyncIterator[JobService]":
    """Yield jobs that can be looked at; none can be submitted here."""
    from plotkiln.artifacts import open_renderings
    from plotkiln.cli.places import renderings_url
    from plotkiln.jobs.redis import RedisJobs
    from plotkiln.service.job_news import JobNews
    from plotkiln.service.jobs import JobService
    from plotkiln.state.redis import open_redis

    async with open_redis(settings.redis_url) as redis:
        yield JobService(
            RedisJobs(redis),
            None,
            open_renderings(renderings_url(settings)),
            news=eventing.news,
            told=JobNews(eventing.news, eventing.offer, metrics),
            keep=settings.job_keep * 3600,
            presign=timedelta(minutes=settings.presign) if settings.presign else None,
        )
