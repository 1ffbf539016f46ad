"""Heatmaps: a matrix of coloured cells."""

from plotkiln.spec.drafts import Draft
from plotkiln.spec.faults import Faults
from plotkiln.spec.limits import Limits
from plotkiln.spec.matrices import find_matrix, matrix_axis
from plotkiln.spec.models import Axes, Spec
from plotkiln.spec.pictures import Picture, full_series

__all__ = ["heatmap_picture"]


def heatmap_picture(
    drafts: list[Draft], spec: Spec, limits: Limits, faults: Faults
) -> Picture | None:
    """Settle a heatmap: cells of one size, so that no axis is logarithmic."""
    axes, draft = spec.axes or Axes(), drafts[0]
    for name, axis in (("x", axes.x), ("y", axes.y)):
        if axis and axis.type == "log":
            faults.add(f"axes.{name}.type", "a heatmap has no log axis: its cells are of one size")
    matrix = find_matrix(draft, axes, limits, faults)
    if matrix is None:
        return None
    return Picture(
        [full_series(draft, x=matrix.x, y=matrix.y, cells=matrix.cells)],
        matrix_axis("axes.x", axes.x, matrix.x, limits, faults),
        matrix_axis("axes.y", axes.y, matrix.y, limits, faults),
    )
