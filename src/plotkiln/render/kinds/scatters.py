"""Scatters: points of any size and shade."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.lines import Line2D

from plotkiln.render.plot import Floats, Numbered, Plot, numbers, xy_positions
from plotkiln.render.rcparams import RC
from plotkiln.spec.full import FullSeries

__all__ = ["draw_scatters"]

#: Markers that are strokes: they have no edge to leave out.
_STROKES = {"x", "+"}


def draw_scatters(plot: Plot, group: Sequence[Numbered]) -> None:
    """Draw points; a gap leaves one out. Shades of all series share one colour bar."""
    shades = [numbers(series.shade) for _, series in group if series.shade is not None]
    low, high = _range(shades)
    for number, series in group:
        x, y = xy_positions(plot, series)
        look: dict[str, Any] = {
            "zorder": plot.depth(number),
            "alpha": series.alpha,
            "marker": _marker(series),
        }
        look |= _fill(plot, (number, series), low, high)
        if look["marker"] not in _STROKES:
            look["linewidths"] = 0 if series.linewidth is None else series.linewidth
        points = plot.axes.scatter(*plot.xy(x, y), s=_areas(series, len(x)), **look)
        plot.occupy(x, y)
        if series.shade is not None:
            plot.mappable = points
        plot.listed(series, _handle(plot, (number, series)))


def _marker(series: FullSeries) -> str:
    """Return the series's marker, else the style's, else a disc: a scatter always shows points."""
    marker = series.marker or RC["lines.marker"]
    return "o" if marker in {"none", "None", "", None} else str(marker)


def _fill(plot: Plot, numbered: Numbered, low: float, high: float) -> dict[str, Any]:
    number, series = numbered
    if series.shade is None:
        return {"color": [plot.color(number, series)]}
    return {"c": numbers(series.shade), "vmin": low, "vmax": high, "plotnonfinite": False}


def _areas(series: FullSeries, length: int) -> Floats | float:
    """Return areas in square points; a gap is drawn as nothing."""
    if series.size is None:
        return float(RC["lines.markersize"]) ** 2
    if isinstance(series.size, list):
        return np.nan_to_num(numbers(series.size[:length]))
    return float(series.size)


def _range(shades: list[Floats]) -> tuple[float, float]:
    known = (
        np.concatenate([shade[np.isfinite(shade)] for shade in shades]) if shades else np.empty(0)
    )
    return (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)


def _handle(plot: Plot, numbered: Numbered) -> Line2D:
    number, series = numbered
    color = plot.color(number, series)
    return Line2D([], [], linestyle="none", marker=_marker(series), color=color, alpha=series.alpha)
