"""`plotkiln serve`: one process tree that listens, drains on SIGTERM, and ends with exit code 0."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from plotkiln.cli.exits import Exit
from plotkiln.cli.listening import listen
from plotkiln.settings import Settings, read_settings
from plotkiln.tasks import begin_task, end_tasks

if TYPE_CHECKING:
    from plotkiln.cli.workshop import StartedZygote
    from plotkiln.service.sweep import SweepService
    from plotkiln.workers.fonts import FontSet

__all__ = ["serve"]

log = logging.getLogger("plotkiln.serve")

#: Seconds between sweeps.
_SWEEP_EVERY = 600.0


def serve(*, subscriber: bool = False) -> Exit:
    """Serve until SIGTERM or SIGINT.

    A `subscriber` of another broker's Triggers is sent events at `/`, too, and runs no broker.

    Listens before it imports the web framework, so that whoever asks early waits instead of
    failing, and starts the zygote before that, so that Matplotlib is imported meanwhile.
    """
    settings = read_settings(os.environ)
    listener = listen(settings)
    fonts, zygote = _start_zygote(settings)
    from plotkiln.cli.logs import configure_logs
    from plotkiln.cli.server import event_loop
    from plotkiln.cli.tracing import traces_exported

    configure_logs(settings)
    with traces_exported(settings, os.environ), asyncio.Runner(loop_factory=event_loop) as runner:
        runner.run(_serve(settings, listener, fonts, zygote, subscriber))
    return Exit.OK


def _start_zygote(settings: Settings) -> "tuple[FontSet, StartedZygote]":
    from plotkiln.cli.caches import cache_folder
    from plotkiln.workers.fonts import installed_fonts
    from plotkiln.workers.process import start_zygote

    fonts = installed_fonts()
    cache = cache_folder(settings, fonts.fingerprint)
    return fonts, start_zygote(fonts, cache, worker_memory=settings.worker_memory << 20)


async def _serve(
    settings: Settings,
    listener: socket.socket,
    fonts: "FontSet",
    zygote: "StartedZygote",
    subscriber: bool,
) -> None:
    from plotkiln.api import create_app
    from plotkiln.cli.composition import open_composition
    from plotkiln.cli.guarding import attach_limits, guards_of_settings
    from plotkiln.cli.identifying import identified, identity_operations
    from plotkiln.cli.release import begin_metrics, metrics_pushed
    from plotkiln.cli.server import address, create_server
    from plotkiln.counter.homepage import OPERATIONS, attach_homepage
    from plotkiln.counter.programs import AT_ROOT
    from plotkiln.live.routes import OPERATIONS as LIVE_OPERATIONS
    from plotkiln.live.routes import attach_live

    async with (
        open_composition(settings, fonts, zygote, alone=not subscriber) as composition,
        metrics_pushed(
            settings, composition.services.metrics, composition.services.vitals, os.environ
        ),
        _sweeping(composition.sweep),
    ):
        further = AT_ROOT if subscriber else OPERATIONS
        app = create_app(
            composition.services,
            (*further, *LIVE_OPERATIONS, *identity_operations(settings)),
            events=settings.events_accept,
            guards=guards_of_settings(settings),
        )
        attach_homepage(app, composition.homepage)
        attach_live(app, composition.channel)
        app.state.draining.then(composition.jobs.close)
        attach_limits(app, settings, composition.services.metrics)
        server = create_server(
            app,
            drain=settings.drain,
            draining=app.state.draining,
            sockets=True,
            body_timeout=settings.body_timeout,
        )
        begin_metrics(composition.services.metrics, settings)
        log.info("listening", extra={"fields": {"url": address(listener), "pid": os.getpid()}})
        async with identified(app, settings, composition.services):
            await server.serve(sockets=[listener])
    log.info("stopped")


@asynccontextmanager
async def _sweeping(service: "SweepService") -> AsyncIterator[None]:
    """Sweep from time to time while inside."""

    async def for_ever() -> None:
        while True:
            await asyncio.sleep(_SWEEP_EVERY)
            await service.sweep()

    task = begin_task(for_ever(), "sweep")
    try:
        yield
    finally:
        await end_tasks(task)
