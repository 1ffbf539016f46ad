"""Stacked bars and areas: series brought to the same x positions.

Bars stack on bars, areas on areas. Where the series of a kind differ in x, each is given every
position that any of them has: numbers and times in rising order, categories in order of
appearance. What a series lacks there, and its gaps, count as zero; for areas, whose outline then
dips, a warning says so.
"""

import msgspec

from plotkiln.spec.axes import distinct_positions
from plotkiln.spec.bounds import too_many_points
from plotkiln.spec.drafts import Draft
from plotkiln.spec.faults import Faults, shown
from plotkiln.spec.full import FullColumn, FullSeries
from plotkiln.spec.kinds import KINDS
from plotkiln.spec.limits import Limits
from plotkiln.spec.sources import Value

__all__ = ["stacked"]


def stacked(
    drafts: list[Draft], series: list[FullSeries], limits: Limits, faults: Faults
) -> list[FullSeries]:
    """Align the series of each kind that stacks; `drafts` are the same series, as sent."""
    result = list(series)
    for kind in (rule.kind for rule in KINDS.values() if rule.stacks):
        members = [index for index, one in enumerate(series) if one.kind == kind]
        columns = [one.x for one in series if one.kind == kind and one.x is not None]
        positions = _positions(columns)
        if len(positions) * len(members) > limits.points:
            points = len(positions) * len(members)
            faults.add("stack", f"brings the series to {too_many_points(points, limits)}")
            continue
        for index in members:
            result[index] = _spread(drafts[index], series[index], positions, faults)
    return result


def _positions(columns: list[FullColumn]) -> list[Value]:
    """Return every position of all columns; as they are where all columns are the same."""
    first = columns[0].values if columns else []
    if None not in first and all(column.values == first for column in columns):
        return first
    return distinct_positions(columns)


def _spread(draft: Draft, series: FullSeries, positions: list[Value], faults: Faults) -> FullSeries:
    """Give one series a value at every position."""
    if series.x is None or series.y is None:
        return series
    if series.x.values == positions:
        found = series.y.values
    else:
        heights = _heights(draft, series.x, series.y, faults)
        found = [heights.get(at) for at in positions]
    missing = found.count(None)
    if missing and series.kind == "area":
        faults.warn(draft.at("y"), f"{missing} of {len(positions)} positions missing, stacked as 0")
    filled: list[Value] = [0.0 if value is None else value for value in found]
    x, y = FullColumn(series.x.type, positions), FullColumn("number", filled)
    return msgspec.structs.replace(series, x=x, y=y)


def _heights(draft: Draft, x: FullColumn, y: FullColumn, faults: Faults) -> dict[Value, Value]:
    """Return y by x; note a position that comes twice, since only one can be stacked."""
    heights: dict[Value, Value] = {}
    for index, (at, value) in enumerate(zip(x.values, y.values, strict=True)):
        if at in heights and draft.x is not None:
            message = f"{shown(draft.x.values[index])} comes twice: add its values up to stack them"
            faults.add(draft.x.at(index), message)
            break
        if at is not None:
            heights[at] = value
    return heights
