"""Pictures as they come from a server, and as notebooks show them."""

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec

from plotkiln.client.exchanges import Answer
from plotkiln.client.problems import foreign
from plotkiln.errors import InputError
from plotkiln.spec.models import Format

__all__ = ["MEDIA_TYPES", "Picture", "format_of_file", "picture_of", "url_of"]

MEDIA_TYPES: Mapping[Format, str] = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "webp": "image/webp",
    "jpeg": "image/jpeg",
}

#: Endings that name a format.
_ENDINGS: Mapping[str, Format] = {**{f".{name}": name for name in MEDIA_TYPES}, ".jpg": "jpeg"}

#: One stage of Server-Timing (W3C).
_STAGE = re.compile(r"([\w-]+);dur=(\d+(?:\.\d+)?)")
_SOURCE = re.compile(r"source;desc=(\w+)")


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """One finished picture; a notebook shows it by itself."""

    #: The file's content.
    data: bytes
    format: Format
    #: The rendering's digest: equal ones are equal bytes.
    digest: str
    #: Name and version of the style, as `default@42`.
    style: str
    #: `fresh`, `stale` (the last good one) or `builtin`; empty for jobs, whose style is fixed.
    style_state: str = ""
    #: What is drawn otherwise than asked for.
    warnings: tuple[str, ...] = ()
    #: Where it came from: `drawn`, `memory`, `store`, `joined`, `kept`; empty where nobody says.
    source: str = ""
    #: Milliseconds by stage, where it was drawn for this answer.
    timing: Mapping[str, float] = {}
    #: Where a GET shows the same spec in the style of its day; None where the spec is not stored.
    url: str | None = None
    #: The id of the job that drew it; None where it was drawn at once.
    job: str | None = None

    @property
    def media_type(self) -> str:
        """Its media type, as `image/png`."""
        return MEDIA_TYPES[self.format]

    def save(self, path: str | Path) -> Path:
        """Write a file, whole or not at all, and return its path.

        Raises `InputError` where it cannot be written, or its ending names another format.
        """
        path = Path(path)
        named = format_of_file(path)
        if named not in {None, self.format}:
            raise InputError(f"{path} would hold {self.format}: ask for format={named!r} instead.")
        partial = path.with_name(f".{path.name}.partial")
        try:
            partial.write_bytes(self.data)
            partial.replace(path)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise InputError(f"{path}: {error.strerror}") from error
        return path

    def __repr__(self) -> str:
        size = f"{len(self.data) / 1024:.1f} KiB"
        state = f" ({self.style_state})" if self.style_state else ""
        return f"<Picture {self.format}, {size}, {self.style}{state}>"

    def _repr_png_(self) -> bytes | None:
        return self.data if self.format == "png" else None

    def _repr_jpeg_(self) -> bytes | None:
        return self.data if self.format == "jpeg" else None

    def _repr_svg_(self) -> str | None:
        return self.data.decode() if self.format == "svg" else None

    def _repr_pdf_(self) -> bytes | None:
        return self.data if self.format == "pdf" else None

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Return what a notebook shows, by media type; files of bytes are in base64 there."""
        shown = self.data.decode() if self.format == "svg" else base64.b64encode(self.data).decode()
        bundle = {self.media_type: shown, "text/plain": repr(self)}
        wanted = set(include or bundle) - set(exclude or ())
        return {name: value for name, value in bundle.items() if name in wanted}


def format_of_file(path: str | Path) -> Format | None:
    """Return the format that a file's ending names; None where it names none."""
    return _ENDINGS.get(Path(path).suffix.lower())


def picture_of(answer: Answer, address: str, *, job: str | None = None) -> Picture:
    """Return the picture that a good answer holds."""
    headers = answer.headers
    timing = headers.get("server-timing", "")
    source = _SOURCE.search(timing)
    return Picture(
        data=answer.body,
        format=_format(answer),
        digest=headers.get("etag", "").removeprefix("W/").strip('"').removesuffix("-gzip"),
        style=headers.get("plotkiln-style", ""),
        style_state=headers.get("plotkiln-style-state", ""),
        warnings=_warnings(headers.get("plotkiln-warnings", "")),
        source=source[1] if source else "",
        timing={name: float(milliseconds) for name, milliseconds in _STAGE.findall(timing)},
        url=url_of(answer, address),
        job=job,
    )


def url_of(answer: Answer, address: str) -> str | None:
    """Return where an answer says that its chart is always shown; None where it does not."""
    place = answer.headers.get("content-location")
    return f"{address}{place}" if place else None


def _format(answer: Answer) -> Format:
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    for name, known in MEDIA_TYPES.items():
        if known == media_type:
            return name
    raise foreign(answer)


def _warnings(line: str) -> tuple[str, ...]:
    return tuple(unquote(warning) for warning in line.split("; ") if warning)
