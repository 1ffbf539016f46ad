"""How deep and how large a JSON value is, and a part of it that can be looked at in little time."""

from typing import Any

import msgspec

__all__ = ["Extent", "excerpt", "extent", "is_written_within", "nesting"]


class Extent(msgspec.Struct, frozen=True):
    """The extent of one JSON value."""

    #: Lists and objects within each other: 0 for a scalar, 1 for `[1, 2]`, 2 for `[[1]]`.
    levels: int
    #: Values in all: scalars, lists and objects.
    values: int


def extent(value: Any) -> Extent:
    """Measure a decoded JSON value level by level, without recursion."""
    levels, values = 0, 1
    containers = [value] if isinstance(value, list | dict) else []
    while containers:
        levels += 1
        inner = [child for container in containers for child in _children(container)]
        values += len(inner)
        containers = [child for child in inner if isinstance(child, list | dict)]
    return Extent(levels, values)


def nesting(value: Any) -> int:
    """Return the levels of lists and objects in a decoded JSON value, without recursion."""
    return extent(value).levels


def is_written_within(value: Any, most: int) -> bool:
    """Say whether a value takes no more than about `most` characters once it is written out.

    YAML may say one thing in many places, and even within itself: what is a few lines there, and
    little in memory, may have no end elsewhere.
    """
    waiting, written = [value], 0
    while waiting:
        one = waiting.pop()
        written += 1 + (len(one) if isinstance(one, str | bytes | list | dict) else 0)
        if isinstance(one, dict):
            written += sum(len(name) for name in one if isinstance(name, str))
        if written > most:
            return False
        if isinstance(one, list | dict):
            waiting.extend(_children(one))
    return True


def excerpt(value: Any, most: int) -> Any:
    """Return a JSON value with at most `most` entries a container, and a quarter a level deeper.

    The entries kept are the first ones, so that paths into the excerpt are paths into the value.
    """
    inner = max(most // 4, 8)
    if isinstance(value, list):
        return [excerpt(item, inner) for item in value[:most]]
    if isinstance(value, dict):
        names = list(value)[: max(most, 64)]  # an object's own members stay together
        return {name: excerpt(value[name], most) for name in names}
    return value


def _children(container: list[Any] | dict[str, Any]) -> list[Any]:
    return container if isinstance(container, list) else list(container.values())
