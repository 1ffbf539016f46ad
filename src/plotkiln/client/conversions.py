"""Values of Python programs as JSON: arrays, tables, times and gaps, known by what they can do.

numpy, pandas, polars and pyarrow are never imported here: what has their methods is one of theirs.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from math import isfinite
from types import NoneType
from typing import Any

import msgspec

from plotkiln.documents import path_of
from plotkiln.errors import Fault, RuleError

__all__ = ["columns_of", "is_table", "plain"]

#: Where a value stands: keys and indices.
Place = tuple[str | int, ...]

#: Types of libraries whose values say that there is none: pandas' NA and NaT.
_GAPS = frozenset({"NAType", "NaTType"})

#: Kinds of numpy's types that cannot be drawn: durations, complex numbers, records.
_REFUSED_KINDS = frozenset("mcV")

#: Types whose values are JSON's own; subclasses of them may be written otherwise.
_EXACT = frozenset({str, int, bool, NoneType})


def plain(value: Any, place: Place = ()) -> Any:
    """Return a value as JSON knows it; NaN and other gaps become null.

    Times become ISO 8601, arrays and columns lists, tables columns by name. Raises `RuleError` with
    the place of a value that JSON has no form for: infinities, complex numbers, durations, bytes.
    """
    if type(value) in _EXACT:
        return value
    for kind, convert in _CONVERSIONS:
        if isinstance(value, kind):
            return convert(value, place)
    return _by_abilities(value, place)


def is_table(value: object) -> bool:
    """Say whether a value is a table of named columns, as those of pandas, polars and pyarrow."""
    return hasattr(value, "to_pydict") or (
        hasattr(value, "columns") and hasattr(value, "__getitem__") and hasattr(value, "shape")
    )


def columns_of(table: Any, place: Place = ()) -> dict[str, Any]:
    """Return the columns of a table by name, in their order, as JSON knows them.

    An index that is more than the rows' numbers becomes the first column.
    """
    if hasattr(table, "to_pydict"):
        return _mapping(table.to_pydict(), place)
    found: dict[str, Any] = {}
    index = getattr(table, "index", None)
    if index is not None and type(index).__name__ != "RangeIndex":
        found[_name(getattr(index, "name", None) or "index")] = index
    for key in table.columns:
        name = _name(key)
        if name in found or is_table(table[key]):
            raise _refusal(place, f"two columns are called {name}: rename one")
        found[name] = table[key]
    return {name: plain(column, (*place, name)) for name, column in found.items()}


def _name(name: Any) -> str:
    """Return the name of a column; several levels of names are one text."""
    return " ".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _number(value: Any, place: Place) -> float | None:
    number = float(value)
    if isfinite(number):
        return number
    if number != number:  # noqa: PLR0124 -- only NaN differs from itself
        return None
    raise _refusal(place, "infinity cannot be drawn: leave it out, or send null for a gap")


def _time(value: date, _place: Place) -> str | None:
    return None if type(value).__name__ in _GAPS else value.isoformat()


def _mapping(value: Mapping[Any, Any], place: Place) -> dict[str, Any]:
    return {str(name): plain(member, (*place, str(name))) for name, member in value.items()}


def _listed(values: Iterable[Any], place: Place) -> list[Any]:
    listed = list(values)
    kinds = set(map(type, listed))
    if kinds <= _EXACT:
        return listed
    if kinds <= {*_EXACT, float}:  # most columns are long, and only numbers with a few gaps
        return [
            one if type(one) is not float or isfinite(one) else _number(one, (*place, number))
            for number, one in enumerate(listed)
        ]
    return [plain(value, (*place, number)) for number, value in enumerate(listed)]


def _refused(value: object, place: Place) -> Any:
    raise _refusal(place, f"{type(value).__name__} has no form in JSON: send numbers, texts, times")


#: The first that fits.
_CONVERSIONS: tuple[tuple[type | tuple[type, ...], Callable[[Any, Place], Any]], ...] = (
    (Enum, lambda value, place: plain(value.value, place)),
    (str, lambda value, _: str(value)),
    (int, lambda value, _: int(value)),
    ((float, Decimal), _number),
    (date, _time),  # datetime is one, too
    (Mapping, _mapping),
    ((list, tuple), _listed),
    (msgspec.Struct, lambda value, place: plain(msgspec.to_builtins(value), place)),
    ((bytes, bytearray, memoryview, complex), _refused),
)


def _by_abilities(value: Any, place: Place) -> Any:
    """Return an array, a column, a table or a number of some library as JSON knows it."""
    if type(value).__name__ in _GAPS:
        return None
    if is_table(value):
        return columns_of(value, place)
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind and kind in _REFUSED_KINDS:
        return _refused(value, place)
    for method in ("tolist", "to_list", "to_pylist"):
        if hasattr(value, method):
            return _array(value, getattr(value, method)(), kind, place)
    if isinstance(value, Iterable):
        return _listed(value, place)
    return _refused(value, place)


def _array(value: Any, listed: Any, kind: str, place: Place) -> Any:
    if kind == "M" and _has_ticks(listed):
        # what is finer than a microsecond comes as whole numbers
        listed = value.astype("datetime64[us]").tolist()
    return plain(listed, place)


def _has_ticks(listed: Any) -> bool:
    values = listed if isinstance(listed, list) else [listed]
    return any(isinstance(value, int | list) for value in values)


def _refusal(place: Place, message: str) -> RuleError:
    return RuleError(faults=[Fault(path_of(place), message)])
