"""Members of a spec given as text, as query parameters are: converted by the published schema."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from plotkiln.documents import nearest
from plotkiln.spec.faults import Faults

__all__ = ["spec_members"]

Option = str | list[str]
Schema = dict[str, Any]

#: Members of `size` that options may name without it.
_SHORT = {"width": "size.width", "height": "size.height", "dpi": "size.dpi"}

#: Members that no single text can hold.
_NOT_OPTIONS = frozenset({"data", "series", "annotations"})

#: Members that name columns: whatever they look like, they are text.
_NAMES = frozenset({"x", "y", "z"})

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def spec_members(
    options: Mapping[str, Option], schema: Schema, columns: list[str], faults: Faults
) -> dict[str, Any]:
    """Return the members of a spec that options name, nested ones by dots (`axes.x.label`).

    A text becomes a number, true or false, or a list (at commas) where the schema takes one; what
    fits nothing stays text, so that the spec's own check says what is wrong. `y` is a list of
    columns unless one is named just so. Notes a fault for each name that is none.
    """
    members: dict[str, Any] = {}
    for name, option in options.items():
        parts = _SHORT.get(name, name).split(".")
        found = _schema_of(parts, schema)
        if parts[0] in _NOT_OPTIONS:
            faults.add(name, "is too much for an option: send the whole spec as JSON")
        elif found is None or _types(found) == {"object"}:
            faults.add(name, f"is no option{nearest(name, _names(schema))}")
        elif isinstance(option, list) and "array" not in _types(found):
            faults.add(name, f"is given {len(option)} times, but takes one value")
        elif not _put(members, parts, _converted(parts[0], option, found, columns)):
            faults.add(name, "is given in two ways: leave one out")
    return members


def _schema_of(parts: list[str], schema: Schema) -> Schema | None:
    for part in parts:
        found = schema.get("properties", {}).get(part)
        if found is None:
            return None
        schema = found
    return schema


def _types(schema: Schema) -> set[str]:
    """Return the JSON types that a schema takes, but for null."""
    declared = schema.get("type", "string")
    return set([declared] if isinstance(declared, str) else declared) - {"null"}


def _names(schema: Schema, prefix: str = "") -> Iterator[str]:
    for name, member in schema.get("properties", {}).items():
        if prefix or name not in _NOT_OPTIONS:
            if _types(member) != {"object"}:
                yield prefix + name
            yield from _names(member, f"{prefix}{name}.")


def _put(members: dict[str, Any], parts: list[str], value: Any) -> bool:
    """Set a nested member; return False where something else stands in its way."""
    *holders, last = parts
    inner: Any = members
    for holder in holders:
        inner = inner.setdefault(holder, {}) if isinstance(inner, dict) else None
    if not isinstance(inner, dict) or last in inner:
        return False
    inner[last] = value
    return True


def _converted(member: str, option: Option, schema: Schema, columns: list[str]) -> Any:
    if member in _NAMES:
        return _column_names(member, option, columns)
    types = _types(schema)
    if "array" not in types or (isinstance(option, str) and "," not in option and len(types) > 1):
        return _scalar(str(option), schema)
    texts = option.split(",") if isinstance(option, str) else option
    return [_scalar(text.strip(), schema["items"]) for text in texts]


def _column_names(member: str, option: Option, columns: list[str]) -> Option:
    """Return one name, or for y several that commas part."""
    if isinstance(option, list) or member != "y" or option in columns or "," not in option:
        return option
    return [name.strip() for name in option.split(",")]


def _scalar(text: str, schema: Schema) -> float | bool | str | None:
    types = _types(schema)
    if not text and types != {"string"}:
        return None  # an open end, as in `limits=0,`
    if "boolean" in types and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if types & {"number", "integer"} and _NUMBER.fullmatch(text):
        number = float(text)
        return int(number) if number.is_integer() and "integer" in types else number
    return text
