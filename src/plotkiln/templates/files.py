"""The files that a source of templates is made of: which, whether they changed, what they hold."""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

__all__ = ["MOST_FILES", "TooManyFilesError", "code_digest", "files_below", "stamps"]

#: A folder with more files than this holds more than templates.
MOST_FILES = 2000

#: A file's path, size, times of last change in nanoseconds, and inode.
Stamp = tuple[str, int, int, int, int]


class TooManyFilesError(Exception):
    """A folder holds more files than templates have."""

    def __init__(self) -> None:
        super().__init__(f"more than {MOST_FILES} files: name a folder of templates alone")


def files_below(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield each regular file below a folder, or `root` itself, by its path from there, in order.

    Hidden files and compiled ones are left out: they decide nothing. Raises `TooManyFilesError`.
    """
    if root.is_file():
        yield root.name, root.stat()
        return
    count = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not _is_passed_over(name))
        for name in sorted(name for name in names if not _is_passed_over(name)):
            path = f"{folder}/{name}"
            try:
                found = os.stat(path)  # noqa: PTH116 -- hundreds, once a second
            except OSError:
                continue  # gone meanwhile, or a link to nowhere
            if stat.S_ISREG(found.st_mode):
                count += 1
                if count > MOST_FILES:
                    raise TooManyFilesError
                yield os.path.relpath(path, root), found


def stamps(root: Path) -> list[Stamp]:
    """Return what changes when a file below `root` does, without reading any."""
    return [
        (name, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
        for name, found in files_below(root)
    ]


def code_digest(root: Path) -> str:
    """Return the SHA-256 of the names and contents of all files below `root`.

    All, not those of Python alone: a template may read what lies beside it.
    """
    digest = hashlib.sha256()
    folder = root if root.is_dir() else root.parent
    for name, _ in files_below(root):
        try:
            data = (folder / name).read_bytes()
        except OSError:
            continue  # unreadable to the loader, too
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def _is_passed_over(name: str) -> bool:
    return name.startswith(".") or name == "__pycache__" or name.endswith(".pyc")
