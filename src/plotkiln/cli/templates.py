"""`plotkiln templates`: begin one, see what there is, draw by it."""

import asyncio
import logging
import os
import re
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from pathlib import Path
from textwrap import fill
from typing import Any

import msgspec

import plotkiln.templates
from plotkiln.cli.exits import Exit
from plotkiln.cli.files import read_file
from plotkiln.cli.render import draw_file
from plotkiln.cli.template_params import params_of, type_words
from plotkiln.cli.terminal import BOLD, RED, paint
from plotkiln.cli.workshop import Workshop, open_pool, open_templates
from plotkiln.errors import Fault, InputError, MalformedError, RuleError
from plotkiln.identity import ANONYMOUS
from plotkiln.service import Metrics, TemplateService
from plotkiln.settings import read_settings
from plotkiln.templates.descriptions import DescribedTemplate
from plotkiln.workers import installed_fonts

__all__ = ["templates"]

#: A file to begin with; NAME and FUNCTION stand for what is new.
_STARTER = Path(plotkiln.templates.__file__).parent / "starter.txt"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_SIZE = re.compile(r"(\d{1,6})[x×](\d{1,6})")


def templates(options: Namespace) -> Exit:
    """Run one act on the templates."""
    logging.basicConfig(level="ERROR", format="%(message)s")
    if options.act == "new":
        return _new(options)
    if options.act == "render":
        return draw_file(options, lambda workshop: _spec(options, workshop))
    acts = {"list": _list, "show": _show}
    asyncio.run(_with_service(options, acts[options.act]))
    return Exit.OK


async def _with_service(
    options: Namespace, act: Callable[[Namespace, TemplateService], Awaitable[None]]
) -> None:
    settings = read_settings(os.environ)
    pool = open_pool(settings, installed_fonts(), Metrics())
    try:
        await act(options, open_templates(settings, pool))
    finally:
        pool.retire()  # started only where something had to be described


def _new(options: Namespace) -> Exit:
    if not _NAME.fullmatch(options.name):
        message = "write letters, digits, points, hyphens and underscores"
        raise RuleError(faults=[Fault("NAME", f"{options.name} is no template's name: {message}")])
    folder = read_settings(os.environ).templates
    function = re.sub(r"\W|^(?=\d)", "_", options.name)
    path = options.output or (folder or Path()) / f"{function}.py"
    text = _STARTER.read_text().replace("NAME", options.name).replace("FUNCTION", function)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x") as file:
            file.write(text)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    found = folder is not None and path.absolute().parent == folder
    setting = "" if found else f"PLOTKILN_TEMPLATES={path.parent} "
    print(f"wrote {paint(str(path), BOLD)}; draw by it:")
    print(f"{setting}plotkiln templates render {options.name} -o {options.name}.png")
    return Exit.OK


async def _list(options: Namespace, service: TemplateService) -> None:
    listed = await service.list(ANONYMOUS)
    if options.json:
        print(msgspec.json.encode(listed).decode())
        return
    for found in listed.templates:
        print(f"{paint(f'{found.name:<28}', BOLD)} {found.source:<16} {found.title}")
    for broken in listed.broken:
        label = paint("broken:", RED, sys.stderr)
        place = f"{broken.source} {broken.target}".strip()
        sys.stderr.write(f"{label} {place}: {broken.message}\n")


async def _show(options: Namespace, service: TemplateService) -> None:
    found = await service.get(ANONYMOUS, options.name)
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(found.params), indent=2).decode())
        return
    size = f", {found.size[0]} × {found.size[1]} pixels" if found.size else ""
    print(f"{paint(found.title, BOLD)} ({found.file} of {found.source}{size})")
    if found.description:
        print(fill(found.description, 88))
    for name, member in found.params.get("properties", {}).items():
        print(_parameter(name, member, found))


def _parameter(name: str, member: dict[str, Any], found: DescribedTemplate) -> str:
    """Return the lines that describe one parameter as a flag."""
    if name in found.params.get("required", []):
        presence = "must be given"
    elif "default" in member:
        presence = f"default {msgspec.json.encode(member['default']).decode()}"
    else:
        presence = "may be left out"
    flag = f"--{name.replace('_', '-')}"
    line = f"\n  {paint(flag, BOLD)}  {type_words(member, found.params)}; {presence}"
    words = member.get("description", "")
    indent = "      "
    return f"{line}\n{fill(words, 88, initial_indent=indent, subsequent_indent=indent)}".rstrip()


async def _spec(options: Namespace, workshop: Workshop) -> bytes:
    """Return the spec that flags and a file of parameters make."""
    found = await workshop.templates.get(ANONYMOUS, options.name)
    params = {**_from_file(options.params), **params_of(options.flags, found.params)}
    spec: dict[str, Any] = {"template": options.name, "params": params}
    if options.size:
        match = _SIZE.fullmatch(options.size)
        if match is None:
            raise MalformedError(f"--size {options.size}: expected WIDTHxHEIGHT in pixels.")
        spec["size"] = {"width": int(match[1]), "height": int(match[2])}
    return msgspec.json.encode(spec)


def _from_file(name: str | None) -> dict[str, Any]:
    if name is None:
        return {}
    try:
        return msgspec.json.decode(read_file(name), type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise MalformedError(f"{name}: expected a JSON object: {error}") from error
