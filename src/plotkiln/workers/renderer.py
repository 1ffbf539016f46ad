"""What the renderer is, known without starting it: part of every digest."""

import hashlib
import os
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from plotkiln.__about__ import __version__
from plotkiln.documents import canonical_json, sha256_hex

__all__ = ["Renderer", "distribution_versions", "renderer_identity"]

#: Libraries whose release may change the bytes of a picture, in lower case.
_LIBRARIES = ("contourpy", "fonttools", "kiwisolver", "matplotlib", "numpy", "pillow")

#: Rooms of this package that decide between a spec as sent and the bytes of its picture.
_ROOMS = ("documents", "render", "spec", "style", "templates")


class Renderer(msgspec.Struct, frozen=True, kw_only=True):
    """One renderer: two that are equal draw equal bytes from equal input."""

    #: Releases of plotkiln, Python and the libraries.
    versions: dict[str, str]
    #: SHA-256 of the code of the rooms that draw.
    code: str
    #: The fonts' fingerprint.
    fonts: str
    #: Processor architecture: floating point differs between them.
    machine: str

    @property
    def key(self) -> str:
        """SHA-256 of all of it."""
        return sha256_hex(canonical_json(msgspec.to_builtins(self)))


def renderer_identity(fonts: str) -> Renderer:
    """Describe the renderer of this installation, without importing it; `fonts`: a fingerprint."""
    python = ".".join(map(str, sys.version_info[:2]))
    versions = {
        "plotkiln": __version__,
        "python": python,
        "zlib": zlib.ZLIB_RUNTIME_VERSION,  # packs PNG and PDF; the machine's own
        **distribution_versions(_LIBRARIES),
    }
    return Renderer(versions=versions, code=_code_digest(), fonts=fonts, machine=os.uname().machine)


def distribution_versions(names: tuple[str, ...]) -> dict[str, str]:
    """Return the installed release of each distribution; missing ones are left out.

    Reads the names of the `*.dist-info` folders on `sys.path` (binary distribution format, "The
    .dist-info directory"): importlib.metadata would cost a cold start 30 ms.
    """
    found: dict[str, str] = {}
    for folder in filter(os.path.isdir, sys.path):
        for entry in os.listdir(folder):  # noqa: PTH208 -- names alone, at each cold start
            name, _, version = entry.removesuffix(".dist-info").partition("-")
            if entry.endswith(".dist-info") and name.lower() in names:
                found.setdefault(name.lower(), version)
    return found


def _code_digest() -> str:
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    package = Path(__file__).parent.parent
    for room in _ROOMS:
        yield from sorted((package / room).rglob("*.py"))
