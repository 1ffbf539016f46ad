"""Hexbins: how many points fall into each hexagon of a plane."""

import msgspec

from plotkiln.spec.axes import full_axis, without_nonpositive
from plotkiln.spec.columns import typed_column
from plotkiln.spec.drafts import Draft
from plotkiln.spec.faults import Faults
from plotkiln.spec.full import FullAxis, FullColumn
from plotkiln.spec.limits import Limits
from plotkiln.spec.models import Axes, Axis, AxisType, Spec
from plotkiln.spec.pictures import Picture, check_lengths, check_points, full_series
from plotkiln.spec.sources import Source

__all__ = ["hexbin_picture"]


def hexbin_picture(
    drafts: list[Draft], spec: Spec, limits: Limits, faults: Faults
) -> Picture | None:
    """Settle a hexbin: points on two axes of numbers or times."""
    axes, draft = spec.axes or Axes(), drafts[0]
    if draft.x is None or draft.y is None or not check_lengths(draft, faults):
        return None
    x, y = _column(draft.x, axes.x, faults), _column(draft.y, axes.y, faults)
    if x is None or y is None:
        return None
    check_points(draft, x, y, faults)
    series = full_series(draft, x=x, y=y)
    more = {"gridsize": draft.sent.gridsize, "norm": draft.sent.norm or "linear"}
    return Picture(
        [msgspec.structs.replace(series, **more)],
        _axis("axes.x", axes.x, x, limits, faults),
        _axis("axes.y", axes.y, y, limits, faults),
    )


def _column(source: Source, axis: Axis | None, faults: Faults) -> FullColumn | None:
    """Return one column of positions; note categories, between which nothing can be counted."""
    column = typed_column(source, axis.type if axis else None, faults)
    if column is None:
        return None
    if column.type == "category":
        faults.add(source.path, "a hexbin stands on numbers or times: draw a heatmap of counts")
        return None
    is_log = axis is not None and axis.type == "log"
    return without_nonpositive(source.path, column, faults) if is_log else column


def _axis(
    path: str, sent: Axis | None, column: FullColumn, limits: Limits, faults: Faults
) -> FullAxis:
    axis_type: AxisType = "time" if column.type == "time" else "linear"
    if sent and sent.type == "log":
        axis_type = "log"
    return full_axis(path, sent, axis_type, [], limits, faults)
