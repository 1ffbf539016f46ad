"""Specs for tests of their rules: parsed, written out, or refused with every fault."""

import json
from typing import Any

import pytest

from plotkiln.errors import InputError
from plotkiln.spec import FullSpec, Limits, ParsedSpec, parse_spec
from plotkiln.spec.full import FullColumn

__all__ = ["Faults", "faults_of", "full_spec", "numbers", "parsed", "texts", "times"]

#: Places and messages.
Faults = list[tuple[str, str]]


def parsed(spec: dict[str, Any], limits: Limits | None = None) -> ParsedSpec:
    """Parse a spec that must be good."""
    return parse_spec(json.dumps(spec).encode(), limits or Limits())


def full_spec(spec: dict[str, Any]) -> FullSpec:
    """Return a good spec in full."""
    return parsed(spec).full


def faults_of(spec: dict[str, Any], limits: Limits | None = None) -> Faults:
    """Parse a spec that must be refused; return its faults."""
    with pytest.raises(InputError) as refused:
        parsed(spec, limits)
    return [(fault.path, fault.message) for fault in refused.value.faults]


def numbers(*values: float | None) -> FullColumn:
    """Make a column of numbers."""
    return FullColumn("number", list(values))


def texts(*values: str | None) -> FullColumn:
    """Make a column of categories."""
    return FullColumn("category", list(values))


def times(*values: float | None) -> FullColumn:
    """Make a column of times, in days since the epoch."""
    return FullColumn("time", list(values))
