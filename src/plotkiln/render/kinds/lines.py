"""Lines and steps."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from plotkiln.render.plot import Floats, Numbered, Plot, xy_positions
from plotkiln.render.rcparams import RC

__all__ = ["draw_lines", "draw_steps"]

#: Markers of the style are drawn where there is room for so many of their diameters each.
LEAST_PITCH = 1.25


def draw_lines(plot: Plot, group: Sequence[Numbered]) -> None:
    """Draw lines; a gap breaks one."""
    for number, series in group:
        _draw(plot, (number, series), {})


def draw_steps(plot: Plot, group: Sequence[Numbered]) -> None:
    """Draw steps, which rise before, after or midway between their points."""
    for number, series in group:
        _draw(plot, (number, series), {"drawstyle": f"steps-{series.where or 'pre'}"})


def _draw(plot: Plot, numbered: Numbered, more: dict[str, Any]) -> None:
    number, series = numbered
    x, y = xy_positions(plot, series)
    look = plot.line(number, series) | more
    if series.marker is not None:
        look["marker"] = series.marker
    across, upright = plot.xy(x, y)
    (line,) = plot.axes.plot(across, upright, **look)
    line.set_gapcolor(None)
    plot.occupy(x, y)
    plot.listed(series, line)
    if series.marker is None:
        plot.finishers.append(lambda: _thin_markers(plot, line, x, y))


def _thin_markers(plot: Plot, line: Any, x: Floats, y: Floats) -> None:
    """Leave out the style's markers where they would touch; lone points between gaps keep theirs.

    A marker says "here is a value"; where values stand closer than markers are wide, it says
    nothing and hides the line.
    """
    across, upright = plot.xy(x, y)
    known = np.isfinite(across) & np.isfinite(upright)
    if known.sum() < 3 or line.get_marker() in {"None", "none", "", None}:
        return
    pixels = plot.axes.transData.transform(np.column_stack((across, upright))[known])
    width = plot.ruler.pixels(float(RC["lines.markersize"]))
    if np.ptp(pixels, axis=0).max() / known.sum() >= LEAST_PITCH * width:
        return
    alone = np.flatnonzero(known & ~_has_neighbour(known))
    if alone.size:
        line.set_markevery(alone.tolist())
    else:
        line.set_marker("None")


def _has_neighbour(known: Any) -> Any:
    padded = np.pad(known, 1)
    return padded[:-2] | padded[2:]
