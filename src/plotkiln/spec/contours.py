"""Contours: lines of equal height over a matrix, or the areas between them."""

from itertools import pairwise

import msgspec

from plotkiln.spec.drafts import Draft
from plotkiln.spec.faults import Faults, shown
from plotkiln.spec.full import FullColumn, FullSeries
from plotkiln.spec.limits import Limits
from plotkiln.spec.matrices import Matrix, find_matrix, matrix_axis
from plotkiln.spec.models import Axes, Axis, Spec
from plotkiln.spec.pictures import Picture, full_series
from plotkiln.spec.sources import Source

__all__ = ["contour_picture"]

#: Members that say how lines look.
_OF_LINES = ("color", "linestyle", "linewidth")


def contour_picture(
    drafts: list[Draft], spec: Spec, limits: Limits, faults: Faults
) -> Picture | None:
    """Settle a contour: a matrix over numbers or times, and rising levels."""
    axes, draft = spec.axes or Axes(), drafts[0]
    _check_levels(draft, faults)
    if draft.sent.filled is not False:
        for member in _OF_LINES:
            if getattr(draft.sent, member) is not None:
                faults.add(draft.at(member), "is for lines: set filled to false")
    matrix = find_matrix(draft, axes, limits, faults)
    if matrix is None:
        return None
    _check_size(draft, matrix, faults)
    for name, column, axis in (("x", matrix.x, axes.x), ("y", matrix.y, axes.y)):
        source: Source | None = getattr(draft, name)
        path = source.path if source else draft.at(name)
        _check_positions(path, column, axis, faults)
    return Picture(
        [_series(draft, matrix)],
        matrix_axis("axes.x", axes.x, matrix.x, limits, faults),
        matrix_axis("axes.y", axes.y, matrix.y, limits, faults),
    )


def _series(draft: Draft, matrix: Matrix) -> FullSeries:
    series = full_series(draft, x=matrix.x, y=matrix.y, cells=matrix.cells)
    filled = draft.sent.filled is not False
    return msgspec.structs.replace(series, levels=draft.sent.levels, filled=filled)


def _check_levels(draft: Draft, faults: Faults) -> None:
    levels = draft.sent.levels
    if not isinstance(levels, list):
        return
    if len(levels) == 1 and draft.sent.filled is not False:
        faults.add(draft.at("levels"), "is one level: areas lie between two or more")
    for index, (low, high) in enumerate(pairwise(levels), start=1):
        if low >= high:
            message = f"{shown(high)} is not above {shown(low)}: levels rise"
            faults.add(f"{draft.at('levels')}[{index}]", message)
            return


def _check_size(draft: Draft, matrix: Matrix, faults: Faults) -> None:
    if len(matrix.cells) < 2 or len(matrix.cells[0]) < 2:
        rows, columns = len(matrix.cells), len(matrix.cells[0])
        size = f"is {rows} × {columns} values"
        faults.add(draft.at("z"), f"{size}: a contour needs two rows and two columns at least")


def _check_positions(path: str, column: FullColumn, axis: Axis | None, faults: Faults) -> None:
    """Note positions between which nothing lies, or that a log axis has no place for."""
    if column.type == "category":
        message = "a contour stands on numbers or times; on categories draw a heatmap"
        faults.add(path, message)
    elif axis and axis.type == "log":
        least = min(at for at in column.values if isinstance(at, float))
        if least <= 0:
            message = "has no place on a log axis: give numbers above 0"
            faults.add(path, f"{shown(least)} {message}")
