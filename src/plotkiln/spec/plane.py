"""Lines, steps, scatters, bars, areas, errorbars, candlesticks, histograms: all on two axes."""

from itertools import pairwise

import msgspec

from plotkiln.spec.axes import all_categories, common_type, full_axis, without_nonpositive
from plotkiln.spec.candlesticks import candle_series
from plotkiln.spec.columns import counted_column, number_column, typed_column
from plotkiln.spec.drafts import Draft
from plotkiln.spec.errorbars import full_errors
from plotkiln.spec.faults import Faults, shown
from plotkiln.spec.full import FullAxis, FullColumn, FullSeries
from plotkiln.spec.limits import Limits
from plotkiln.spec.models import Axes, Axis, AxisType, Side, Spec
from plotkiln.spec.pictures import (
    Picture,
    check_lengths,
    check_points,
    full_series,
    number_axis_type,
)
from plotkiln.spec.sides import on_right
from plotkiln.spec.stacking import stacked

__all__ = ["plane_picture"]

#: The greatest marker, in square points: a thousand points wide.
_GREATEST_SIZE = 1e6


class _Positions(msgspec.Struct, frozen=True):
    """The x of one series, before the axis is settled."""

    draft: Draft
    #: Where x stands, or would.
    path: str
    #: None where x is missing and counts 0, 1, 2, ….
    column: FullColumn | None


def plane_picture(
    drafts: list[Draft], spec: Spec, limits: Limits, faults: Faults
) -> Picture | None:
    """Settle the columns and axes of series that share a plane.

    Returns None when the x axis cannot be settled; the axes are checked whatever y may lack.
    """
    axes, before = spec.axes or Axes(), faults.count
    forced = axes.x.type if axes.x else None
    found = [_positions(draft, forced, faults) for draft in drafts]
    positions = [item for item in found if item is not None]
    x_type = common_type(
        [(item.path, item.column) for item in positions if item.column is not None], forced, faults
    )
    columns = [_x_column(item, x_type, forced, faults) for item in positions]
    is_settled = faults.count == before
    y_type, y_axis = _upright("axes.y", axes.y, limits, faults)
    y2_type, y2_axis = _upright("axes.y2", axes.y2, limits, faults)
    series = _all_series(
        list(zip(positions, columns, strict=True)), x_type, {"y": y_type, "y2": y2_type}, faults
    )
    if not is_settled:
        return None
    categories = all_categories([column for column in columns if column is not None])
    x_axis = full_axis("axes.x", axes.x, x_type, categories, limits, faults)
    if spec.stack and len(series) == len(drafts):
        series = stacked(drafts, series, limits, faults)
    return Picture(series, x_axis, y_axis, y2_axis if any(map(on_right, drafts)) else None)


def _upright(
    path: str, sent: Axis | None, limits: Limits, faults: Faults
) -> tuple[AxisType, FullAxis]:
    """Settle an axis that stands upright, which holds numbers."""
    axis_type = number_axis_type(path, sent.type if sent else None, faults)
    return axis_type, full_axis(path, sent, axis_type, [], limits, faults)


def _all_series(
    items: list[tuple[_Positions, FullColumn | None]],
    x_type: AxisType,
    y_types: dict[Side, AxisType],
    faults: Faults,
) -> list[FullSeries]:
    """Settle every series that can be."""
    series = []
    for positions, x in items:
        if positions.draft.kind == "histogram":
            one = _histogram(positions, x_type, faults)
        else:
            y_type = y_types[positions.draft.sent.axis or "y"]
            one = _series(positions, x, x_type, y_type, faults)
        if one is not None:
            series.append(one)
    return series


def _positions(draft: Draft, forced: AxisType | None, faults: Faults) -> _Positions | None:
    if not check_lengths(draft, faults):
        return None
    source = draft.x or (draft.y if draft.kind == "histogram" else None)
    if source is None:
        return _Positions(draft, draft.at("x"), None)
    column = typed_column(source, forced, faults)
    return None if column is None else _Positions(draft, source.path, column)


def _series(
    positions: _Positions,
    x: FullColumn | None,
    x_type: AxisType,
    y_type: AxisType,
    faults: Faults,
) -> FullSeries | None:
    """Settle one series on axes of known types."""
    draft = positions.draft
    if draft.kind == "candlestick":
        return None if x is None else _candlestick(positions, x, (x_type, y_type), faults)
    y = number_column(draft.y, "y", faults) if draft.y else None
    shade = number_column(draft.z, "z", faults) if draft.z else None
    size = _size(draft, faults)
    if x is None or y is None or draft.y is None:
        return None
    if x_type == "log":
        x = without_nonpositive(positions.path, x, faults)
    if y_type == "log":
        y = without_nonpositive(draft.y.path, y, faults)
    check_points(draft, x, y, faults)
    if draft.kind == "bar":
        _warn_of_hidden_bars(positions.path, x, faults)
    if draft.kind == "errorbar":
        _check_errorbar(draft, x_type, faults)
    series = full_series(draft, x=x, y=y, shade=_plain(shade), size=size)
    return _with_errors(draft, series, len(y.values), faults)


