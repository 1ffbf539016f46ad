"""JSON Schema 2020-12 from a msgspec type, in a form that explains itself."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from plotkiln.documents.comments import commented_members, structs_of

__all__ = ["json_schema", "referred", "subschema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_DEFINITIONS = "#/$defs/"


def json_schema(
    document: type,
    *,
    title: str,
    description: str,
    identifier: str | None = None,
    examples: Sequence[Any] = (),
    closed: bool = False,
) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one document type.

    Alternatives that differ in their JSON type (`string | array | null`) are merged into one
    schema: it accepts the same documents, and a validator can then say what is wrong *inside* an
    alternative instead of "matches none of them". `closed` refuses unknown members everywhere, also
    of structs that pass over them.
    """
    template = _DEFINITIONS + "{name}"
    (root,), definitions = msgspec.json.schema_components([document], ref_template=template)
    described = _described(definitions, document)
    plain = {name: _plain(schema, closed=closed) for name, schema in described.items()}
    merged = {name: _merge(schema, plain) for name, schema in plain.items()}
    body = {**merged.pop(_name(root)), "title": title, "description": description}
    head = {"$schema": DIALECT, **({"$id": identifier} if identifier else {})}
    used = _used(body, merged)
    return {
        **head,
        **body,
        **({"examples": list(examples)} if examples else {}),
        **({"$defs": used} if used else {}),
    }


def subschema(schema: dict[str, Any], path: Sequence[str | int]) -> Any:
    """Return the part of a schema at a path such as `["properties", "x", "anyOf", 0]`."""
    part: Any = schema
    for step in path:
        part = part[step]
    return part


def referred(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """Return `schema`, or the definition in `root` that it refers to."""
    if "$ref" not in schema:
        return schema
    definition: dict[str, Any] = root["$defs"][_name(schema)]
    return definition


def _name(reference: dict[str, Any]) -> str:
    name: str = reference["$ref"].removeprefix(_DEFINITIONS)
    return name


def _described(definitions: dict[str, Any], document: type) -> dict[str, Any]:
    """Describe each member by the comment above it, where it has one."""
    structs = structs_of(document)
    described = {}
    for name, schema in definitions.items():
        comments = commented_members(structs[name]) if name in structs else {}
        members = {
            member: {**inner, "description": comments[member]} if member in comments else inner
            for member, inner in schema.get("properties", {}).items()
        }
        described[name] = {**schema, "properties": members} if members else schema
    return described


def _plain(schema: Any, *, closed: bool) -> Any:
    """Leave out what says nothing (`required: []`, `default: null`); close objects on request."""
    if isinstance(schema, list):
        return [_plain(item, closed=closed) for item in schema]
    if not isinstance(schema, dict):
        return schema
    silent: dict[str, Any] = {"required": [], "default": None}
    kept = {
        key: value if key == "default" else _plain(value, closed=closed)
        for key, value in schema.items()
        if key not in silent or value != silent[key]
    }
    if closed and schema.get("type") == "object" and "properties" in schema:
        kept["additionalProperties"] = False
    return kept


def _merge(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_merge(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    merged = {key: _merge(value, definitions) for key, value in schema.items()}
    alternatives = merged.get("anyOf")
    if alternatives is None:
        return merged
    rest = {key: value for key, value in merged.items() if key != "anyOf"}
    flat = [inner for outer in alternatives for inner in outer.get("anyOf", [outer])]
    told = {key: outer[key] for outer in alternatives if "anyOf" in outer for key in _told(outer)}
    return {**_one_of_types(flat, definitions), **told, **rest}


def _told(schema: dict[str, Any]) -> set[str]:
    """Return the keywords that say something to people: they outlive a flattened `anyOf`."""
    return schema.keys() & {"description", "title", "examples"}


def _one_of_types(
    alternatives: list[dict[str, Any]], definitions: dict[str, Any]
) -> dict[str, Any]:
    """Merge alternatives whose JSON types are disjoint; return them unmerged where they are not."""
    opened = [_open(alternative, definitions) for alternative in alternatives]
    types = [kind for schema in opened for kind in _types(schema)]
    if len(set(types)) != len(types):
        return {"anyOf": alternatives}
    together: dict[str, Any] = {"type": types}
    for schema in opened:
        if "enum" in schema and set(types) - set(_types(schema)) <= {"null"}:
            together["enum"] = [*schema["enum"], *([None] if "null" in types else [])]
        elif "enum" in schema:
            return {"anyOf": alternatives}
        together |= {key: value for key, value in schema.items() if key not in {"type", "enum"}}
    if "enum" in together:  # its options are of these types: one fault, not two
        del together["type"]
    return together


def _open(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    opened: dict[str, Any] = _merge(definitions[_name(schema)], definitions)
    return {key: value for key, value in opened.items() if key != "title"}


def _types(schema: dict[str, Any]) -> list[str]:
    if "enum" in schema:
        return ["string", "null"] if None in schema["enum"] else ["string"]
    declared = schema["type"]
    return [declared] if isinstance(declared, str) else list(declared)


def _used(body: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the definitions that `body` refers to, directly or through others."""
    used: dict[str, Any] = {}
    open_ends = list(_references(body))
    while open_ends:
        name = open_ends.pop()
        if name not in used:
            used[name] = definitions[name]
            open_ends += _references(definitions[name])
    return {name: used[name] for name in definitions if name in used}


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield _name(schema)
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from _references(item)
