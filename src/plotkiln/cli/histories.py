"""`plotkiln styles history` and what else knows the past: diff, rollback, publish, archives."""

import asyncio
import os
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from plotkiln.cli.exits import Exit
from plotkiln.cli.files import read_file, write_file
from plotkiln.cli.terminal import BOLD, YELLOW, paint
from plotkiln.cli.workshop import COMMAND_WAIT, open_live, open_store
from plotkiln.errors import NotFoundError
from plotkiln.identity import ANONYMOUS
from plotkiln.service.archives import ArchiveService
from plotkiln.service.histories import Change, HistoryService
from plotkiln.service.styles import StyleService
from plotkiln.settings import read_settings
from plotkiln.style.history import draft_name
from plotkiln.style.looks import StoredDocument
from plotkiln.style.pins import parse_pin

__all__ = ["HISTORY_ACTS", "style_histories"]


class _Services(msgspec.Struct, frozen=True):
    styles: StyleService
    histories: HistoryService
    archives: ArchiveService


def style_histories(options: Namespace) -> Exit:
    """Run one act on the histories of the style store."""
    asyncio.run(_run(options))
    return Exit.OK


async def _run(options: Namespace) -> None:
    settings = read_settings(os.environ)
    async with (
        open_store(settings) as store,
        open_live(settings, store, wait=COMMAND_WAIT) as live,
    ):
        services = _Services(
            StyleService(store, live), HistoryService(store, live), ArchiveService(store)
        )
        await HISTORY_ACTS[options.act](options, services)


async def _get(options: Namespace, services: _Services) -> None:
    """Print an old document: `name@version`."""
    pin = parse_pin(options.name)
    if pin.version is None:
        raise NotFoundError(
            "A document has a version: name@42; a digest names the look of a chain."
        )
    document = await services.histories.document(ANONYMOUS, pin.name, pin.version)
    if options.json:
        content = {"document": msgspec.Raw(document.data)}
        _print_json({"name": pin.name, "version": str(pin.version), **content})
        return
    print(document.data.decode())


async def _history(options: Namespace, services: _Services) -> None:
    page = await services.histories.page(
        ANONYMOUS, options.name, before=options.before, limit=options.limit
    )
    if options.json:
        _print_json(page)
        return
    for change in page.changes:
        print(_row(change))
        for line in change.differences:
            print(f"    {line}")
    if page.before:
        print(f"older: --before {page.before}")


def _row(change: Change) -> str:
    when = change.when.isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")
    version = paint(f"{change.version:>8}", BOLD)
    return f"{version} {when} {paint(change.kind, YELLOW)} {change.who}  {change.why}".rstrip()


async def _diff(options: Namespace, services: _Services) -> None:
    lines = await services.histories.differences(
        ANONYMOUS, options.name, options.version, options.other
    )
    if options.json:
        _print_json(lines)
        return
    for line in lines:
        print(line)


async def _rollback(options: Namespace, services: _Services) -> None:
    stored = await services.histories.rollback(
        ANONYMOUS,
        options.name,
        options.version,
        expected=await _expected(options, services),
        why=options.why,
    )
    _tell(options, stored)


async def _publish(options: Namespace, services: _Services) -> None:
    stored = await services.histories.publish(
        ANONYMOUS,
        options.name,
        draft=await services.styles.version(ANONYMOUS, draft_name(options.name)),
        expected=await _expected(options, services),
        why=options.why,
    )
    _tell(options, stored)


async def _export(options: Namespace, services: _Services) -> None:
    write_file(options.output, await services.archives.save(ANONYMOUS))


async def _import(options: Namespace, services: _Services) -> None:
    imported = await services.archives.load(
        ANONYMOUS, read_file(options.file), replace=options.replace, why=options.why
    )
    if options.json:
        _print_json(imported)
        return
    for word in ("created", "replaced", "unchanged"):
        names = getattr(imported, word)
        print(f"{word}: {', '.join(names) or 'none'}")
    print(f"entries of former histories: {imported.history}")


async def _expected(options: Namespace, services: _Services) -> int:
    """Return the version to replace: as given, else the one that is stored now."""
    if options.if_version is not None:
        return int(options.if_version)
    return await services.styles.version(ANONYMOUS, options.name)


def _tell(options: Namespace, stored: StoredDocument) -> None:
    if options.json:
        _print_json({"name": stored.name, "version": str(stored.version)})
    else:
        print(f"{paint(stored.name, BOLD)} is now version {stored.version}")


def _print_json(value: Any) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


HISTORY_ACTS: dict[str, Callable[[Namespace, _Services], Awaitable[None]]] = {
    "get": _get,
    "history": _history,
    "diff": _diff,
    "rollback": _rollback,
    "publish": _publish,
    "export": _export,
    "import": _import,
}
