"""Bars: side by side or stacked, upright or lying, on categories, numbers or times."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from plotkiln.render.kinds.errorbars import draw_errors
from plotkiln.render.plot import Floats, Numbered, Plot, xy_positions
from plotkiln.render.rcparams import RC
from plotkiln.render.rectangles import draw_rectangles

__all__ = ["draw_bars", "draw_zero", "least_pitch", "stack_on", "stretch"]

#: The part of the room between two positions that bars fill.
FILLED = 0.8
#: The width of the line of a bar's error, in points.
ERROR_STROKE = 1.2


def draw_bars(plot: Plot, group: Sequence[Numbered]) -> None:
    """Draw the bars of all series at their common positions; a gap leaves one out."""
    columns = [xy_positions(plot, series) for _, series in group]
    room = FILLED * least_pitch([x for x, _ in columns])
    width = room if plot.spec.stack else room / len(group)
    totals: dict[tuple[float, bool], float] = {}
    for place, (numbered, (x, y)) in enumerate(zip(group, columns, strict=True)):
        if plot.spec.stack:
            centres, begins = x, stack_on(totals, x, y)
        else:
            centres, begins = x + (place - (len(group) - 1) / 2) * width, np.zeros_like(x)
        _draw(plot, numbered, (centres - width / 2, begins, centres + width / 2, begins + y))
        if numbered[1].error is not None:
            _draw_errors(plot, numbered, (centres, begins + y))
    plot.solid = True


def _draw_errors(plot: Plot, numbered: Numbered, ends: tuple[Floats, Floats]) -> None:
    """Draw the errors of bars in the colour of text, with an edge that is seen on any bar."""
    edge = withStroke(linewidth=2 * ERROR_STROKE, foreground=RC["axes.facecolor"])
    look = {"color": RC["text.color"], "linewidth": ERROR_STROKE, "path_effects": [edge]}
    draw_errors(plot, ends, numbered[1], zorder=plot.depth(numbered[0]) + 0.0005, **look)


def stack_on(totals: dict[tuple[float, bool], float], x: Floats, y: Floats) -> Floats:
    """Return where each value begins on those before it, and add it; negative ones stack down."""
    begins = np.zeros_like(y)
    for index, (at, value) in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
        key = (at, value < 0)
        begins[index] = totals.get(key, 0.0)
        if np.isfinite(value):
            totals[key] = begins[index] + value
    return begins


def stretch(plot: Plot, begins: Floats) -> Floats:
    """Return where bars begin: on a log axis, which has no zero, below all that is shown."""
    if plot.y.type != "log":
        return begins
    return np.where(begins <= 0, np.finfo(np.float64).tiny, begins)


def least_pitch(columns: Sequence[Floats]) -> float:
    """Return the least distance between two positions, 1 where there is but one."""
    places = np.unique(np.concatenate(columns)) if columns else np.empty(0)
    places = places[np.isfinite(places)]
    return float(np.diff(places).min()) if places.size > 1 else 1.0


def _draw(plot: Plot, numbered: Numbered, sides: tuple[Floats, Floats, Floats, Floats]) -> None:
    number, series = numbered
    left, begins, right, ends = sides
    look: dict[str, Any] = {"facecolor": plot.color(number, series), "alpha": series.alpha}
    look |= {"linewidth": 0, "zorder": plot.depth(number)}
    draw_rectangles(plot, left, stretch(plot, begins), right, ends, **look)
    plot.fill(left, np.minimum(begins, ends), right, np.maximum(begins, ends))
    plot.listed(series, Patch(facecolor=look["facecolor"], alpha=series.alpha, linewidth=0))
    if (ends < 0).any():
        draw_zero(plot)


def draw_zero(plot: Plot) -> None:
    """Draw the line that bars on both sides of zero stand on."""
    draw = plot.axes.axvline if plot.swapped else plot.axes.axhline
    color, width = RC["axes.edgecolor"], RC["axes.linewidth"]
    draw(0, color=color, linewidth=width, linestyle="-", marker="", zorder=3)
