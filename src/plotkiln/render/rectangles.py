"""Rectangles by the hundred: bars of every kind, in one artist."""

from typing import Any

import numpy as np
from matplotlib.collections import PolyCollection

from plotkiln.render.plot import Floats, Plot

__all__ = ["draw_rectangles"]


def draw_rectangles(
    plot: Plot, left: Floats, bottom: Floats, right: Floats, top: Floats, **look: Any
) -> PolyCollection:
    """Fill rectangles that are given as the spec's axes stand; a NaN leaves one out.

    One collection draws a thousand bars in the time that ten patches take.
    """
    if plot.swapped:
        left, bottom, right, top = bottom, left, top, right
    corners = ((left, bottom), (right, bottom), (right, top), (left, top))
    rows = np.stack([np.stack(np.broadcast_arrays(x, y), axis=-1) for x, y in corners], axis=1)
    known = np.isfinite(rows).all(axis=(1, 2))
    rectangles = PolyCollection(rows[known], **look)
    plot.axes.add_collection(rectangles, autolim=False)
    return rectangles
