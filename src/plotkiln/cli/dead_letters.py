"""`plotkiln events keep` and `kept`: the place of a cluster's dead letters."""

import asyncio
import os
import sys
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec

from plotkiln.cli.exits import Exit
from plotkiln.cli.places import renderings_url
from plotkiln.cli.terminal import BOLD, RED, paint
from plotkiln.errors import StoreUnavailable
from plotkiln.settings import Settings, read_settings

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from plotkiln.events.event import CloudEvent
    from plotkiln.service.dead_letters import DeadLetter, DeadLetterService

__all__ = ["keep", "kept"]


def keep() -> Exit:
    """Serve `/` and `/events` until SIGTERM: keep each event that comes, below `dead-letters/`."""
    from plotkiln.cli.counter_programs import serve_program

    return serve_program(read_settings(os.environ), _opened)


@asynccontextmanager
async def _opened(settings: Settings) -> "AsyncIterator[Starlette]":
    from plotkiln.cli.guarding import guards_of_settings
    from plotkiln.cli.release import begin_metrics, kept_in_account, metrics_pushed
    from plotkiln.counter.programs import count_app
    from plotkiln.service import Metrics
    from plotkiln.service.events import EventService
    from plotkiln.service.vitals import Vitals

    metrics, service = Metrics(), _service(settings)

    async def handle(event: "CloudEvent") -> None:
        try:
            await service.handle(event)
        except StoreUnavailable:
            metrics.count("store_failures", "dead-letters")
            raise
        metrics.count("dead_letters", "")

    begin_metrics(metrics, settings)
    async with (
        metrics_pushed(settings, metrics, Vitals(), os.environ),
        kept_in_account(settings, metrics, "dead-letters"),
    ):
        yield count_app(
            EventService(handle, None, metrics),
            metrics,
            max_event=settings.max_event << 10,
            accept=settings.events_accept,
            guards=guards_of_settings(settings),
        )


def kept(options: Namespace) -> Exit:
    """List what is kept, or print one as its sender sent it, for `plotkiln events send -`."""
    service = _service(read_settings(os.environ))
    if options.name:
        from plotkiln.events.json_format import to_json

        sys.stdout.write(to_json(asyncio.run(service.event(options.name))).decode() + "\n")
        return Exit.OK
    letters = asyncio.run(service.newest(options.limit))
    if options.json:
        sys.stdout.write(msgspec.json.encode(letters).decode() + "\n")
        return Exit.OK
    for letter in letters:
        print(_row(letter))
    return Exit.OK


def _service(settings: Settings) -> "DeadLetterService":
    from plotkiln.artifacts import open_renderings
    from plotkiln.service.dead_letters import DeadLetterService

    return DeadLetterService(open_renderings(renderings_url(settings)).dead_letters)


def _row(letter: "DeadLetter") -> str:
    subject = f" {letter.subject}" if letter.subject else ""
    what = f"{letter.type}{subject}  {letter.source} {letter.id}"
    why = f"{letter.code or 'no answer'} {letter.destination}".rstrip()
    return f"{paint(letter.name, BOLD)} {what}\n    {paint(why, RED)}"
