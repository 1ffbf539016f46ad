"""The fonts that the renderer may use, and a fingerprint of them that costs no Matplotlib."""

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import msgspec

__all__ = ["FontSet", "font_folders", "installed_fonts"]

#: Outline fonts that FreeType reads and Matplotlib can embed.
_SUFFIXES = (".ttf", ".otf", ".ttc")

#: A font file begins with a directory that holds a checksum of each of its tables (OpenType 1.9,
#: "Organization of an OpenType font"), so that its beginning and size stand for all of it.
_DIRECTORY = 8192


class FontSet(msgspec.Struct, frozen=True):
    """Font files in one fixed order, and what stands for their content."""

    #: Absolute paths, Matplotlib's own first, then by file name.
    files: tuple[str, ...]
    #: SHA-256 over names, sizes and table directories.
    fingerprint: str


def font_folders() -> list[Path]:
    """Return the folders that are searched: Matplotlib's own, the system's, the user's."""
    return [_shipped_fonts(), *map(Path, _system_folders())]


def installed_fonts(folders: Iterable[Path] | None = None) -> FontSet:
    """Find every font file below `folders` (by default those of this machine).

    Unreadable files and folders are left out: the renderer could not use them either.
    """
    digest = hashlib.sha256()
    files = []
    for folder in font_folders() if folders is None else folders:
        for path in sorted(_font_files(folder), key=_name_then_path):
            try:
                directory = _table_directory(path)
            except OSError:
                continue
            digest.update(directory)
            files.append(path)
    return FontSet(tuple(files), digest.hexdigest())


def _shipped_fonts() -> Path:
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("Matplotlib is not installed", name="matplotlib")
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"


def _system_folders() -> list[str]:
    home = os.path.expanduser("~")  # noqa: PTH111 -- Path.home() raises where there is none
    if sys.platform == "darwin":
        return ["/System/Library/Fonts", "/Library/Fonts", f"{home}/Library/Fonts"]
    shared = ["/usr/share/fonts", "/usr/local/share/fonts"]
    return [*shared, f"{home}/.local/share/fonts", f"{home}/.fonts"]


def _font_files(folder: Path) -> Iterator[str]:
    for parent, _, names in os.walk(folder):
        for name in names:
            if name.lower().endswith(_SUFFIXES):
                yield f"{parent}/{name}"


def _name_then_path(path: str) -> tuple[str, str]:
    return path.rpartition("/")[2], path


def _table_directory(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 -- hundreds at each cold start
        size = os.fstat(file.fileno()).st_size
        name = path.rpartition("/")[2]
        return f"{name}\0{size}\0".encode() + (file.read(_DIRECTORY) or b"")
