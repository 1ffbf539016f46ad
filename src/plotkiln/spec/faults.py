"""Faults gathered while a spec is read, so that all of them are told at once."""

import re
from typing import Any

from plotkiln import documents
from plotkiln.documents import capped
from plotkiln.errors import Fault, RuleError
from plotkiln.spec.models import Spec

__all__ = ["Faults", "counted", "no_color", "shown"]

#: The member of a spec that a path leads to, and an index in it.
_HEAD = re.compile(r"(\w+)(?:\[(\d+)\])?")

_MEMBERS = {name: at for at, name in enumerate(Spec.__struct_fields__)}


#: More than `capped` lets through, so that it says that there are more.
_KEPT = 200


class Faults:
    """The faults and the warnings of one spec, in the order in which they were found."""

    def __init__(self) -> None:
        #: Those that are told; a few more than a message lists.
        self.found: dict[Fault, None] = {}
        #: All that were noted.
        self.count = 0
        self.warnings: list[str] = []

    def add(self, path: str, message: str) -> None:
        """Note one fault; the same place with the same message counts once."""
        self.count += 1
        if len(self.found) <= _KEPT:
            self.found[Fault(path, message)] = None

    def warn(self, path: str, message: str) -> None:
        """Note what the drawing leaves out or changes without refusing the spec."""
        self.warnings.append(f"{path}: {message}")

    def settle(self) -> None:
        """Raise `RuleError` with everything that was found, if anything was."""
        if self.found:
            raise RuleError(faults=capped(sorted(self.found, key=_place_in_document)))


def shown(value: Any) -> str:
    """Write a value as JSON, whole numbers without a fraction, cut short."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return documents.shown(value)


def counted(count: int, noun: str) -> str:
    """Write a number of things: `1 value`, `3 values`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def no_color(text: str) -> str:
    """Say that a text names no colour, and what would."""
    return f"{shown(text)} is no colour: write #007ACC, a CSS name, or C0 of the palette"


def _place_in_document(fault: Fault) -> tuple[int, int]:
    """Order faults as the published schema orders members, and by the index of a series."""
    head = _HEAD.match(fault.path)
    if head is None:
        return -1, 0
    return _MEMBERS.get(head[1], -1), int(head[2] or 0)
