"""Descriptions of members from the `#:` comments above them: written once, published too."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

__all__ = ["commented_members", "comments_in", "structs_of"]

_COMMENT = re.compile(r"\s+#: ?(.*)")
_MEMBER = re.compile(r"    (\w+):")


def commented_members(struct: type[msgspec.Struct]) -> dict[str, str]:
    """Return the text of the `#:` lines above each member; none where the source is not there."""
    import inspect  # noqa: PLC0415 -- only for a schema that is published, or explains a fault

    try:
        return comments_in(inspect.getsource(struct).splitlines())
    except (OSError, TypeError):  # TypeError: made by `defstruct` in a module that is no file
        return {}


def comments_in(lines: Iterable[str]) -> dict[str, str]:
    """Return the text of the `#:` lines above each name that has a type, in lines of source."""
    found: dict[str, str] = {}
    words: list[str] = []
    for line in lines:
        if comment := _COMMENT.fullmatch(line):
            words.append(comment[1])
            continue
        if words and (member := _MEMBER.match(line)):
            found[member[1]] = " ".join(words)
        words = []
    return found


def structs_of(document: type) -> dict[str, type[msgspec.Struct]]:
    """Return every struct that a document is made of, by name."""
    from msgspec import inspect  # noqa: PLC0415 -- as above

    found: dict[str, type[msgspec.Struct]] = {}
    open_ends: list[Any] = [inspect.type_info(document)]
    while open_ends:
        info = open_ends.pop()
        if isinstance(info, inspect.StructType) and info.cls.__name__ not in found:
            found[info.cls.__name__] = info.cls
            open_ends += [field.type for field in info.fields]
        else:
            open_ends += _parts(info)
    return found


def _parts(info: Any) -> Iterator[Any]:
    """Yield the types that a type is made of, as `msgspec.inspect` describes it."""
    yield from getattr(info, "types", ())
    for name in ("type", "item_type", "value_type"):
        part = getattr(info, name, None)
        if part is not None:
            yield part
