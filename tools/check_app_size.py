# ruff: noqa: INP001 -- a script, run by the tests and by hand
"""Holds the built web app to its sizes: compressed script that a visitor waits for.

The build's own manifest says which chunk imports which. A chunk counts with everything that it
imports statically, as the browser fetches it; chunks that are fetched later count where they are
waited for. Prints a table, or JSON with `--json`; ends with exit code 1 past a bound.
"""

import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

APP = Path(__file__).parents[1] / "src/plotkiln/api/static/app"

#: What is fetched before the first view, the chart, stands on the page.
_FIRST_VIEW = ("index.html", "src/client/chart/index.tsx")

#: The folders whose words it shows.
_FIRST_WORDS = ("src/client/shell", "src/client/chart")

#: Names the chunk of the styles' JSON editor.
_EDITOR = "editor"

Manifest = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Load:
    """Files that are fetched together, and the most they may weigh."""

    name: str
    files: tuple[str, ...]
    #: Kilobytes of 1000 bytes, compressed by gzip.
    bound: float

    @property
    def size(self) -> float:
        """Kilobytes, compressed file by file as they are served."""
        return sum(map(compressed, self.files)) / 1000


def main() -> int:
    """Print the sizes; return the exit code."""
    manifest: Manifest = json.loads((APP / ".vite/manifest.json").read_text())
    loads = [first_load(manifest, language) for language in ("en", "zh")]
    loads += [editor(manifest), Load("service worker", ("sw.js",), 3)]
    if "--json" in sys.argv:
        print(json.dumps([{"name": x.name, "files": x.files, "size": x.size} for x in loads]))
    else:
        print("\n\n".join("\n".join(lines(load)) for load in loads))
    return int(any(load.size > load.bound for load in loads))


def first_load(manifest: Manifest, language: str) -> Load:
    """Return what the first view waits for in a language."""
    words = (f"{room}/{language}.ts" for room in _FIRST_WORDS)
    return Load(f"first load, {language}", closure(manifest, (*_FIRST_VIEW, *words)), 30)


def editor(manifest: Manifest) -> Load:
    """Return what opening the JSON editor adds to a page that shows the styles."""
    opened = [key for key, chunk in manifest.items() if _is_editor(chunk)]
    if not opened:
        raise SystemExit("no chunk is named after the editor: is it bundled with the views?")
    views = (key for key in manifest if key == "index.html" or key.endswith("styles/index.tsx"))
    present = closure(manifest, views)
    added = (file for file in closure(manifest, opened) if file not in present)
    return Load("style editor", tuple(added), 130)


def _is_editor(chunk: dict[str, Any]) -> bool:
    return chunk.get("isDynamicEntry", False) and Path(chunk["src"]).stem == _EDITOR


def closure(manifest: Manifest, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the script files of chunks and of all that they import statically, each once."""
    return tuple(dict.fromkeys(_files(manifest, keys, set())))


def _files(manifest: Manifest, keys: Iterable[str], seen: set[str]) -> Iterator[str]:
    for key in keys:
        if key in seen:
            continue
        seen.add(key)
        yield manifest[key]["file"]
        yield from _files(manifest, manifest[key].get("imports", ()), seen)


@cache
def compressed(file: str) -> int:
    """Return the bytes of a file under gzip, as api/app_files.py compresses it."""
    return len(gzip.compress((APP / file).read_bytes(), 9, mtime=0))


def lines(load: Load) -> Iterator[str]:
    """Describe a load: its sum, then each file, the heaviest first."""
    verdict = "" if load.size <= load.bound else f"  {load.size - load.bound:.2f} kB TOO MUCH"
    yield f"{load.size:8.2f} kB of {load.bound:g}  {load.name}{verdict}"
    for file in sorted(load.files, key=compressed, reverse=True):
        yield f"{compressed(file) / 1000:8.2f}    {file}"


if __name__ == "__main__":
    sys.exit(main())
