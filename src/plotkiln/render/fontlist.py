"""Matplotlib's font list: the files it was given, never what it finds on the machine.

This module must be the first to import Matplotlib: on import, Matplotlib's font manager runs
`fc-list` and reads every font of the machine (seconds), and two machines would draw two pictures.
"""

import dataclasses
import json
import logging
import os
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.ft2font import FaceFlags, FT2Font

__all__ = ["FONTS", "ensure_fonts", "font_manager", "use_fonts"]

#: The name of the list within the cache folder.
CACHE_NAME = "plotkiln-fonts.json"


def _import_font_manager() -> Any:
    """Import `matplotlib.font_manager` with an empty list instead of its search of the machine.

    While its module body runs, the module asks `matplotlib.get_cachedir()` where its list is kept
    and reads it with `json_load`; both answers are given here.
    """
    name = "matplotlib.font_manager"
    if name in sys.modules:
        return sys.modules[name]
    ask = mpl.get_cachedir

    def answer() -> str:
        module: Any = sys.modules[name]
        module.json_load = lambda _path: _blank_manager(module.FontManager)
        return ""

    mpl.get_cachedir = answer
    try:
        return import_module(name)
    finally:
        mpl.get_cachedir = ask


def _blank_manager(manager: Any) -> Any:
    blank = manager.__new__(manager)
    families = {"ttf": "DejaVu Sans", "afm": "Helvetica"}
    blank.__dict__.update(_version=manager.__version__, default_size=None, defaultFamily=families)
    blank.__dict__.update(_FontManager__default_weight="normal", afmlist=[], ttflist=[])
    return blank


font_manager: Any = _import_font_manager()
#: Matplotlib's one font manager.
FONTS: Any = font_manager.fontManager


def use_fonts(files: Sequence[Path], cache: Path | None = None) -> None:
    """Make Matplotlib use exactly these files, and those it ships, which mathtext needs.

    Matplotlib's own come first, so that DejaVu Sans is the same file everywhere; then `files` as
    given: of two that suit alike, the first is taken. Files that cannot be drawn (bitmaps, colour
    glyphs, broken ones) are left out. The list is kept in the folder `cache`, one for each content
    of the fonts, and read from there while their paths and sizes are the same, whatever their
    times: those do not survive in every image. A broken or unwritable cache only costs time.
    """
    chosen = list(dict.fromkeys([*_shipped(), *files]))
    key = [mpl.__version__, *(_fingerprint(path) for path in chosen)]
    entries = _cached(cache, key) if cache else None
    if entries is None:
        entries = [entry for path in chosen for entry in _entries(path)]
        if cache:
            _keep(cache, key, entries)
    FONTS.afmlist, FONTS.ttflist = [], entries
    _forget_found()
    # Unknown families and missing glyphs are warnings of the rendering, not lines of the log.
    for name in ("matplotlib.font_manager", "matplotlib.mathtext"):
        logging.getLogger(name).setLevel(logging.ERROR)


def ensure_fonts() -> None:
    """Use the fonts that Matplotlib ships, unless others were chosen before."""
    if not FONTS.ttflist:
        use_fonts([])


def _shipped() -> list[Path]:
    return sorted(Path(mpl.get_data_path(), "fonts", "ttf").glob("*.ttf"))


def _fingerprint(path: Path) -> list[str | int]:
    try:
        return [str(path), path.stat().st_size]
    except OSError:
        return [str(path), -1]


def _entries(path: Path) -> list[Any]:
    """Return one entry per face and family name; none for a font that cannot be drawn."""
    FONTS.ttflist = []
    try:
        if FaceFlags.COLOR in FT2Font(str(path)).face_flags:
            return []  # its glyphs are bitmaps or layers of colour: Agg draws outlines
        FONTS.addfont(path)
    except (OSError, RuntimeError, ValueError, NotImplementedError, UnicodeDecodeError):
        return []
    return list(FONTS.ttflist)


def _cached(cache: Path, key: list[Any]) -> list[Any] | None:
    try:
        stored = json.loads((cache / CACHE_NAME).read_bytes())
        if stored["key"] == key:
            return [font_manager.FontEntry(*row) for row in stored["entries"]]
    except (OSError, ValueError, LookupError, TypeError):
        pass
    return None


def _keep(cache: Path, key: list[Any], entries: list[Any]) -> None:
    """Write the list under its name at once, so that no other process reads half of it."""
    stored = {"key": key, "entries": [list(dataclasses.astuple(entry)) for entry in entries]}
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=cache, suffix=".json", delete=False) as file:
            json.dump(stored, file)
        os.replace(file.name, cache / CACHE_NAME)  # noqa: PTH105 -- a str and a Path mix here
    except OSError:
        pass


def _forget_found() -> None:
    # Matplotlib remembers what it found for (family, weight, …) in a list that is no more.
    FONTS._findfont_cached.cache_clear()  # noqa: SLF001 -- the public addfont does just this
