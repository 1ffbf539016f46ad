"""Members that a schema does not know, found without a validator."""

from collections.abc import Iterator
from typing import Any

from plotkiln.documents.schema import referred
from plotkiln.documents.wording import unknown_member
from plotkiln.errors import Fault

__all__ = ["unknown_members"]


def unknown_members(
    value: Any, schema: dict[str, Any], *, path: tuple[str | int, ...] = ()
) -> Iterator[Fault]:
    """Yield a fault for each member of a JSON value that a closed `schema` does not list.

    Whatever else is wrong with the value is passed over.
    """
    yield from _unknown(value, schema, schema, path)


def _unknown(
    value: Any, part: dict[str, Any], root: dict[str, Any], path: tuple[str | int, ...]
) -> Iterator[Fault]:
    schema = referred(part, root)
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from _unknown(item, schema["items"], root, (*path, index))
    elif isinstance(value, dict) and "properties" in schema:
        for name, member in value.items():
            if name in schema["properties"]:
                yield from _unknown(member, schema["properties"][name], root, (*path, name))
            else:
                yield unknown_member(path, name, schema["properties"])
