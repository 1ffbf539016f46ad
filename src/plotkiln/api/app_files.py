"""The files of the built web app: found once, read and compressed at their first use."""

import gzip
import os
from collections.abc import Iterator, Mapping
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
    files = {address: _described(Path(folder, address[1:])) for address in _addresses(folder)}
    if "/index.html" in files:
        files["/"] = files["/index.html"]
    return files


def _addresses(folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = filter(_is_shown, folders)
        below = place.removeprefix(str(folder))
        yield from (f"{below}/{name}" for name in filter(_is_shown, names))


def _is_shown(name: str) -> bool:
    return not name.startswith(".")


def _described(path: Path) -> AppFile:
    return AppFile(
        path=path,
        media_type=_MEDIA_TYPES.get(path.suffix, "application/octet-stream"),
        compressible=path.suffix not in _COMPRESSED_ALREADY,
        immutable=path.parent.name == "assets",
    )


@cache
def content_of(file: AppFile, coding: str, *, head: bytes = b"") -> Content:
    """Return a file's bytes, under the content coding `gzip` or under none; kept from then on.

    `head` is put in at the end of a document's head. Raises `OSError` when the file has gone since
    the table was made.
    """
    data = file.path.read_bytes()
    if head:
        data = data.replace(b"</head>", head + b"</head>", 1)
    tag = sha256(data).hexdigest()[:32]
    if coding:
        return Content(gzip.compress(data, 9, mtime=0), f"{tag}-{coding}")
    return Content(data, tag)
