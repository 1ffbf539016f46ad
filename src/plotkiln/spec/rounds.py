"""Polars and radars: values around a centre, at angles or at categories."""

from plotkiln.spec.axes import all_categories, common_type, full_axis
from plotkiln.spec.columns import number_column, typed_column
from plotkiln.spec.drafts import Draft
from plotkiln.spec.faults import Faults, shown
from plotkiln.spec.full import FullColumn, FullSeries
from plotkiln.spec.limits import Limits
from plotkiln.spec.models import Axes, Axis, AxisType, Spec
from plotkiln.spec.pictures import Picture, check_lengths, check_points, full_series
from plotkiln.spec.sources import Source

__all__ = ["round_picture"]

#: A polygon has no fewer corners.
_LEAST_CORNERS = 3


def round_picture(
    drafts: list[Draft], spec: Spec, limits: Limits, faults: Faults
) -> Picture | None:
    """Settle polars and radars: x goes around, y outward from the centre."""
    axes = spec.axes or Axes()
    if spec.annotations:
        faults.add("annotations", "remarks have no place on a round picture: remove them")
    _check_axes(axes, faults)
    before = faults.count
    found = [(draft, _angles(draft, axes.x, faults)) for draft in drafts]
    columns = [(_path(draft), x) for draft, x in found if x is not None]
    x_type = common_type(columns, None, faults)
    drawn = [_series(draft, x, faults) for draft, x in found if x is not None]
    series = [one for one in drawn if one is not None]
    y_axis = full_axis("axes.y", axes.y, "linear", [], limits, faults)
    if faults.count > before or not series:
        return None
    categories = all_categories([x for _, x in columns])
    if any(draft.kind == "radar" for draft in drafts) and len(categories) < _LEAST_CORNERS:
        count = len(categories)
        path = columns[0][0]
        faults.add(path, f"{count} categories are no polygon: a radar needs three at least")
    x_axis = full_axis("axes.x", axes.x, x_type, categories, limits, faults)
    return Picture(series, x_axis, y_axis)


def _check_axes(axes: Axes, faults: Faults) -> None:
    """Note what an axis around a centre, and one from it, cannot have."""
    for name, axis in (("x", axes.x), ("y", axes.y)):
        if axis and axis.label:
            faults.add(f"axes.{name}.label", "has no place on a round picture: use the subtitle")
    if axes.x and axes.x.limits is not None:
        faults.add("axes.x.limits", "angles go all around: remove it")
    if axes.x and axes.x.type in {"log", "time"}:
        faults.add("axes.x.type", "x goes around: choose linear for degrees, or category")
    if axes.y and axes.y.type not in {None, "linear"}:
        faults.add("axes.y.type", "y goes outward from the centre: its axis is linear")


def _path(draft: Draft) -> str:
    return draft.x.path if draft.x else draft.path


def _angles(draft: Draft, axis: Axis | None, faults: Faults) -> FullColumn | None:
    """Return where the points of a series stand around the centre."""
    if draft.x is None or not check_lengths(draft, faults):
        return None
    forced: AxisType | None = "category" if draft.kind == "radar" or _asked(axis) else None
    column = typed_column(draft.x, forced, faults)
    if column is not None and column.type == "time":
        message = "holds times: give angles in degrees, or set the axis type to category"
        faults.add(draft.x.path, message)
        return None
    if column is not None and draft.kind == "radar":
        _check_corners(draft.x, column, faults)
    return column


def _asked(axis: Axis | None) -> bool:
    return axis is not None and axis.type == "category"


def _check_corners(source: Source, column: FullColumn, faults: Faults) -> None:
    """Note the first category that comes twice in one polygon."""
    seen = set()
    for index, value in enumerate(column.values):
        if value is not None and value in seen:
            message = f"{shown(source.values[index])} comes twice: a polygon has it once"
            faults.add(source.at(index), message)
            return
        seen.add(value)


def _series(draft: Draft, x: FullColumn, faults: Faults) -> FullSeries | None:
    y = number_column(draft.y, "y", faults) if draft.y else None
    if y is None:
        return None
    check_points(draft, x, y, faults)
    return full_series(draft, x=x, y=y)
