"""Where in a template's code an error arose, told without a path of this machine."""

import linecache
import sys
from collections.abc import Iterator
from pathlib import Path
from traceback import walk_tb

import msgspec

__all__ = ["Place", "place_of", "told", "told_at"]

#: Characters of a message, and of a line of code.
MOST_MESSAGE, MOST_LINE = 300, 120


class Place(msgspec.Struct, frozen=True):
    """One line of a source's code."""

    #: Below the source.
    file: str
    line: int
    text: str


def told(error: BaseException, root: str) -> str:
    """Say what went wrong, and where in the code below `root`."""
    place = place_of(error, root)
    what = f"{type(error).__name__}: {_message(error, root)}".rstrip(": ")
    return f"{told_at(place)}: {what}, in: {place.text}" if place else what


def told_at(place: Place) -> str:
    """Name a place: `speedometer.py line 12`."""
    return f"{place.file} line {place.line}"


def place_of(error: BaseException, root: str) -> Place | None:
    """Return the innermost line below `root` that an error passed through, None for none."""
    lines = list(_lines(error, root))
    if not lines:
        return None
    file, line = lines[-1]
    text = linecache.getline(file, line).strip()
    shown = text if len(text) <= MOST_LINE else text[: MOST_LINE - 1] + "…"
    return Place(_below(file, root), line, shown)


def _lines(error: BaseException, root: str) -> Iterator[tuple[str, int]]:
    for frame, line in walk_tb(error.__traceback__):
        if _is_below(frame.f_code.co_filename, root):
            yield frame.f_code.co_filename, line
    if isinstance(error, SyntaxError) and _is_below(error.filename or "", root):
        yield error.filename or "", error.lineno or 1


def _message(error: BaseException, root: str) -> str:
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception:  # noqa: BLE001 -- somebody else's class, at the process boundary
        text = ""
    for place, shown in ((f"{root}/", ""), (root, "."), *_places()):
        text = text.replace(place, shown)
    text = " ".join(text.split())
    return text if len(text) <= MOST_MESSAGE else text[: MOST_MESSAGE - 1] + "…"


def _places() -> Iterator[tuple[str, str]]:
    """Yield the folders of this machine that a message may name, the longest first."""
    folders = {*filter(None, sys.path), sys.prefix, sys.base_prefix, str(Path(__file__).parents[2])}
    for folder in sorted(folders, key=len, reverse=True):
        yield f"{folder.rstrip('/')}/", "…/"


def _is_below(file: str, root: str) -> bool:
    return file == root or file.startswith(f"{root}/")


def _below(file: str, root: str) -> str:
    return Path(file).name if file == root else file[len(root) + 1 :]
