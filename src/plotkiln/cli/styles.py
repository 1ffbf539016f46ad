"""`plotkiln styles`: the style store from the command line."""

import asyncio
import logging
import os
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from plotkiln.cli.exits import Exit
from plotkiln.cli.files import read_file
from plotkiln.cli.terminal import BOLD, GREEN, RED, YELLOW, paint
from plotkiln.cli.workshop import COMMAND_WAIT, open_live, open_store
from plotkiln.errors import InputError
from plotkiln.identity import ANONYMOUS
from plotkiln.service import StyleService
from plotkiln.service.styles import ListedStyle
from plotkiln.settings import read_settings
from plotkiln.style.documents import parse_written

__all__ = ["styles"]

_STATE_COLORS = {"fresh": GREEN, "stale": RED, "builtin": YELLOW}


def styles(options: Namespace) -> Exit:
    """Run one act on the style store."""
    logging.basicConfig(level="ERROR", format="%(message)s")
    if options.act == "validate":
        return _validate(options)
    if options.act == "seed":
        from plotkiln.cli.seeds import seed_styles

        return seed_styles(options)
    if options.act not in _ACTS or (options.act == "get" and "@" in options.name):
        from plotkiln.cli.histories import style_histories

        return style_histories(options)
    asyncio.run(_with_service(options, _ACTS[options.act]))
    return Exit.OK


async def _with_service(
    options: Namespace, act: Callable[[Namespace, StyleService], Awaitable[None]]
) -> None:
    settings = read_settings(os.environ)
    async with (
        open_store(settings) as store,
        open_live(settings, store, wait=COMMAND_WAIT) as live,
    ):
        await act(options, StyleService(store, live))


async def _list(options: Namespace, service: StyleService) -> None:
    listed = await service.list(ANONYMOUS)
    if options.json:
        _print_json(listed)
        return
    if not listed.reachable:
        sys.stderr.write(f"{paint('the store is away:', RED, sys.stderr)} {listed.fault}\n")
    for style in listed.styles:
        print(_row(style))


def _row(style: ListedStyle) -> str:
    name = paint(f"{style.name:<24}", BOLD)
    state = paint(f"{style.state:<8}", _STATE_COLORS[style.state])
    note = style.fault or "; ".join(style.warnings)
    return f"{name} {style.version:>8} {state} {note}".rstrip()


async def _get(options: Namespace, service: StyleService) -> None:
    document = await service.get(ANONYMOUS, options.name)
    if options.json:
        _print_json(
            {
                "name": document.name,
                "version": str(document.version),
                "state": document.state,
                "document": msgspec.Raw(msgspec.json.format(document.data, indent=-1)),
            }
        )
        return
    print(document.data.decode())


async def _put(options: Namespace, service: StyleService) -> None:
    data = read_file(options.document)
    expected = options.if_version
    if expected is None:
        expected = await service.version(ANONYMOUS, options.name)
    stored = await service.put(ANONYMOUS, options.name, data, expected=expected, why=options.why)
    if options.json:
        _print_json({"name": stored.name, "version": str(stored.version)})
        return
    print(f"{paint(stored.name, BOLD)} is now version {stored.version}")


async def _watch(options: Namespace, service: StyleService) -> None:
    async for style in service.changes(ANONYMOUS):
        if options.json:
            _print_json(style)
        else:
            print(_row(style), flush=True)


def _validate(options: Namespace) -> Exit:
    results = [_checked(name) for name in options.documents]
    if options.json:
        _print_json(results)
    else:
        for result in results:
            _print_result(result)
    return Exit.OK if all(result["valid"] for result in results) else Exit.INPUT


def _checked(name: str) -> dict[str, Any]:
    try:
        parse_written(read_file(name))
    except InputError as error:
        faults = [msgspec.to_builtins(fault) for fault in error.faults]
        faults = faults or [{"path": "", "message": str(error)}]
        return {"file": name, "valid": False, "faults": faults}
    return {"file": name, "valid": True, "faults": []}


def _print_result(result: dict[str, Any]) -> None:
    verdict = paint("valid", GREEN) if result["valid"] else paint("invalid", RED)
    print(f"{result['file']}: {verdict}")
    for fault in result["faults"]:
        place = f"{paint(fault['path'], BOLD)}: " if fault["path"] else ""
        print(f"  {place}{fault['message']}")


def _print_json(value: Any) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()


_ACTS: dict[str, Callable[[Namespace, StyleService], Awaitable[None]]] = {
    "list": _list,
    "get": _get,
    "put": _put,
    "watch": _watch,
}