def _candlestick(
    positions: _Positions, x: FullColumn, types: tuple[AxisType, AxisType], faults: Faults
) -> FullSeries | None:
    if types[0] == "log":
        x = without_nonpositive(positions.path, x, faults)
    given = [at for at in x.values if at is not None]
    if len(set(given)) < len(given):
        faults.warn(positions.path, "has positions that come twice, where one candle hides another")
    return candle_series(positions.draft, x, types[1], faults)


def _check_errorbar(draft: Draft, x_type: AxisType, faults: Faults) -> None:
    """Note an errorbar without errors, and errors of positions that are no numbers."""
    if draft.error is None and draft.x_error is None:
        faults.add(draft.path, "an errorbar needs error or x_error")
    if draft.x_error is not None and x_type in {"time", "category"}:
        held = {"time": "times", "category": "categories"}[x_type]
        faults.add(draft.at("x_error"), f"goes with numbers, but the x axis holds {held}")


def _with_errors(draft: Draft, series: FullSeries, length: int, faults: Faults) -> FullSeries:
    if draft.error is None and draft.x_error is None:
        return series
    return msgspec.structs.replace(
        series,
        error=full_errors(draft.at("error"), draft.error, length, faults),
        x_error=full_errors(draft.at("x_error"), draft.x_error, length, faults),
    )


def _x_column(
    positions: _Positions, x_type: AxisType, forced: AxisType | None, faults: Faults
) -> FullColumn | None:
    """Return x, or the count 0, 1, 2, … where it is missing and the axis can hold it."""
    if positions.column is not None:
        return positions.column
    if x_type == "time" or (x_type == "category" and forced is None):
        held = {"time": "times", "category": "categories"}[x_type]
        faults.add(positions.path, f"is missing, and the x axis holds {held}: give them here too")
        return None
    length = max(len(source.values) for source in positions.draft.sources.values())
    return counted_column(length, x_type == "category")


def _histogram(positions: _Positions, x_type: AxisType, faults: Faults) -> FullSeries | None:
    draft, values = positions.draft, positions.column
    if values is None:
        return None
    if values.type == "category":
        faults.add(positions.path, "a histogram needs numbers or times: count texts and draw a bar")
        return None
    if isinstance(draft.sent.bins, list):
        _check_edges(draft, draft.sent.bins, values, faults)
    if x_type == "log":
        values = without_nonpositive(positions.path, values, faults)
    return full_series(draft, x=values)


def _check_edges(draft: Draft, edges: list[float], values: FullColumn, faults: Faults) -> None:
    if values.type == "time":
        faults.add(draft.at("bins"), "edges are numbers, but the values are times: give a count")
        return
    for index, (low, high) in enumerate(pairwise(edges), start=1):
        if low >= high:
            message = f"{shown(high)} is not above {shown(low)}: edges rise"
            faults.add(f"{draft.at('bins')}[{index}]", message)
            return


def _warn_of_hidden_bars(path: str, x: FullColumn, faults: Faults) -> None:
    given = [at for at in x.values if at is not None]
    if len(set(given)) < len(given):
        faults.warn(path, "has positions that come twice, where one bar hides another")


def _size(draft: Draft, faults: Faults) -> float | list[float | None] | None:
    """Return the marker areas of a scatter; note the first that is none."""
    if draft.size is None:
        return None
    if isinstance(draft.size, float):
        _check_size(draft.size, draft.at("size"), faults)
        return draft.size
    column = number_column(draft.size, "size", faults)
    areas = _plain(column) or []
    for index, area in enumerate(areas):
        if area is not None and not _check_size(area, draft.size.at(index), faults):
            break
    return areas


def _check_size(area: float, path: str, faults: Faults) -> bool:
    if 0 <= area <= _GREATEST_SIZE:
        return True
    faults.add(path, f"{shown(area)} is no marker area: give 0 to 1000000 square points")
    return False


def _plain(column: FullColumn | None) -> list[float | None] | None:
    """Return the values of a column of numbers."""
    if column is None:
        return None
    return [value for value in column.values if not isinstance(value, str)]
