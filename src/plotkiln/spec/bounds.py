"""Whether a spec is small enough to be read and drawn, told before anything is done with it."""

import re
from collections.abc import Iterator
from typing import Any

from plotkiln.documents import nesting, path_of
from plotkiln.documents.extents import extent
from plotkiln.errors import Fault, RuleError
from plotkiln.spec.faults import Faults
from plotkiln.spec.limits import Limits
from plotkiln.spec.models import Axes, Series, Size, Spec
from plotkiln.spec.sources import field_names

__all__ = ["check_bounds", "check_depth", "check_flood", "check_text", "too_many_points"]

#: A JSON string: what is between its quotes separates no values.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)

#: More commas than any spec has between members, annotations and series.
_OTHER_COMMAS = 100_000

#: What XML 1.0 cannot hold (section 2.2), and so no SVG: neither can a label. All that it can hold,
#: with a ^ before it, would take ten times as long to compile, at each start.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def check_flood(data: bytes, limits: Limits) -> None:
    """Refuse a body with far too many values before it is decoded; ten million take 30 ms.

    Counts commas between values, so the number in the message is that of the values sent.
    Raises `RuleError`.
    """
    most = limits.points + _OTHER_COMMAS
    if data.count(b",") <= most:
        return
    commas = _STRING.sub(b"", data).count(b",")
    if commas > most:
        raise RuleError(faults=[Fault("", too_many_points(commas + 1, limits))])


def check_depth(value: Any, limits: Limits) -> None:
    """Refuse a document that nests more deeply than `limits.depth`; raises `RuleError`."""
    depth = nesting(value)
    if depth > limits.depth:
        levels = f"{depth} levels of lists and objects, at most {limits.depth} are read"
        raise RuleError(faults=[Fault("", f"{levels}: flatten it")])


def check_bounds(spec: Spec, limits: Limits) -> None:
    """Hold a spec to its limits; raises `RuleError` with every one that it exceeds."""
    faults = Faults()
    points = sum(map(_values_in, spec.series or [])) + _values_in(spec) + _cells(spec.data)
    points += _check_params(spec.params, limits, faults)
    if points > limits.points:
        faults.add("", too_many_points(points, limits))
    _check_count(faults, "series", len(spec.series or []), limits.series, "series")
    annotations = len(spec.annotations or [])
    _check_count(faults, "annotations", annotations, limits.annotations, "annotations")
    _check_pixels(faults, spec.size, limits)
    for path, text in _texts(spec):
        check_text(path, text, limits, faults)
    faults.settle()


def _check_params(params: dict[str, Any] | None, limits: Limits, faults: Faults) -> int:
    """Hold a template's parameters to the bounds of depth and text; return how many values."""
    if not params:
        return 0
    measured = extent(params)
    if measured.levels + 1 > limits.depth:
        faults.add("params", f"nests {measured.levels} levels deep, too deep to read: flatten it")
    else:
        for path, text in _texts_in(params, ("params",)):
            check_text(path_of(path), text, limits, faults)
    return measured.values


def _texts_in(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[Any, str]]:
    """Yield every text within a JSON value, with the way to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _texts_in(member, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, str | list | dict):
                yield from _texts_in(item, (*path, index))


def check_text(path: str, text: str, limits: Limits, faults: Faults) -> None:
    """Note a text that is too long, or that has characters which no picture can show."""
    if len(text) > limits.text:
        message = f"{len(text)} characters, at most {limits.text} are drawn: shorten it"
        faults.add(path, message)
    elif found := _UNPRINTABLE.search(text):
        character = f"U+{ord(found[0]):04X} at {found.start()}"
        faults.add(path, f"has the control character {character}: remove it")


def too_many_points(points: int, limits: Limits) -> str:
    """Say that there are too many values."""
    return f"{points} points, at most {limits.points} are drawn: aggregate first"


def _values_in(series: Series | Spec) -> int:
    own = ("size", "error", "x_error", "open", "high", "low", "close", "totals")
    members = ("x", "y", "z", *(own if isinstance(series, Series) else ()))
    facets = series.facets if isinstance(series, Spec) else None
    rows = _length(facets.by) if facets else 0
    return rows + sum(_length(getattr(series, member)) for member in members)


def _length(values: object) -> int:
    """Count the values of a column, or of all rows of a matrix."""
    if not isinstance(values, list):
        return 0
    rows = [row for row in values if isinstance(row, list)] if list in map(type, values) else []
    return len(values) - len(rows) + sum(map(len, rows))


def _cells(data: dict[str, list[Any]] | list[dict[str, Any]] | None) -> int:
    if isinstance(data, dict):
        return sum(map(len, data.values()))
    return len(data) * len(field_names(data)) if data else 0


def _check_count(faults: Faults, path: str, count: int, most: int, what: str) -> None:
    if count > most:
        faults.add(path, f"{count} {what}, at most {most} are drawn: leave some out")


def _check_pixels(faults: Faults, size: Size | None, limits: Limits) -> None:
    """Hold width × height to the limit; a side that the style decides counts as one pixel."""
    width, height = (size.width or 1, size.height or 1) if size else (1, 1)
    if width * height > limits.pixels:
        message = f"{width * height} pixels, at most {limits.pixels} are drawn: make it smaller"
        faults.add("size", message)


def _texts(spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield every text of a spec that may be drawn, with its place; categories come later."""
    for member in ("title", "subtitle", "alt"):
        yield from _given(member, getattr(spec, member))
    for index, series in enumerate(spec.series or []):
        yield from _given(f"series[{index}].name", series.name)
    axes = spec.axes or Axes()
    for name, axis in (("x", axes.x), ("y", axes.y), ("y2", axes.y2)):
        for member in ("label", "format", "prefix", "suffix"):
            yield from _given(f"axes.{name}.{member}", getattr(axis, member, None))
    for index, annotation in enumerate(spec.annotations or []):
        yield from _given(f"annotations[{index}].text", annotation.text)
    if spec.legend is not None and not isinstance(spec.legend, bool):
        yield from _given("legend.title", spec.legend.title)


def _given(path: str, text: str | None) -> Iterator[tuple[str, str]]:
    if text is not None:
        yield path, text
