"""Which events a Trigger wants: Knative's filters (Eventing's data plane, "Filtering")."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from plotkiln.errors import Fault
from plotkiln.events.event import CloudEvent

__all__ = ["Attributes", "Every", "Filter", "Not", "Some", "Text", "read_filters", "types_of"]

_ATTRIBUTE = re.compile(r"[a-z][a-z0-9]*\Z")


class Text(msgspec.Struct, frozen=True, tag=True):
    """The dialects `exact`, `prefix` and `suffix`: every named attribute, by its text."""

    dialect: str
    values: Mapping[str, str]

    def matches(self, event: CloudEvent) -> bool:
        """Say whether an event passes; one that lacks a named attribute does not."""
        return all(self._fits(event.attribute(name), text) for name, text in self.values.items())

    def _fits(self, found: str | None, text: str) -> bool:
        if found is None:
            return False
        if self.dialect == "prefix":
            return found.startswith(text)
        return found.endswith(text) if self.dialect == "suffix" else found == text


class Attributes(msgspec.Struct, frozen=True, tag=True):
    """A Trigger's older `filter.attributes`: equal text, and "" for any that is set."""

    values: Mapping[str, str]

    def matches(self, event: CloudEvent) -> bool:
        """Say whether an event passes."""
        found = {name: event.attribute(name) for name in self.values}
        return all(found[name] and text in {"", found[name]} for name, text in self.values.items())


class Every(msgspec.Struct, frozen=True, tag=True):
    """The dialect `all`, and a Trigger's list; an empty one passes everything."""

    filters: "Sequence[Filter]"

    def matches(self, event: CloudEvent) -> bool:
        """Say whether an event passes."""
        return all(one.matches(event) for one in self.filters)


class Some(msgspec.Struct, frozen=True, tag=True):
    """The dialect `any`."""

    filters: "Sequence[Filter]"

    def matches(self, event: CloudEvent) -> bool:
        """Say whether an event passes."""
        return any(one.matches(event) for one in self.filters)


class Not(msgspec.Struct, frozen=True, tag=True):
    """The dialect `not`."""

    filter: "Filter"

    def matches(self, event: CloudEvent) -> bool:
        """Say whether an event passes."""
        return not self.filter.matches(event)


Filter = Text | Attributes | Every | Some | Not


def types_of(given: Filter) -> frozenset[str]:
    """Return the types of event that a filter names, one by one."""
    if isinstance(given, Attributes) or (isinstance(given, Text) and given.dialect == "exact"):
        return frozenset({given.values["type"]} if given.values.get("type") else ())
    if isinstance(given, Every | Some):
        return frozenset[str]().union(*(types_of(one) for one in given.filters))
    return frozenset()


def read_filters(spec: Mapping[str, Any], path: str, faults: list[Fault]) -> Filter:
    """Return the filter of a Trigger's `spec`; faults are added with their place below `path`.

    `filters` overrides `filter`; without either every event passes.
    """
    if spec.get("filters"):
        return Every(_list(spec["filters"], f"{path}.filters", faults))
    older = spec.get("filter") or {}
    if not isinstance(older, dict):
        faults.append(Fault(f"{path}.filter", "expected attributes, with their text"))
        older = {}
    attributes = older.get("attributes") or {}
    _check_texts(attributes, f"{path}.filter.attributes", faults, empty=True)
    return Attributes(attributes)


def _list(items: Any, path: str, faults: list[Fault]) -> list[Filter]:
    if not isinstance(items, list) or not items:
        faults.append(Fault(path, "expected a list of filters"))
        return []
    return [_filter(item, f"{path}[{number}]", faults) for number, item in enumerate(items)]


def _filter(item: Any, path: str, faults: list[Fault]) -> Filter:
    if not isinstance(item, dict) or len(item) != 1:
        faults.append(Fault(path, "expected one dialect: write several as items of their own"))
        return Every(())
    ((dialect, inner),) = item.items()
    place = f"{path}.{dialect}"
    if dialect in {"exact", "prefix", "suffix"}:
        _check_texts(inner, place, faults, empty=False)
        return Text(dialect, inner if isinstance(inner, dict) else {})
    if dialect == "not":
        return Not(_filter(inner, place, faults))
    if dialect in {"all", "any"}:
        return (Every if dialect == "all" else Some)(_list(inner, place, faults))
    known = "all, any, exact, not, prefix and suffix"
    faults.append(Fault(place, f"this dialect is unknown here; known are {known}"))
    return Every(())


def _check_texts(values: Any, path: str, faults: list[Fault], *, empty: bool) -> None:
    if not isinstance(values, dict) or not (values or empty):
        faults.append(Fault(path, "expected attributes with their text"))
        return
    for name, text in values.items():
        if not _ATTRIBUTE.match(str(name)):
            faults.append(Fault(f"{path}.{name}", "is no name of an attribute"))
        if not isinstance(text, str) or not (text or empty):
            faults.append(Fault(f"{path}.{name}", "expected text: put it in quotes"))
