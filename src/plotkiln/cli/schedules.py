"""`plotkiln schedules`: what is drawn when, by hand as well, and for a cluster."""

import asyncio
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from plotkiln.cli.exits import Exit
from plotkiln.cli.files import read_file
from plotkiln.cli.terminal import BOLD, clear_progress, paint, progress
from plotkiln.errors import Fault, InputError, NotFoundError, RuleError, SettingsError
from plotkiln.schedules.documents import load_schedules, read_schedules
from plotkiln.schedules.schedule import EPOCH, Schedule, written
from plotkiln.settings import Settings, read_settings

if TYPE_CHECKING:  # what `list` and `next` do not import
    from plotkiln.service import ChartService

__all__ = ["schedules"]


def schedules(options: Namespace) -> Exit:
    """Run one act."""
    settings = read_settings(os.environ)
    if options.act == "check":
        return _check(options, settings)
    known = _schedules(settings)
    if options.act == "list":
        _print_list(known, options)
    elif options.act == "next":
        _print_next(_find(known, options.name), options)
    elif options.act == "archives":
        _print_archives(_find(known, options.name), known, settings, options)
    elif options.act == "run":
        return _run(known, settings, options)
    else:
        _print_manifest(known, options)
    return Exit.OK


def _schedules(settings: Settings) -> Sequence[Schedule]:
    if settings.schedules is None:
        raise SettingsError("PLOTKILN_SCHEDULES is not set: name the file with the schedules.")
    return load_schedules(settings.schedules)


def _find(known: Sequence[Schedule], name: str) -> Schedule:
    for schedule in known:
        if schedule.name == name:
            return schedule
    names = ", ".join(schedule.name for schedule in known) or "none"
    raise NotFoundError(f"There is no schedule {name!r} (there are: {names}).")


def _print_list(known: Sequence[Schedule], options: Namespace) -> None:
    now = datetime.now(UTC)
    rows = [{**_described(one), **_times(one, one.cron.after(now))} for one in known]
    if options.json:
        _print_json({"schedules": rows})
        return
    for one, row in zip(known, rows, strict=True):
        due = f"{row['local']} {one.cron.timezone}" if "local" in row else "never"
        name = paint(f"{one.name:<20}", BOLD)
        print(f"{name} {one.cron.text:<20} next {due:<45} {one.artifact}")


def _described(schedule: Schedule) -> dict[str, Any]:
    return {
        "name": schedule.name,
        "cron": schedule.cron.text,
        "timezone": schedule.cron.timezone,
        "artifact": schedule.artifact,
        "archive": schedule.archived,
        "keep": schedule.keep,
        "missed": schedule.missed,
    }


def _times(schedule: Schedule, instant: datetime | None) -> dict[str, str]:
    """Return an instant in UTC and by the schedule's clock."""
    if instant is None:
        return {}
    return {"due": written(instant), "local": schedule.cron.local(instant).isoformat()}


def _print_next(schedule: Schedule, options: Namespace) -> None:
    following = schedule.cron.following(options.after or datetime.now(UTC))
    times = [_times(schedule, instant) for instant in islice(following, options.count)]
    if options.json:
        _print_json({"name": schedule.name, "next": times})
        return
    for one in times:
        print(f"{one['local']}  {one['due']}")


def _check(options: Namespace, settings: Settings) -> Exit:
    """Read a file, then each spec and chart as it would be drawn; print all faults."""
    try:
        count = _checked(read_file(options.file), settings)
    except InputError as error:
        if not options.json:
            raise
        _print_json({"file": options.file, "faults": error.faults or [Fault("", str(error))]})
        return Exit.INPUT
    if options.json:
        _print_json({"file": options.file, "faults": []})
    else:
        what = "1 schedule" if count == 1 else f"{count} schedules"
        print(f"{options.file}: {what}, valid")
    return Exit.OK


def _checked(data: bytes, settings: Settings) -> int:
    """Return how many schedules there are; raises `InputError` with every fault."""
    known = read_schedules(data)
    faults = asyncio.run(_content_faults(known, settings))
    if faults:
        raise RuleError(faults=faults)
    return len(known)


