"""The files of the built web app: found once, read and compressed at their first use."""

import gzip
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

__all__ = ["AppFile", "Content", "content_of", "find_app_files"]

#: Ending → media type. `.webmanifest` is registered by the Web App Manifest.
_MEDIA_TYPES: Mapping[str, str] = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}

_COMPRESSED_ALREADY = {".ico", ".jpg", ".png", ".webp", ".woff2"}


class AppFile(msgspec.Struct, frozen=True):
    """One file of the app."""

    path: Path
    media_type: str
    #: Whether gzip makes it smaller.
    compressible: bool
    #: Whether its name holds a hash of its content: it never changes under that name.
    immutable: bool


class Content(msgspec.Struct, frozen=True):
    """The bytes of a file under one content coding, and their entity tag."""

    data: bytes
    tag: str


def find_app_files(folder: Path) -> dict[str, AppFile]:
    """Return address → file of all that was built into a folder, hidden files left out.

    The document stands at `/` and under its own name. A folder that is not there has no files.
    """
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    shown = [path for path in paths if not any(part.startswith(".") for part in path.parts)]
    files = {f"/{path.as_posix()}": _described(folder, path) for path in shown}
    if "/index.html" in files:
        files["/"] = files["/index.html"]
    return files


def _described(folder: Path, path: Path) -> AppFile:
    return AppFile(
        path=folder / path,
        media_type=_MEDIA_TYPES.get(path.suffix, "application/octet-stream"),
        compressible=path.suffix not in _COMPRESSED_ALREADY,
        immutable=path.parts[0] == "assets",
    )


@cache
def content_of(file: AppFile, coding: str) -> Content:
    """Return a file's bytes, under the content coding `gzip` or under none; kept from then on.

    Raises `OSError` when the file has gone since the table was made.
    """
    data = file.path.read_bytes()
    tag = sha256(data).hexdigest()[:32]
    if coding:
        return Content(gzip.compress(data, 9, mtime=0), f"{tag}-{coding}")
    return Content(data, tag)
