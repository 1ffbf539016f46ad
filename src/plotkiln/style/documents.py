"""A style document: from the bytes somebody wrote, or a store holds, to a checked style."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from plotkiln.documents import Contract, capped, nearest, read_json, shown
from plotkiln.errors import Fault, RuleError, SchemaError, TooLargeError
from plotkiln.spec.colors import CSS_NAMES, is_color
from plotkiln.style.models import NAME_PATTERN, Style
from plotkiln.style.rc import rc_faults, unknown_names

__all__ = [
    "LARGEST",
    "STYLE_CONTRACT",
    "ParsedStyle",
    "check_name",
    "parse_stored",
    "parse_written",
]

#: Bytes of one document.
LARGEST = 64 * 1024

_EXAMPLE = {
    "figure": {"figsize": [10, 6], "dpi": 120},
    "font": {"family": "sans-serif", "size": 12},
    "title": {"fontsize": 16, "fontweight": "bold", "color": "#333333"},
    "axes": {"grid": True, "grid_linestyle": "--", "grid_alpha": 0.6},
    "legend": {"fontsize": "small", "frameon": False},
    "palette": ["#007ACC", "#D55E00"],
    "watermark": {"text": "Internal Use Only", "alpha": 0.2},
}

#: What is published, and what is written through plotkiln must keep.
STYLE_CONTRACT = Contract(
    Style,
    title="plotkiln style",
    description="How charts look. Every section and every member is optional; what is missing "
    "comes from the style that `extends` names, else from the built-in style.",
    identifier="/schemas/style",
    examples=[_EXAMPLE],
    closed=True,
)

#: The same, with members that this release does not know: somebody else stored the document.
_STORED = Contract(Style, title=STYLE_CONTRACT.title, description=STYLE_CONTRACT.description)

_NAME = re.compile(NAME_PATTERN)


class ParsedStyle(msgspec.Struct, frozen=True):
    """A style and what was ignored while it was read."""

    style: Style
    #: Unknown members of a stored document, each with its path.
    warnings: tuple[str, ...] = ()


def parse_written(data: bytes) -> ParsedStyle:
    """Read a document that is about to be stored.

    Raises `TooLargeError` past 64 KiB, `MalformedError` when it is not JSON; else, with every fault
    that it has, `SchemaError` when it breaks the published schema, and `RuleError` when only a
    colour or an rcParam is at fault.
    """
    return ParsedStyle(_parse(_read(data), STYLE_CONTRACT))


def parse_stored(data: bytes) -> ParsedStyle:
    """Read a document that a store holds; unknown members are ignored, with a warning each.

    So are names in `rc` that Matplotlib does not know: releases of it differ in them. Raises what
    `parse_written` raises.
    """
    value, ignored = _without_unknown_names(_read(data))
    style = _parse(value, _STORED)
    ignored = capped([*STYLE_CONTRACT.unknown(value), *ignored])
    return ParsedStyle(style, tuple(f"{fault} (ignored)" for fault in ignored))


def check_name(name: str) -> str:
    """Return `name` when a style may be called that; raises `RuleError` otherwise."""
    if _NAME.fullmatch(name):
        return name
    message = (
        f"{shown(name)} is no style name: begin with a letter or digit, go on with letters, "
        "digits, '.', '_' or '-', and stay within 128 characters"
    )
    raise RuleError(faults=[Fault("name", message)])


def _read(data: bytes) -> Any:
    if len(data) > LARGEST:
        message = f"a style document has at most {LARGEST} bytes; this one has {len(data)}"
        raise TooLargeError(faults=[Fault("", message)])
    return read_json(data)


def _parse(value: Any, contract: Contract[Style]) -> Style:
    rules = capped(_rule_faults(value)) if isinstance(value, dict) else []
    try:
        style = contract.convert(value)
    except SchemaError as error:
        raise SchemaError(faults=capped([*error.faults, *rules])) from None
    if rules:
        raise RuleError(faults=rules)
    return style


def _without_unknown_names(value: Any) -> tuple[Any, list[Fault]]:
    """Return a style's JSON value without the rcParams that nobody knows, and a fault for each."""
    rc = value.get("rc") if isinstance(value, dict) else None
    if not isinstance(rc, dict):
        return value, []
    unknown = set(unknown_names(rc))
    known = {name: entry for name, entry in rc.items() if name not in unknown}
    return {**value, "rc": known}, capped(rc_faults(dict.fromkeys(sorted(unknown))))


def _rule_faults(value: dict[str, Any]) -> Iterator[Fault]:
    """Yield what the schema cannot tell; a value of the wrong type is the schema's to tell."""
    sections = ((name, member) for name, member in value.items() if isinstance(member, dict))
    for name, section in sections:
        yield from rc_faults(section) if name == "rc" else _color_faults(name, section)
    palette = value.get("palette")
    yield from _palette_faults(palette if isinstance(palette, list) else [])


def _color_faults(name: str, section: dict[str, Any]) -> Iterator[Fault]:
    for member, value in section.items():
        if member.endswith("color") and isinstance(value, str) and not is_color(value):
            yield _no_color(f"{name}.{member}", value)


def _palette_faults(palette: list[Any]) -> Iterator[Fault]:
    for index, value in enumerate(palette):
        if not isinstance(value, str):
            continue
        if not is_color(value):
            yield _no_color(f"palette[{index}]", value)
        elif value[1:].isdecimal() and value.startswith("C"):
            message = f"{value} is a place in the palette: name the colour itself"
            yield Fault(f"palette[{index}]", message)


def _no_color(path: str, value: str) -> Fault:
    hint = nearest(value, CSS_NAMES)
    return Fault(path, f"{shown(value)} is no colour{hint}: send #RRGGBB or a CSS name")
