"""Errors of points: how far each reaches below and above its value."""

from typing import Any

import msgspec

from plotkiln.documents import path_of
from plotkiln.spec.columns import number_column
from plotkiln.spec.faults import Faults, shown
from plotkiln.spec.sources import Place, Source, Table

__all__ = ["ErrorSource", "find_errors", "full_errors"]

_NO_PAIR = "is no pair of numbers: give [below, above], how far the error reaches from the value"


class ErrorSource(msgspec.Struct, frozen=True):
    """Where errors come from: the same source twice where they reach as far both ways."""

    #: One number for all points, or one per point.
    below: Source | float
    above: Source | float


def find_errors(
    place: Place, given: Any, table: Table | None, faults: Faults
) -> ErrorSource | None:
    """Find errors as sent: a number, numbers, pairs of numbers, or one or two columns by name.

    Notes a fault where they are none of these, or a column is not there.
    """
    if given is None:
        return None
    if isinstance(given, float):
        return ErrorSource(given, given)
    if isinstance(given, str):
        return _columns(place, [given, given], table, faults)
    if any(isinstance(item, str) for item in given):
        return _columns(place, given, table, faults)
    if not any(isinstance(item, list) for item in given):
        source = Source((*place, None), given)
        return ErrorSource(source, source)
    return _pairs(place, given, faults)


def full_errors(
    path: str, error: ErrorSource | None, length: int, faults: Faults
) -> list[list[float | None]] | None:
    """Return how far errors reach below and above, per point; note the first that is negative."""
    if error is None:
        return None
    sides = [error.below] if error.below is error.above else [error.below, error.above]
    settled = [_side(path, side, length, faults) for side in sides]
    return settled * 2 if len(settled) == 1 else settled


def _columns(
    place: Place, names: list[Any], table: Table | None, faults: Faults
) -> ErrorSource | None:
    if table is None:
        message = "names a column, but there is no data: give numbers, or data"
        faults.add(path_of(place), message)
        return None
    if len(names) != 2 or not all(isinstance(name, str) for name in names):
        faults.add(path_of(place), "takes the names of two columns: below and above")
        return None
    below, above = (table.find(name, place, faults) for name in names)
    return None if below is None or above is None else ErrorSource(below, above)


def _pairs(place: Place, items: list[Any], faults: Faults) -> ErrorSource | None:
    """Part pairs into two columns; a number stands for both of its pair."""
    pairs = [item if isinstance(item, list) else [item, item] for item in items]
    for index, pair in enumerate(pairs):
        if len(pair) != 2:
            faults.add(path_of((*place, index)), _NO_PAIR)
            return None
    below, above = (Source((*place, None, side), [pair[side] for pair in pairs]) for side in (0, 1))
    return ErrorSource(below, above)


def _side(path: str, side: Source | float, length: int, faults: Faults) -> list[float | None]:
    if isinstance(side, float):
        _check(path, side, faults)
        return [side] * length
    known = any(value is not None for value in side.values)  # else none reaches to this side
    column = number_column(side, "error", faults) if known else None
    reaches = [None if isinstance(value, str) else value for value in (column or side).values]
    for index, reach in enumerate(reaches):
        if reach is not None and not _check(side.at(index), reach, faults):
            break
    return reaches


def _check(path: str, reach: float, faults: Faults) -> bool:
    if reach >= 0:
        return True
    message = "an error is how far it reaches from the value, 0 or more"
    faults.add(path, f"{shown(reach)} is no distance: {message}")
    return False
