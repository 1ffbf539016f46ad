"""What a JSON Schema validator finds, in words that name the place and the mend."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from plotkiln.documents.schema import referred, subschema
from plotkiln.errors import Fault

__all__ = ["explain", "nearest", "path_of", "shown", "true_path", "unknown_member"]

#: A value or a name shown in a message is cut to this many characters.
_SHOWN = 60
#: A list or an object with more entries than this is shown as their count.
_LISTED = 20

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "text",
}


def explain(error: Any, schema: dict[str, Any], document: Any) -> Iterator[Fault]:
    """Turn one `jsonschema_rs.ValidationError` into faults; an unknown member is one of its own."""
    kind, path = error.kind, true_path(error.instance_path, document)
    if kind.name == "additionalProperties":
        known = subschema(schema, error.schema_path[:-1]).get("properties", {})
        yield from (unknown_member(path, name, known) for name in kind.unexpected)
    elif kind.name in {"anyOf", "oneOf"}:
        yield from _no_alternative(error, schema, document)
    else:
        phrase = _PHRASES.get(kind.name)
        message = phrase(kind, error.instance) if phrase else str(error.message)
        yield Fault(path_of(path), message)


def path_of(parts: Iterable[str | int]) -> str:
    """Join keys and indices: `["series", 1, "y", 7]` is `series[1].y[7]`."""
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{_cut(part)}" if path else _cut(part)
    return path


def true_path(parts: Iterable[str | int], document: Any) -> list[str | int]:
    """Return the validator's path with names where it has taken a name like `2024` for an index.

    It loses more: `007` becomes 7, and an empty name is left out. The path then leads as far as it
    can be followed.
    """
    path: list[str | int] = []
    for part in parts:
        name = str(part) if isinstance(document, dict) else part
        try:
            document = document[name]
        except (KeyError, IndexError, TypeError):
            break
        path.append(name)
    return path


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ` (did you mean …?)` for the known name most like `name`, or nothing."""
    if len(name) > _SHOWN:  # comparing takes time in proportion to the square of the length
        return ""
    from difflib import get_close_matches  # noqa: PLC0415 -- only a mistake costs this import

    by_case = {candidate.casefold(): candidate for candidate in known}
    matches = get_close_matches(name.casefold(), by_case, n=1)
    return f" (did you mean {by_case[matches[0]]}?)" if matches else ""


def shown(value: Any) -> str:
    """Return a JSON value in short, for a message."""
    if isinstance(value, list) and len(value) > _LISTED:
        return f"a list of {len(value)} items"
    if isinstance(value, dict) and len(value) > _LISTED:
        return f"an object of {len(value)} members"
    return _cut(msgspec.json.encode(value).decode())


def unknown_member(path: Sequence[str | int], name: str, known: Iterable[str]) -> Fault:
    """Return the fault of a member that nobody knows, with the known name most like it."""
    message = f"unknown member{nearest(name, known)}: remove it or mend its name"
    return Fault(path_of([*path, name]), message)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _no_alternative(error: Any, schema: dict[str, Any], document: Any) -> Iterator[Fault]:
    """Explain the alternative that has the value's type; where there is none, list them all."""
    for branch in error.kind.context:
        if branch and not any(_is_about_type(inner, error) for inner in branch):
            for inner in branch:
                yield from explain(inner, schema, document)
            return
    alternatives = [referred(part, schema) for part in subschema(schema, error.schema_path)]
    words = [_expectation(part) for part in alternatives if part.get("type") != "null"]
    options = [option for part in alternatives for option in part.get("enum", [])]
    yield Fault(
        path_of(true_path(error.instance_path, document)),
        f"expected {' or '.join(words)}, got {_hinted(error.instance, options)}",
    )


def _is_about_type(inner: Any, outer: Any) -> bool:
    same_place = inner.instance_path == outer.instance_path
    return same_place and inner.kind.name in {"type", "enum", "const"}


def _expectation(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return _one_of(schema["enum"])
    types = schema.get("type", [])
    return _any_type([types] if isinstance(types, str) else types)


def _any_type(types: Iterable[str]) -> str:
    ordered = sorted(types, key=lambda name: (name == "null", name))
    return " or ".join(_TYPES[name] for name in ordered)


def _one_of(options: Iterable[Any]) -> str:
    return f"one of {', '.join(str(option) for option in options if option is not None)}"


def _hinted(instance: Any, options: Iterable[Any]) -> str:
    names = [option for option in options if isinstance(option, str)]
    return shown(instance) + (nearest(instance, names) if isinstance(instance, str) else "")


def _wrong_type(kind: Any, instance: Any) -> str:
    return f"expected {_any_type(kind.types)}, got {shown(instance)}"


def _not_an_option(kind: Any, instance: Any) -> str:
    return f"expected {_one_of(kind.options)}, got {_hinted(instance, kind.options)}"


def _bound(words: str) -> Callable[[Any, Any], str]:
    return lambda kind, instance: f"{shown(instance)} {words} {kind.limit:g}"


def _length(words: str, unit: str) -> Callable[[Any, Any], str]:
    def phrase(kind: Any, instance: Any) -> str:
        units = unit if kind.limit == 1 else f"{unit}s"
        return f"expected {words} {kind.limit:g} {units}, got {len(instance)}"

    return phrase


_FORMATS = {
    "date": "a day such as 2026-03-01",
    "date-time": "a time such as 2026-03-01T12:30:00Z",
    "time": "a time of day such as 12:30:00Z",
}


def _format(name: str) -> str:
    return _FORMATS.get(name, f"text of the format {name}")


_PHRASES: dict[str, Callable[[Any, Any], str]] = {
    "type": _wrong_type,
    "enum": _not_an_option,
    "const": lambda kind, instance: f"expected {shown(kind.expected_value)}, got {shown(instance)}",
    "required": lambda kind, _: f"the member {kind.property} is missing",
    "minimum": _bound("is below the least allowed value,"),
    "maximum": _bound("is above the greatest allowed value,"),
    "exclusiveMinimum": _bound("must be more than"),
    "exclusiveMaximum": _bound("must be less than"),
    "multipleOf": lambda kind, instance: (
        f"{shown(instance)} is no multiple of {kind.multiple_of:g}"
    ),
    "minLength": _length("at least", "character"),
    "maxLength": _length("at most", "character"),
    "minItems": _length("at least", "item"),
    "maxItems": _length("at most", "item"),
    "uniqueItems": lambda _, __: "holds an item twice",
    "minProperties": _length("at least", "member"),
    "maxProperties": _length("at most", "member"),
    "format": lambda kind, instance: f"expected {_format(kind.format)}, got {shown(instance)}",
    "pattern": lambda kind, instance: f"{shown(instance)} does not have the form {kind.pattern}",
}
