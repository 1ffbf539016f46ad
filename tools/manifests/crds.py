"""Objects against the structural schemas of CustomResourceDefinitions, as a server sees them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from manifests.objects import Object, name_of

__all__ = ["Schemas", "faults", "read_schemas"]

#: By `apiVersion` and `kind`.
Schemas = Mapping[tuple[str, str], Mapping[str, Any]]

_PRESERVE = "x-kubernetes-preserve-unknown-fields"
_EITHER = "x-kubernetes-int-or-string"

#: What every object has beside its schema.
_OF_ALL = frozenset({"apiVersion", "kind", "metadata"})

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


def read_schemas(folder: Path) -> Schemas:
    """Return the schema of every served version that a folder's files define."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for file in sorted(folder.rglob("*.y*ml")):
        for document in yaml.load_all(file.read_bytes(), Loader=yaml.CSafeLoader):
            if isinstance(document, dict) and document.get("kind") == "CustomResourceDefinition":
                found.update(_versions(document["spec"]))
    return found


def _versions(spec: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Mapping[str, Any]]]:
    for version in spec["versions"]:
        if version.get("served"):
            key = f"{spec['group']}/{version['name']}", spec["names"]["kind"]
            yield key, version["schema"]["openAPIV3Schema"]


def faults(objects: Sequence[Object], schemas: Schemas) -> Iterator[str]:
    """Yield what the server would refuse or drop; objects of other kinds are passed over."""
    for one in objects:
        schema = schemas.get((one["apiVersion"], one["kind"]))
        if schema is not None:
            body = {name: value for name, value in one.items() if name not in _OF_ALL}
            yield from _faults(body, schema, name_of(one))


def _faults(value: Any, schema: Mapping[str, Any], path: str) -> Iterator[str]:
    if value is None and schema.get("nullable"):
        return
    if schema.get(_EITHER):
        yield from () if _is(value, int, str) else (f"{path}: expected a number or a text",)
        return
    wanted = schema.get("type")
    if wanted and not _is(value, *_TYPES[wanted]):
        yield f"{path}: expected {wanted}"
        return
    yield from _bounds(value, schema, path)
    if isinstance(value, dict):
        yield from _members(value, schema, path)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _faults(item, schema.get("items", {_PRESERVE: True}), f"{path}[{number}]")


def _is(value: Any, *types: type) -> bool:
    """Say whether a value has one of these types; a boolean is no number."""
    return isinstance(value, types) and (bool in types or not isinstance(value, bool))


def _bounds(value: Any, schema: Mapping[str, Any], path: str) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
    if "pattern" in schema and not re.search(schema["pattern"], str(value)):
        yield f"{path}: {value!r} does not match {schema['pattern']}"
    if "minimum" in schema and value < schema["minimum"]:
        yield f"{path}: {value} is less than {schema['minimum']}"
    if "maximum" in schema and value > schema["maximum"]:
        yield f"{path}: {value} is more than {schema['maximum']}"


def _members(value: Object, schema: Mapping[str, Any], path: str) -> Iterator[str]:
    for name in schema.get("required", ()):
        if name not in value and not (name in _OF_ALL and "." not in path):
            yield f"{path}.{name}: is missing"
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    for name, member in value.items():
        if name in known:
            yield from _faults(member, known[name], f"{path}.{name}")
        elif isinstance(others, dict):
            yield from _faults(member, others, f"{path}.{name}")
        elif not (others or schema.get(_PRESERVE)):
            yield f"{path}.{name}: is unknown, and would be dropped"
