"""What is known of templates without loading them: each source is described when it is loaded."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import msgspec

__all__ = [
    "BrokenTemplate",
    "DescribedTemplate",
    "SourceDescription",
    "keep_descriptions",
    "kept_descriptions",
]


class DescribedTemplate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One template as users see it."""

    name: str
    title: str
    description: str
    #: `plotkiln`, the name of a distribution, or that of the folder.
    source: str
    #: The file that declares it, below its source.
    file: str
    #: JSON Schema (2020-12) of the parameters.
    params: dict[str, Any]
    #: Width and height, in pixels, of a picture whose spec has no size; the style's where missing.
    size: Annotated[tuple[int, ...], msgspec.Meta(min_length=2, max_length=2)] | None = None


class BrokenTemplate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What could not be loaded, and why."""

    #: `plotkiln`, the name of a distribution, or that of the folder.
    source: str
    #: The file or the entry point; empty for the source as a whole.
    target: str
    #: What went wrong, with file and line where there are any.
    message: str
    #: The file and the line in which it went wrong.
    file: str = ""
    line: int | None = None
    #: Whether loading it took the process along, or as good as: it is not tried again.
    fatal: bool = False


class SourceDescription(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one source of templates holds."""

    #: The source's key: it names this content, and none else.
    key: str
    templates: list[DescribedTemplate]
    broken: list[BrokenTemplate] = []


_decoder = msgspec.json.Decoder(list[SourceDescription])


def kept_descriptions(file: Path) -> dict[str, SourceDescription]:
    """Return the descriptions in a file by key; none where it is missing or of another form."""
    try:
        return {found.key: found for found in _decoder.decode(file.read_bytes())}
    except (OSError, msgspec.DecodeError):
        return {}


def keep_descriptions(file: Path, descriptions: Iterable[SourceDescription]) -> None:
    """Write a file, whole or not at all; raises `OSError` where it cannot be."""
    partial = file.with_name(f".{file.name}.partial")
    partial.write_bytes(msgspec.json.encode(list(descriptions)))
    partial.replace(file)