async def _content_faults(known: Sequence[Schedule], settings: Settings) -> list[Fault]:
    """Return the faults of all that is to be drawn: specs at their next instant, and charts."""
    from plotkiln.cli.scheduling import open_charts
    from plotkiln.cli.workshop import open_workshop
    from plotkiln.workers import installed_fonts

    faults: list[Fault] = []
    single = msgspec.structs.replace(settings, workers=1)
    async with AsyncExitStack() as stack:
        workshop = await stack.enter_async_context(open_workshop(single, installed_fonts()))
        charts = None
        if any(schedule.chart is not None for schedule in known):
            charts = await stack.enter_async_context(open_charts(single, workshop))
        for index, schedule in enumerate(known):
            path = f"schedules[{index}].{'spec' if schedule.chart is None else 'chart'}"
            try:
                parsed = await workshop.renders.read(await _content(schedule, charts))
                await workshop.renders.look(parsed.spec.style)
            except InputError as error:
                told = error.faults or (Fault("", str(error)),)
                faults += [Fault(f"{path}.{f.path}".rstrip("."), f.message) for f in told]
    return faults


async def _content(schedule: Schedule, charts: "ChartService | None") -> bytes:
    """Return what a schedule draws next, as JSON; raises `RuleError` for a chart that is gone."""
    from plotkiln.identity import ANONYMOUS

    if charts is None or schedule.chart is None:
        return schedule.filled(schedule.cron.after(datetime.now(UTC)) or EPOCH)
    try:
        return (await charts.get(ANONYMOUS, schedule.chart)).spec
    except NotFoundError as error:
        where = "Charts are looked for where PLOTKILN_DATA or PLOTKILN_REDIS_URL says"
        raise RuleError(f"{error} {where}; POST /charts stores one.") from error


def _print_archives(
    schedule: Schedule, known: Sequence[Schedule], settings: Settings, options: Namespace
) -> None:
    found = asyncio.run(_archived(schedule, known, settings))
    newest = list(reversed(found.items()))[: options.limit]
    rows = [
        {"address": f"/artifacts/{name}", **_times(schedule, instant)} for name, instant in newest
    ]
    if options.json:
        _print_json({"name": schedule.name, "archives": rows})
        return
    for row in rows:
        print(f"{row['local']}  {row['address']}")


async def _archived(
    schedule: Schedule, known: Sequence[Schedule], settings: Settings
) -> dict[str, datetime]:
    from plotkiln.cli.scheduling import open_by_hand
    from plotkiln.identity import ANONYMOUS

    async with open_by_hand(settings, known) as due:
        return await due.archived(ANONYMOUS, schedule)


def _run(known: Sequence[Schedule], settings: Settings, options: Namespace) -> Exit:
    schedule = _find(known, options.name)
    progress(f"drawing {schedule.name} …")
    try:
        done = asyncio.run(_drawn(known, settings, options))
    finally:
        clear_progress()
    if options.json:
        _print_json(done)
        return Exit.OK
    print(f"{paint(done['name'], BOLD)} of {done['local']}:")
    for name, address in done["pictures"].items():
        print(f"  {name}: {address}")
    if schedule.archived and "archive" not in done["pictures"]:
        print("  archive: none, this time is older than the schedule's keep")
    return Exit.OK


async def _drawn(
    known: Sequence[Schedule], settings: Settings, options: Namespace
) -> dict[str, Any]:
    """Draw as a server would that is told of the instant, and say what stands where."""
    from plotkiln.cli.scheduling import open_by_hand
    from plotkiln.identity import ANONYMOUS

    async with open_by_hand(settings, known) as due:
        schedule = due.find(options.name)
        instant = due.instant(schedule, options.due or datetime.now(UTC))
        run = await due.run(ANONYMOUS, schedule, instant)
    pictures = {"artifact": run.artifact, "archive": run.archive}
    return {
        "name": schedule.name,
        **_times(schedule, instant),
        "pictures": {what: f"/artifacts/{one.name}" for what, one in pictures.items() if one},
        "digests": {what: one.digest for what, one in pictures.items() if one},
    }


def _print_manifest(known: Sequence[Schedule], options: Namespace) -> None:
    from plotkiln.schedules.manifest import manifest

    told = manifest(
        known, broker=options.broker, service=options.service, namespace=options.namespace
    )
    sys.stdout.write(told)


def _print_json(value: Any) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
