"""Polars and radars: lines, points and polygons around a centre."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon

from plotkiln.render.kinds.webs import Web, draw_web, fit_web
from plotkiln.render.plot import Floats, Numbered, Plot, xy_positions
from plotkiln.render.rcparams import RC

__all__ = ["draw_polars", "draw_radars"]

#: Polygons let those behind shine through.
ALPHA = 0.18
#: Markers of the style are drawn where there is room for so many of their diameters each.
LEAST_PITCH = 1.25


def draw_polars(plot: Plot, group: Sequence[Numbered]) -> None:
    """Draw points joined in the order of the data, once the web's place is known."""
    for number, series in group:
        look = plot.line(number, series)
        marker = RC["lines.marker"] if series.marker is None else series.marker
        plot.listed(series, Line2D([], [], **look | {"marker": marker}))
    plot.finishers.append(partial(_draw, plot, group, closed=False))


def draw_radars(plot: Plot, group: Sequence[Numbered]) -> None:
    """Draw filled polygons, once the web's place is known; one with a gap is open and bare."""
    for number, series in group:
        color = plot.color(number, series)
        face = to_rgba(color, ALPHA if series.alpha is None else series.alpha)
        plot.listed(series, Patch(facecolor=face, edgecolor=color))
    plot.finishers.append(partial(_draw, plot, group, closed=True))


def _draw(plot: Plot, group: Sequence[Numbered], *, closed: bool) -> None:
    """Draw a group; the first of the picture draws the web beneath it."""
    web = _web(plot)
    for number, series in group:
        x, y = xy_positions(plot, series)
        if closed:
            _draw_polygon(plot, (number, series), web, _values_by_spoke(web, x, y))
        else:
            _draw_line(plot, (number, series), web.points(_angles(plot, x), y))


def _web(plot: Plot) -> Web:
    """Return the web that all series share, drawn when it is first asked for."""
    if plot.web is None:
        values = np.concatenate([xy_positions(plot, series)[1] for series in plot.spec.series])
        cornered = any(series.kind == "radar" for series in plot.spec.series)
        plot.web = fit_web(plot, values[np.isfinite(values)], cornered=cornered)
        draw_web(plot, plot.web)
    web: Web = plot.web
    return web


def _angles(plot: Plot, x: Floats) -> Floats:
    """Return angles clockwise from the top, in radians, of degrees or of categories."""
    turn = -2 * math.pi if plot.x.reverse else 2 * math.pi
    whole = len(plot.x.categories or ()) or 1 if plot.x.type == "category" else 360.0
    return x / whole * turn


def _values_by_spoke(web: Web, x: Floats, y: Floats) -> Floats:
    """Return the value at each spoke; NaN where there is none."""
    values = np.full(len(web.angles), np.nan)
    known = np.isfinite(x)
    values[x[known].astype(int)] = y[known]
    return values


def _draw_polygon(plot: Plot, numbered: Numbered, web: Web, values: Floats) -> None:
    number, series = numbered
    x, y = web.points(np.array(web.angles), values)
    x, y = np.append(x, x[0]), np.append(y, y[0])
    if np.isfinite(x).all():
        color = plot.color(number, series)
        face = to_rgba(color, ALPHA if series.alpha is None else series.alpha)
        area = Polygon(np.column_stack((x, y)), facecolor=face, linewidth=0, zorder=1.9)
        plot.axes.add_patch(area)
        _clip(plot, area)
    _draw_line(plot, (number, series), (x, y), alpha=None)


def _draw_line(plot: Plot, numbered: Numbered, points: tuple[Floats, Floats], **more: Any) -> None:
    number, series = numbered
    look = plot.line(number, series) | more
    if series.marker is not None:
        look["marker"] = series.marker
    elif not _has_room(plot, points):
        look["marker"] = "none"
    (line,) = plot.axes.plot(*points, **look)
    _clip(plot, line)


def _has_room(plot: Plot, points: tuple[Floats, Floats]) -> bool:
    """Tell whether the style's markers stand apart along the line."""
    steps = np.hypot(*(np.diff(side) for side in points))
    known = steps[np.isfinite(steps)]
    width = plot.ruler.pixels(float(RC["lines.markersize"]))
    return known.size < 3 or float(np.median(known)) >= LEAST_PITCH * width


def _clip(plot: Plot, artist: Any) -> None:
    """Keep what lies beyond the rim within the web, where the spec's limits leave some out."""
    if plot.y.high is not None:
        artist.set_clip_path(plot.axes.patches[0])
