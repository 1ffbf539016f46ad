"""`plotkiln render`: one spec to one file, by the same way as a request, without a server."""

import asyncio
import logging
import os
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from plotkiln.api.negotiation import format_of_path
from plotkiln.cli.exits import Exit
from plotkiln.cli.files import read_file, write_file
from plotkiln.cli.specs import read_spec
from plotkiln.cli.terminal import YELLOW, clear_progress, paint, progress
from plotkiln.cli.workshop import Workshop, open_workshop
from plotkiln.errors import MalformedError, NotFoundError
from plotkiln.identity import ANONYMOUS
from plotkiln.service import Picture
from plotkiln.settings import Settings, read_settings
from plotkiln.spec.models import Format
from plotkiln.style.documents import parse_written
from plotkiln.style.looks import KnownStyle, Look
from plotkiln.style.resolution import resolve
from plotkiln.workers import installed_fonts

__all__ = ["draw_file", "render"]


def render(options: Namespace) -> Exit:
    """Draw one spec and write the picture."""
    logging.basicConfig(level="ERROR", format="%(message)s")
    data = read_spec(options)

    async def spec(_workshop: Workshop) -> bytes:
        return data

    return draw_file(options, spec)


def draw_file(options: Namespace, spec: Callable[[Workshop], Awaitable[bytes]]) -> Exit:
    """Draw what `spec` makes, once everything is open, and write the picture."""
    picture = asyncio.run(_picture(read_settings(os.environ), options, spec))
    write_file(options.output, picture.data)
    _tell(options, picture)
    return Exit.OK


def _format(options: Namespace) -> Format | None:
    ending = Path(options.output).suffix.removeprefix(".")
    wanted = options.format or ending
    if not wanted or (options.output == "-" and not options.format):
        return None
    try:
        return format_of_path(wanted.lower())
    except NotFoundError as error:
        raise MalformedError(str(error)) from error


async def _picture(
    settings: Settings, options: Namespace, spec: Callable[[Workshop], Awaitable[bytes]]
) -> Picture:
    progress("reading styles …")
    single = msgspec.structs.replace(settings, workers=1)
    async with open_workshop(single, installed_fonts()) as workshop:
        progress("drawing …")
        try:
            return await _draw(workshop, options, await spec(workshop))
        finally:
            clear_progress()


async def _draw(workshop: Workshop, options: Namespace, data: bytes) -> Picture:
    renders = workshop.renders
    parsed = await renders.read(data)
    chosen = _format(options)
    if options.style_file is None:
        plan = await renders.plan(ANONYMOUS, data, parsed, format=chosen, style=options.style)
    else:
        look = _look_of_file(options.style_file, workshop)
        plan = renders.plan_known(
            ANONYMOUS,
            data,
            spec_digest=parsed.digest,
            format=chosen or parsed.spec.format or "png",
            look=look,
            template=await renders.template(parsed.spec.template),
            parsed=parsed,
        )
    return await renders.picture(plan)


def _look_of_file(file: Path, workshop: Workshop) -> Look:
    name = file.stem
    style = parse_written(read_file(str(file))).style
    known = KnownStyle(name=name, version=0, style=style, state="fresh")
    return resolve(name, {**workshop.live.known(), name: known})


def _tell(options: Namespace, picture: Picture) -> None:
    plan = picture.plan
    for warning in picture.warnings:
        sys.stderr.write(f"{paint('warning:', YELLOW, sys.stderr)} {warning}\n")
    if options.json:
        facts = {
            "output": options.output,
            "bytes": len(picture.data),
            "digest": plan.digest,
            "style": f"{plan.look.name}@{plan.look.version}",
            "style_state": plan.look.state,
            "source": picture.source,
            "stages": dict(picture.stages),
            "warnings": picture.warnings,
        }
        stream = sys.stderr if options.output == "-" else sys.stdout
        stream.write(msgspec.json.encode(facts).decode() + "\n")
