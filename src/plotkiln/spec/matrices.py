"""Matrices of cells, sent as rows or as one value per (x, y)."""

from typing import Literal

import msgspec

from plotkiln.spec.axes import all_categories, distinct_positions, full_axis
from plotkiln.spec.bounds import too_many_points
from plotkiln.spec.columns import counted_column, number_column, typed_column
from plotkiln.spec.drafts import Draft
from plotkiln.spec.faults import Faults, counted, shown
from plotkiln.spec.full import FullAxis, FullColumn
from plotkiln.spec.limits import Limits
from plotkiln.spec.models import Axes, Axis, AxisType
from plotkiln.spec.pictures import check_lengths, check_points
from plotkiln.spec.sources import Source, Value

__all__ = ["Cells", "Matrix", "find_matrix", "matrix_axis"]

Cells = list[list[float | None]]


class Matrix(msgspec.Struct, frozen=True):
    """Cells with the labels of their columns (x) and rows (y)."""

    x: FullColumn
    y: FullColumn
    cells: Cells


def find_matrix(draft: Draft, axes: Axes, limits: Limits, faults: Faults) -> Matrix | None:
    """Settle the cells of a series: rectangular, and at numbers or times in rising order."""
    if draft.rows is not None:
        return _from_rows(draft, axes, faults)
    return _from_points(draft, axes, limits, faults)


def matrix_axis(
    path: str, sent: Axis | None, column: FullColumn, limits: Limits, faults: Faults
) -> FullAxis:
    """Settle the axis along which the columns or the rows of a matrix stand."""
    number_type: AxisType = "log" if sent and sent.type == "log" else "linear"
    axis_type = number_type if column.type == "number" else column.type
    return full_axis(path, sent, axis_type, all_categories([column]), limits, faults)


def _from_rows(draft: Draft, axes: Axes, faults: Faults) -> Matrix | None:
    rows = draft.rows or []
    width = len(rows[0])
    for index, row in enumerate(rows):
        if len(row) != width:
            faults.add(
                f"{draft.at('z')}[{index}]", f"has {counted(len(row), 'cell')}, z[0] has {width}"
            )
            return None
    if all(cell is None for row in rows for cell in row):
        faults.add(draft.at("z"), "has no values: give at least one that is not null")
    x = _labels(draft, "x", width, axes.x, faults)
    y = _labels(draft, "y", len(rows), axes.y, faults)
    return None if x is None or y is None else _in_order(Matrix(x, y, rows))


def _labels(
    draft: Draft, member: Literal["x", "y"], count: int, axis: Axis | None, faults: Faults
) -> FullColumn | None:
    """Return the labels of the columns or rows of a matrix, or their count 0, 1, 2, …."""
    forced = axis.type if axis else None
    source = draft.x if member == "x" else draft.y
    if source is None:
        if forced == "time":
            faults.add(draft.at(member), "is missing, and its axis is to hold times")
        return counted_column(count, forced == "category")
    if len(source.values) != count:
        values = counted(len(source.values), "value")
        lines = counted(count, {"x": "column", "y": "row"}[member])
        message = f"{member} has {values}, z has {lines}: one for each"
        faults.add(draft.path, message)
        return None
    column = typed_column(source, forced, faults)
    if column is not None:
        _check_labels(source, column, faults)
    return column


def _check_labels(source: Source, column: FullColumn, faults: Faults) -> None:
    """Note the first label that is a gap, or comes twice."""
    seen: set[Value] = set()
    for index, value in enumerate(column.values):
        if value is None or value in seen:
            what = "is a gap" if value is None else f"{shown(source.values[index])} comes twice"
            faults.add(source.at(index), f"{what}: every row and column has a label of its own")
            return
        seen.add(value)


def _in_order(matrix: Matrix) -> Matrix:
    """Bring columns and rows into rising order where numbers or times label them."""
    across, down = _order(matrix.x), _order(matrix.y)
    return Matrix(
        FullColumn(matrix.x.type, [matrix.x.values[at] for at in across]),
        FullColumn(matrix.y.type, [matrix.y.values[at] for at in down]),
        [[matrix.cells[row][at] for at in across] for row in down],
    )


def _order(column: FullColumn) -> list[int]:
    if column.type == "category":
        return list(range(len(column.values)))
    pairs = [(value, at) for at, value in enumerate(column.values) if isinstance(value, float)]
    return [at for _, at in sorted(pairs)]


def _from_points(draft: Draft, axes: Axes, limits: Limits, faults: Faults) -> Matrix | None:
    """Pivot one value per (x, y) into rows."""
    if draft.x is None or draft.y is None or draft.z is None:
        message = "of one z per point needs x and y; without them z is a list of rows"
        faults.add(draft.path, f"{draft.rule.noun} {message}")
        return None
    if not check_lengths(draft, faults):
        return None
    x = typed_column(draft.x, axes.x.type if axes.x else None, faults)
    y = typed_column(draft.y, axes.y.type if axes.y else None, faults)
    z = number_column(draft.z, "z", faults)
    if x is None or y is None or z is None:
        return None
    check_points(draft, x, y, faults)
    across, down = distinct_positions([x]), distinct_positions([y])
    if len(across) * len(down) > limits.points:
        points = len(across) * len(down)
        faults.add(draft.path, f"x and y make cells: {too_many_points(points, limits)}")
        return None
    cells_at = _cells_by_position(draft, x, y, z, faults)
    cells = [[cells_at.get((at, to)) for at in across] for to in down]
    return Matrix(FullColumn(x.type, across), FullColumn(y.type, down), cells)


def _cells_by_position(
    draft: Draft, x: FullColumn, y: FullColumn, z: FullColumn, faults: Faults
) -> dict[tuple[Value, Value], float]:
    """Return z by (x, y); note a position that comes twice."""
    cells: dict[tuple[Value, Value], float] = {}
    for index, (at, to, value) in enumerate(zip(x.values, y.values, z.values, strict=True)):
        if (at, to) in cells and draft.z is not None:
            faults.add(draft.z.at(index), "is a second value for its x and y: aggregate first")
            break
        if isinstance(value, float):
            cells[at, to] = value
    return cells
