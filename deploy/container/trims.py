"""What the image leaves out of Python and of the packages, each with its reason."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

__all__ = ["APP_TRIMS", "PACKAGE_TRIMS", "STDLIB_TRIMS", "Trim", "size_of", "trim"]


class Trim(NamedTuple):
    """Files that nothing here ever opens."""

    #: Patterns below the folder that is trimmed, as `Path.glob` takes them.
    patterns: tuple[str, ...]
    reason: str


def _extensions(*names: str) -> tuple[str, ...]:
    return tuple(f"lib-dynload/{name}.*" for name in names)


STDLIB_TRIMS = (
    Trim(("test", "idlelib/idle_test", "unittest/test", "*/tests"), "tests"),
    Trim(
        ("idlelib", "tkinter", "turtle.py", "turtledemo", "lib-dynload/_tkinter.*"),
        "windows on a screen",
    ),
    Trim(("ensurepip", "venv", "distutils", "lib2to3", "pydoc_data"), "tools of developers"),
    Trim(("curses", *_extensions("_curses", "_curses_panel", "readline")), "terminals"),
    Trim(_extensions("nis", "_crypt", "_dbm", "_gdbm", "ossaudiodev", "spwd"), "other machines"),
    Trim(
        ("config-*", "lib-dynload/_test*", "lib-dynload/xx*", "lib-dynload/_ctypes_test*"),
        "files of compilers",
    ),
)

PACKAGE_TRIMS = (
    Trim(("bin",), "commands of the packages: there is one, plotkiln"),
    Trim(("**/tests", "numpy/conftest.py"), "tests"),
    Trim(("matplotlib/mpl-data/sample_data",), "data of Matplotlib's examples"),
    Trim(
        (
            "matplotlib/mpl-data/images",
            "matplotlib/backends/web_backend",
            "matplotlib/backends/_tkagg*",
        ),
        "windows on a screen",
    ),
    Trim(
        ("numpy/f2py", "numpy/_core/include", "numpy/_core/lib", "numpy/random/lib"),
        "files of compilers",
    ),
    Trim(("**/*.pyi", "**/*.pyx", "**/*.pxd", "**/*.a", "**/*.h", "**/*.c"), "files of compilers"),
    Trim(("PIL/_avif.*", "pillow.libs/libavif-*"), "AVIF, which no spec can ask for"),
    Trim(("PIL/_imagingtk.*",), "windows on a screen"),
)

APP_TRIMS = (
    Trim(("bin",), "the command of a virtual environment: the tree has one of its own"),
    Trim(
        ("plotkiln-*.dist-info/direct_url.json", "plotkiln-*.dist-info/RECORD"),
        "where the wheel lay when it was built",
    ),
    Trim(("plotkiln/api/static/app/.vite",), "what the web app's build notes for itself"),
)


def trim(folder: Path, trims: Iterable[Trim]) -> dict[str, int]:
    """Remove what the patterns find below a folder; return the bytes that each reason saved."""
    saved: dict[str, int] = {}
    for patterns, reason in trims:
        for path in [path for pattern in patterns for path in folder.glob(pattern)]:
            if path.exists():  # unless it went with its folder
                saved[reason] = saved.get(reason, 0) + size_of(path)
                _remove(path)
    return saved


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files below a folder; links count nothing."""
    if path.is_symlink():
        return 0
    if path.is_file():
        return path.stat().st_size
    return sum(size_of(below) for below in path.iterdir())


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
