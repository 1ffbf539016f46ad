"""Errorbars: points with the reach of their errors, which bars may have too."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.container import ErrorbarContainer

from plotkiln.render.plot import Floats, Numbered, Plot, numbers, xy_positions
from plotkiln.render.rcparams import RC
from plotkiln.render.segments import draw_segments
from plotkiln.spec.full import FullSeries

__all__ = ["draw_errorbars", "draw_errors"]

#: The part of the room between two categories over which several series stand side by side.
SPREAD = 0.4
#: The width of an error's line as a part of the style's lines, and its least in points.
STROKE = 0.65
LEAST_STROKE = 0.6
#: The length of a cap as a part of the style's marker size, and its least in points.
CAP = 1.1
LEAST_CAP = 4.0
#: Where an error ends that reaches zero on a log axis.
BOTTOM = float(np.finfo(np.float64).tiny)


def draw_errorbars(plot: Plot, group: Sequence[Numbered]) -> None:
    """Draw points with their errors; on categories several series stand side by side."""
    pitch = SPREAD / len(group) if plot.x.type == "category" else 0.0
    for place, (number, series) in enumerate(group):
        x, y = xy_positions(plot, series)
        x = x + (place - (len(group) - 1) / 2) * pitch
        look = plot.line(number, series)
        look["linestyle"] = series.linestyle or "none"
        look["marker"] = _marker(series)
        (line,) = plot.axes.plot(*plot.xy(x, y), **look)
        lines = draw_errors(
            plot, (x, y), series,
            color=look["color"], alpha=series.alpha, zorder=look["zorder"],
            linewidth=_stroke(series),
        )  # fmt: skip
        plot.occupy(x, y)
        shows_y = series.error is not None
        handle = ErrorbarContainer(
            (line, (), tuple(lines)), has_yerr=shows_y, has_xerr=series.x_error is not None
        )
        plot.listed(series, handle)


def draw_errors(
    plot: Plot, points: tuple[Floats, Floats], series: FullSeries, **look: Any
) -> list[LineCollection]:
    """Draw the errors of points, each with a cap at both ends."""
    x, y = points
    drawn = []
    if series.x_error is not None:
        low, high = (_end(plot.x.type, x, side) for side in _reaches(series.x_error))
        drawn.append(draw_segments(plot, low, y, high, y, **look))
        _draw_caps(plot, (np.concatenate((low, high)), np.tile(y, 2)), upright=False, **look)
    if series.error is not None:
        low, high = (_end(plot.y.type, y, side) for side in _reaches(series.error))
        drawn.append(draw_segments(plot, x, low, x, high, **look))
        _draw_caps(plot, (np.tile(x, 2), np.concatenate((low, high))), upright=True, **look)
    return drawn


def _reaches(error: list[list[float | None]]) -> tuple[Floats, Floats]:
    """Return how far errors reach: below as negative numbers, above as positive ones."""
    below, above = (numbers(side) for side in error)
    return -below, above


def _end(axis_type: str, values: Floats, reach: Floats) -> Floats:
    """Return where errors end: on a log axis, which has no zero, below all that is shown."""
    ends = values + reach
    return np.where(ends <= 0, BOTTOM, ends) if axis_type == "log" else ends


def _draw_caps(plot: Plot, ends: tuple[Floats, Floats], *, upright: bool, **look: Any) -> None:
    """Draw a stroke across each end of upright or level errors, as the spec's axes stand."""
    x, y = ends
    level = upright is not plot.swapped
    look = {key: value for key, value in look.items() if key != "linewidth"} | {
        "linestyle": "none",
        "marker": "_" if level else "|",
        "markersize": max(CAP * float(RC["lines.markersize"]), LEAST_CAP),
        "markeredgewidth": look["linewidth"],
    }
    plot.axes.plot(*plot.xy(x, y), **look)
    plot.occupy(*(np.where(at == BOTTOM, np.nan, at) for at in ends))


def _stroke(series: FullSeries) -> float:
    width = RC["lines.linewidth"] if series.linewidth is None else series.linewidth
    return max(float(width) * STROKE, LEAST_STROKE)


def _marker(series: FullSeries) -> str:
    """Return the series's marker, else the style's, else a disc: points are always shown."""
    if series.marker is not None:
        return series.marker
    marker = RC["lines.marker"]
    return "o" if marker in {"none", "None", "", None} else str(marker)
