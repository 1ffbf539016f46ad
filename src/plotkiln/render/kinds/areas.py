"""Areas: down to zero, or stacked."""

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.patches import Patch

from plotkiln.render.kinds.bars import stack_on, stretch
from plotkiln.render.plot import Floats, Numbered, Plot, xy_positions

__all__ = ["draw_areas"]

#: Areas in front of each other let those behind shine through; stacked ones hide nothing.
ALPHA = 0.3
STACKED_ALPHA = 0.8


def draw_areas(plot: Plot, group: Sequence[Numbered]) -> None:
    """Fill the areas and draw their upper edges; a gap leaves a hole."""
    totals: dict[tuple[float, bool], float] = {}
    for number, series in group:
        x, y = xy_positions(plot, series)
        begins = stack_on(totals, x, y) if plot.spec.stack else np.zeros_like(y)
        _draw(plot, (number, series), x, begins, begins + y)
    plot.tight_x = all(series.kind == "area" for series in plot.own)


def _draw(plot: Plot, numbered: Numbered, x: Floats, begins: Floats, ends: Floats) -> None:
    number, series = numbered
    color = plot.color(number, series)
    usual = STACKED_ALPHA if plot.spec.stack else ALPHA
    alpha = usual if series.alpha is None else series.alpha
    plot.axes.fill_between(
        x, stretch(plot, begins), ends, facecolor=color, alpha=alpha, linewidth=0,
        zorder=plot.depth(number),
    )  # fmt: skip
    edge = plot.line(number, series) | {"alpha": None, "marker": ""}
    plot.axes.plot(x, ends, **edge)
    pairs = slice(None, -1), slice(1, None)
    low = np.fmin(begins[pairs[0]], ends[pairs[0]])
    high = np.fmax(ends[pairs[0]], ends[pairs[1]])
    plot.fill(x[pairs[0]], low, x[pairs[1]], high)
    plot.occupy(x, ends)
    plot.listed(series, Patch(facecolor=to_rgba(color, alpha), edgecolor=color))
