"""Installed distributions, and the entry points by which they offer templates.

Reads `*.dist-info` folders on `sys.path` (binary distribution format, "The .dist-info directory";
entry points specification, "File format"): importlib.metadata would cost a cold start 30 ms.
"""

import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import msgspec

__all__ = ["GROUP", "EntryPoint", "Installed", "installed", "package_root"]

#: The entry points' group.
GROUP = "plotkiln.templates"


class EntryPoint(msgspec.Struct, frozen=True):
    """What one distribution offers under one name."""

    distribution: str
    #: `package.module`, or `package.module:object`.
    value: str


class Installed(msgspec.Struct, frozen=True):
    """What is installed."""

    #: The names of all `.dist-info` folders, which hold names and versions.
    distributions: tuple[str, ...]
    #: In the group of templates, by distribution and value.
    entry_points: tuple[EntryPoint, ...]


def installed() -> Installed:
    """Return every distribution on `sys.path`, and the entry points of templates."""
    distributions: dict[str, None] = {}
    points: set[tuple[str, str]] = set()
    for folder in filter(os.path.isdir, sys.path):
        for entry in os.listdir(folder):  # noqa: PTH208 -- names alone, all of them
            if entry.endswith(".dist-info") and entry not in distributions:
                distributions[entry] = None
                name = entry.removesuffix(".dist-info").partition("-")[0]
                points |= {(name, value) for value in _values(f"{folder}/{entry}")}
    found = tuple(EntryPoint(name, value) for name, value in sorted(points))
    return Installed(tuple(sorted(distributions)), found)


def package_root(value: str) -> Path | None:
    """Return the folder or the file that an entry point's code lies in; None where there is none.

    Finds the outermost package that is a folder with an `__init__.py`, without importing it:
    namespaces above it belong to several distributions.
    """
    names = value.partition(":")[0].strip().split(".")
    try:
        spec = find_spec(names[0])
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    if spec.origin and spec.submodule_search_locations is None:
        return Path(spec.origin)
    return _within([Path(place) for place in spec.submodule_search_locations or ()], names[1:])


def _within(places: list[Path], names: list[str]) -> Path | None:
    for place in places:
        if (place / "__init__.py").is_file():
            return place
        if names and (place / f"{names[0]}.py").is_file():
            return place / f"{names[0]}.py"
    below = [place / names[0] for place in places if names and (place / names[0]).is_dir()]
    return _within(below, names[1:]) if below else None


def _values(folder: str) -> Iterator[str]:
    """Yield the values in the group, of one distribution."""
    try:
        text = Path(folder, "entry_points.txt").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    group = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            group = line.strip("[]").strip()
        elif group == GROUP and "=" in line and not line.startswith(("#", ";")):
            yield line.partition("=")[2].partition("[")[0].strip()  # without extras
