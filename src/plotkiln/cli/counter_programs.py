"""The hit counter's programs as servers of their own: they draw nothing, and start soon."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from plotkiln.cli.exits import Exit
from plotkiln.cli.listening import listen
from plotkiln.errors import SettingsError, StoreUnavailable
from plotkiln.settings import Settings, read_settings
from plotkiln.tasks import begin_task, end_tasks

if TYPE_CHECKING:
    from starlette.applications import Starlette

__all__ = ["run_program", "serve_program"]

log = logging.getLogger("plotkiln.counter")

#: Opens what a program needs, and yields its application.
Program = Callable[[Settings], AbstractAsyncContextManager["Starlette"]]


def run_program(name: str) -> Exit:
    """Serve `homepage` or `count` until SIGTERM or SIGINT, which drain as `serve` does."""
    settings = read_settings(os.environ)
    if name == "homepage" and not settings.sink:
        raise SettingsError(
            "K_SINK is not set: where shall hits be said? A `plotkiln serve` on this machine takes"
            " them at http://127.0.0.1:8080/broker/default/default."
        )
    return serve_program(settings, _homepage if name == "homepage" else _count)


def serve_program(settings: Settings, program: Program) -> Exit:
    """Serve what a program opens, until SIGTERM or SIGINT."""
    listener = listen(settings)
    from plotkiln.cli.logs import configure_logs
    from plotkiln.cli.server import event_loop
    from plotkiln.cli.tracing import traces_exported

    configure_logs(settings)
    with traces_exported(settings, os.environ), asyncio.Runner(loop_factory=event_loop) as runner:
        runner.run(_serve(settings, listener, program))
    return Exit.OK


async def _serve(settings: Settings, listener: socket.socket, program: Program) -> None:
    from plotkiln.cli.identifying import identified
    from plotkiln.cli.server import address, create_server

    async with program(settings) as app, identified(app, settings):
        server = create_server(app, drain=settings.drain, body_timeout=settings.body_timeout)
        log.info("listening", extra={"fields": {"url": address(listener), "pid": os.getpid()}})
        await server.serve(sockets=[listener])
    log.info("stopped")


@asynccontextmanager
async def _homepage(settings: Settings) -> "AsyncIterator[Starlette]":
    from plotkiln.artifacts import open_renderings
    from plotkiln.cli.eventing import open_eventing
    from plotkiln.cli.guarding import guards_of_settings
    from plotkiln.cli.hits import homepage_of
    from plotkiln.cli.places import renderings_url
    from plotkiln.cli.release import begin_metrics, kept_in_account, metrics_pushed
    from plotkiln.cli.shared import open_shared
    from plotkiln.counter.programs import homepage_app
    from plotkiln.service import Metrics
    from plotkiln.service.vitals import Vitals
    from plotkiln.state import Database

    metrics = Metrics()
    begin_metrics(metrics, settings)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(metrics_pushed(settings, metrics, Vitals(), os.environ))
        await stack.enter_async_context(kept_in_account(settings, metrics, "homepage"))
        database = Database(settings.data / "state.sqlite")
        if not settings.redis_url:
            await stack.enter_async_context(database)
        shared = await stack.enter_async_context(open_shared(settings, database))
        eventing = await stack.enter_async_context(open_eventing(settings, metrics))
        renderings = open_renderings(renderings_url(settings))
        homepage = homepage_of(settings, eventing, shared, renderings)
        yield homepage_app(homepage, metrics, guards=guards_of_settings(settings))


@asynccontextmanager
async def _count(settings: Settings) -> "AsyncIterator[Starlette]":
    from plotkiln.cli.guarding import guards_of_settings
    from plotkiln.cli.release import begin_metrics, kept_in_account, metrics_pushed
    from plotkiln.cli.shared import open_totals
    from plotkiln.counter.counting import Counting
    from plotkiln.counter.programs import count_app
    from plotkiln.service import Metrics
    from plotkiln.service.events import EventService
    from plotkiln.service.vitals import Vitals

    metrics = Metrics()
    begin_metrics(metrics, settings)
    async with (
        metrics_pushed(settings, metrics, Vitals(), os.environ),
        kept_in_account(settings, metrics, "count"),
        open_totals(settings) as totals,
        _telling_of_losses(settings),
    ):
        counting = Counting(totals, count=metrics.count)
        # the totals remember every hit and its reply by themselves
        events = EventService(counting.handle, None, metrics)
        yield count_app(
            events,
            metrics,
            max_event=settings.max_event << 10,
            accept=settings.events_accept,
            guards=guards_of_settings(settings),
        )


@asynccontextmanager
async def _telling_of_losses(settings: Settings) -> AsyncIterator[None]:
    """Log, beside the start, what a Redis may lose by its settings."""
    task = begin_task(_tell_of_losses(settings.redis_url), "losses of Redis")
    try:
        yield
    finally:
        await end_tasks(task)


async def _tell_of_losses(url: str) -> None:
    if not url:
        return
    from plotkiln.state.redis import durability, open_redis

    try:
        async with open_redis(url) as redis:
            for loss in (await durability(redis)).losses():
                log.warning("%s. %s", *loss)
    except StoreUnavailable as error:
        log.warning("the counters cannot be reached: %s", error)
