"""A template's parameters as flags: converted by the JSON Schema that describes them."""

import re
from typing import Any

import msgspec

from plotkiln.errors import Fault, MalformedError, RuleError

__all__ = ["params_of", "type_words"]

Schema = dict[str, Any]

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)

#: What a list holds is named in the plural.
_PLURALS = {"number", "text", "whole number"}

_WORDS = {"integer": "whole number", "object": "JSON", "string": "text", "boolean": "true or false"}


def params_of(flags: list[str], schema: Schema) -> dict[str, Any]:
    """Return parameters from `--name value` and `--name=value`; a flag without a value is true.

    Lists are parted at commas, or given by repeating the flag; whatever holds objects is JSON. What
    fits nothing stays text, so that the template's own check says what is wrong. Raises `RuleError`
    for an argument that is no flag.
    """
    texts: dict[str, list[str | None]] = {}
    name = ""
    for flag in flags:
        if flag.startswith("--") and len(flag) > 2:
            name, separator, value = flag[2:].partition("=")
            name = name.replace("-", "_")
            texts.setdefault(name, []).append(value if separator else None)
        elif name and texts[name][-1] is None:
            texts[name][-1] = flag
        else:
            raise RuleError(faults=[Fault(flag, "is no flag: write --name value")])
    members = schema.get("properties", {})
    return {
        name: _converted(given, _opened(members.get(name, {}), schema), schema)
        for name, given in texts.items()
    }


def type_words(member: Schema, root: Schema) -> str:
    """Say in a few words what a parameter takes."""
    opened = _opened(member, root)
    if "enum" in opened:
        return ", ".join(str(option) for option in opened["enum"] if option is not None)
    types = _types(opened) - {"null"}
    if "array" in types:
        items = type_words(opened.get("items", {}), root)
        return f"list of {items}s" if items in _PLURALS else f"list of {items}"
    return " or ".join(sorted(_WORDS.get(name, name) for name in types)) or "JSON"


def _converted(given: list[str | None], member: Schema, root: Schema) -> Any:
    texts = ["true" if text is None else text for text in given]
    types, first = _types(member), texts[0][:1]
    if "array" not in types:
        return _value(texts[-1], member)
    if len(texts) == 1 and (first == "[" or (first == "{" and "object" in types)):
        return _json(texts[0])
    items = _opened(member.get("items", {}), root)
    if "object" in _types(items):
        return [_json(text) for text in texts]
    return [_value(part, items) for text in texts for part in text.split(",")]


def _value(text: str, member: Schema) -> Any:
    types = _types(member)
    if "string" in types and not types & {"number", "integer", "boolean", "object"}:
        return text
    if text.startswith(("{", "[")) or text in {"true", "false", "null"}:
        return _json(text)
    if types & {"number", "integer"} and _NUMBER.fullmatch(text.strip()):
        number = float(text)
        return int(text) if re.fullmatch(r"[+-]?\d+", text.strip()) else number
    return text


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise MalformedError(f"{text}: expected JSON: {error}") from error


def _types(schema: Schema) -> set[str]:
    """Return the JSON types that a schema takes; of its alternatives all."""
    alternatives = [inner for key in ("anyOf", "oneOf") for inner in schema.get(key, [])]
    if alternatives:
        return {name for inner in alternatives for name in _types(inner)}
    if "$ref" in schema:
        return {"object"}
    if "enum" in schema:
        return {"number" if isinstance(one, int | float) else "string" for one in schema["enum"]}
    declared = schema.get("type", [])
    return {declared} if isinstance(declared, str) else set(declared)


def _opened(schema: Schema, root: Schema) -> Schema:
    """Return a schema, or the one that it refers to."""
    if "$ref" not in schema:
        return schema
    found: Schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    return found
