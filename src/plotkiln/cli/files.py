"""Files named on the command line; `-` is standard input or output."""

import sys
from pathlib import Path

from plotkiln.errors import InputError

__all__ = ["read_file", "write_file"]


def read_file(name: str) -> bytes:
    """Return a file's content; raises `InputError` with the reason where it cannot be read."""
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error


def write_file(name: str, data: bytes) -> None:
    """Write a file, whole or not at all; raises `InputError` where it cannot be written."""
    if name == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    path = Path(name)
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise InputError(f"{name}: {error.strerror}") from error
