"""Straight pieces by the hundred: whiskers, errors, wicks, in one artist."""

from typing import Any

import numpy as np
from matplotlib.collections import LineCollection

from plotkiln.render.plot import Floats, Plot

__all__ = ["draw_segments"]


def draw_segments(
    plot: Plot, x: Floats, y: Floats, to_x: Floats, to_y: Floats, **look: Any
) -> LineCollection:
    """Draw straight pieces from (x, y) to (to_x, to_y), given as the spec's axes stand.

    A NaN leaves one out.
    """
    start, stop = np.column_stack(plot.xy(x, y)), np.column_stack(plot.xy(to_x, to_y))
    pieces = np.stack((start, stop), axis=1)
    known = np.isfinite(pieces).all(axis=(1, 2))
    lines = LineCollection(list(pieces[known]), capstyle="butt", **look)
    plot.axes.add_collection(lines, autolim=False)
    return lines
