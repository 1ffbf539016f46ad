"""Columns whose type is found from their values, or asked for by the axis."""

from types import NoneType

from plotkiln.spec.faults import Faults, shown
from plotkiln.spec.full import FullColumn
from plotkiln.spec.models import AxisType
from plotkiln.spec.sources import Source, Value
from plotkiln.spec.times import days_since_epoch, looks_like_time

__all__ = ["category_text", "counted_column", "number_column", "typed_column"]

_NO_VALUES = "has no values: give at least one that is not null"
_TIME_FORM = "write it as 2024-03-01 or 2024-03-01T12:30:00Z"


def typed_column(source: Source, forced: AxisType | None, faults: Faults) -> FullColumn | None:
    """Type one column: all numbers, all ISO 8601 times, or categories; gaps count for nothing.

    `forced` is the axis type that the user asked for. Notes a fault at the first value that does
    not fit, or when there is none at all, and returns None then.
    """
    types = set(map(type, source.values)) - {NoneType}
    if not types:
        faults.add(source.path, _NO_VALUES)
    elif forced == "category":
        return FullColumn("category", _categories(source))
    elif len(types) > 1:
        faults.add(*_mixture(source))
    elif types == {float}:
        return _numbers(source, forced, faults)
    else:
        return _texts(source, forced, faults)
    return None


def number_column(source: Source, role: str, faults: Faults) -> FullColumn | None:
    """Take a column that must hold numbers; note a fault at the first text (`role` names it)."""
    types = set(map(type, source.values)) - {NoneType}
    if not types:
        faults.add(source.path, _NO_VALUES)
    elif types != {float}:
        index, text = _first(source.values, str)
        faults.add(source.at(index), f"{shown(text)} is text: {role} must be numbers")
    else:
        return FullColumn("number", source.values)
    return None


def counted_column(length: int, as_categories: bool) -> FullColumn:
    """Return the positions 0, 1, 2, … that stand in for a missing x."""
    if as_categories:
        return FullColumn("category", [str(index) for index in range(length)])
    return FullColumn("number", [float(index) for index in range(length)])


def category_text(value: float | str) -> str:
    """Write a value as a category: 1.0 is `1`, 2.5 is `2.5`, a text is itself."""
    if isinstance(value, str):
        return value
    return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)


def _categories(source: Source) -> list[Value]:
    return [None if value is None else category_text(value) for value in source.values]


def _numbers(source: Source, forced: AxisType | None, faults: Faults) -> FullColumn | None:
    if forced == "time":
        index, number = _first(source.values, float)
        faults.add(source.at(index), f"{shown(number)} is a number, not a time: {_TIME_FORM}")
        return None
    return FullColumn("number", source.values)


def _texts(source: Source, forced: AxisType | None, faults: Faults) -> FullColumn | None:
    if forced in {"linear", "log"}:
        index, text = _first(source.values, str)
        faults.add(source.at(index), f"{shown(text)} is text: a {forced} axis needs numbers")
        return None
    if forced == "time":
        return _times(source, faults)
    likenesses = {looks_like_time(value) for value in source.values if isinstance(value, str)}
    if likenesses == {True}:
        return _times(source, faults)
    if likenesses == {False}:
        return FullColumn("category", source.values)
    faults.add(*_times_among_text(source))
    return None


def _times(source: Source, faults: Faults) -> FullColumn | None:
    """Convert every value; note each that is no time, the first three by themselves."""
    days: list[Value] = []
    wrong: list[int] = []
    for index, value in enumerate(source.values):
        try:
            days.append(days_since_epoch(value) if isinstance(value, str) else None)
        except ValueError:
            wrong.append(index)
    for index in wrong[:3]:
        faults.add(source.at(index), _no_time(str(source.values[index])))
    return None if wrong else FullColumn("time", days)


def _no_time(text: str) -> str:
    if looks_like_time(text):
        return f"{shown(text)} names no day or hour of the calendar"
    return f"{shown(text)} is not a time: {_TIME_FORM}"


def _mixture(source: Source) -> tuple[str, str]:
    """Say where numbers and text first meet."""
    first = next(value for value in source.values if value is not None)
    other: type = str if isinstance(first, float) else float
    index, value = _first(source.values, other)
    words = ("text", "numbers") if other is str else ("a number", "text")
    message = (
        f"{shown(value)} is {words[0]} among {words[1]}: a column never mixes them "
        "(set the axis type to category to take all as text)"
    )
    return source.at(index), message


def _times_among_text(source: Source) -> tuple[str, str]:
    """Say where times and other text first meet."""
    texts = [(at, text) for at, text in enumerate(source.values) if isinstance(text, str)]
    leading = looks_like_time(texts[0][1])
    index, text = next(pair for pair in texts if looks_like_time(pair[1]) != leading)
    words = ("not a time, but others are", "a time, but others are not")[not leading]
    message = (
        f"{shown(text)} is {words}: a column never mixes them "
        "(set the axis type to category to take all as text)"
    )
    return source.at(index), message


def _first(values: list[Value], kind: type) -> tuple[int, Value]:
    """Return the index of the first value of one type, and the value."""
    return next((at, value) for at, value in enumerate(values) if isinstance(value, kind))
