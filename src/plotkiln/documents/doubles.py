"""JSON's numbers as IEEE 754 doubles: which are infinite, which are whole."""

from collections.abc import Iterator
from sys import float_info
from typing import Any

from plotkiln.documents.wording import path_of
from plotkiln.errors import Fault

__all__ = ["infinite_numbers", "whole_numbers"]


def infinite_numbers(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Fault]:
    """Yield a fault for each number in a JSON value that is infinite as a double."""
    if isinstance(value, int | float):
        if abs(value) > float_info.max:
            message = "this number is infinite as a double: send null for a gap, or scale the data"
            yield Fault(path_of(path), message)
        return
    entries: Any = ()
    if isinstance(value, list):
        entries = enumerate(value)
    elif isinstance(value, dict):
        entries = value.items()
    for part, entry in entries:
        yield from infinite_numbers(entry, (*path, part))


def whole_numbers(value: Any) -> Any:
    """Return a JSON value in which numbers without a fraction are integers, as in JSON Schema."""
    if isinstance(value, list):
        return [whole_numbers(item) for item in value]
    if isinstance(value, dict):
        return {name: whole_numbers(member) for name, member in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value
