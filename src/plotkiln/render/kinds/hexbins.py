"""Hexbins: a plane of hexagons, coloured by how many points fall into each."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.colors import LogNorm, Normalize

from plotkiln.render.plot import Floats, Numbered, Plot, xy_positions
from plotkiln.render.ticks import LinearScale, LogScale, NumberWriting

__all__ = ["draw_hexbins"]

#: Hexagons from left to right where nothing is said.
GRIDSIZE = 30
#: How high axes usually are, as a part of the picture's height over its width: hexagons are regular
#: in them.
USUAL_SHAPE = 0.85
#: More hexagons than this are one image within SVG and PDF, not a path each.
MOST_PATHS = 10_000


def draw_hexbins(plot: Plot, group: Sequence[Numbered]) -> None:
    """Count points into hexagons; those without points stay empty."""
    for number, series in group:
        x, y = xy_positions(plot, series)
        known = np.isfinite(x) & np.isfinite(y)
        across = series.gridsize or GRIDSIZE
        hexagons = plot.axes.hexbin(
            x[known], y[known], gridsize=(across, _rows(plot, across)), mincnt=1,
            xscale="log" if plot.x.type == "log" else "linear",
            yscale="log" if plot.y.type == "log" else "linear",
            alpha=series.alpha, zorder=plot.depth(number), linewidths=0.2, edgecolors="face",
        )  # fmt: skip
        counts = np.asarray(hexagons.get_array())
        hexagons.set_norm(_norm(plot, float(counts.max()), series.norm))
        hexagons.set_rasterized(counts.size > MOST_PATHS)
        plot.mappable = hexagons
        plot.occupy(x[known], y[known])
        plot.occupy(*_extent(hexagons))


def _rows(plot: Plot, across: int) -> int:
    """Return how many rows of hexagons are about as high as they are wide."""
    size = plot.figure.bbox
    shape = USUAL_SHAPE * size.height / size.width
    return max(round(across * shape / math.sqrt(3)), 1)


def _extent(hexagons: Any) -> tuple[Floats, Floats]:
    """Return the outer corners of all hexagons: one shape at many places, or a shape for each."""
    shapes = [path.get_extents() for path in hexagons.get_paths()]
    places = np.asarray(hexagons.get_offsets(), dtype=np.float64)
    low = places.min(axis=0) + np.min([shape.min for shape in shapes], axis=0)
    high = places.max(axis=0) + np.max([shape.max for shape in shapes], axis=0)
    return np.array([low[0], high[0]]), np.array([low[1], high[1]])


def _norm(plot: Plot, most: float, kind: str | None) -> Any:
    """Return what makes colours of counts, and let the colour bar measure them."""
    if kind == "log" and most > 1:
        plot.shades = LogScale(1.0, most, NumberWriting())
        return LogNorm(1, most)
    plot.shades = LinearScale(0.0, most, NumberWriting(), whole=True)
    return Normalize(0, most)
