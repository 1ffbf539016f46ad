"""Boxes: quartiles, whiskers and outliers of values by group."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.patches import Patch

from plotkiln.render.kinds.groups import Group, stands
from plotkiln.render.plot import Floats, Numbered, Plot
from plotkiln.render.rcparams import RC
from plotkiln.render.rectangles import draw_rectangles
from plotkiln.render.segments import draw_segments

__all__ = ["draw_boxes"]

ALPHA = 0.45
#: Whiskers reach the last value within so many interquartile ranges of the box (Tukey).
WHISKER = 1.5
#: Outliers are drawn at this part of the style's marker size.
OUTLIER_SIZE = 0.75


@dataclass(frozen=True, slots=True)
class _Box:
    place: float
    #: Lower whisker, quartiles, upper whisker.
    numbers: tuple[float, float, float, float, float]
    outliers: Floats


def draw_boxes(plot: Plot, group: Sequence[Numbered]) -> None:
    """Draw a box for each group of each series, side by side; without groups one per series."""
    for stand in stands(plot, group):
        boxes = [_box(one) for one in stand.groups]
        _draw(plot, stand.numbered, boxes, stand.shift, stand.width)
        if stand.listed:
            color = plot.color(*stand.numbered)
            face = to_rgba(color, ALPHA)
            plot.listed(stand.numbered[1], Patch(facecolor=face, edgecolor=color))
    plot.solid = True


def _box(group: Group) -> _Box:
    values = group.values
    first, median, third = (float(value) for value in np.percentile(values, [25, 50, 75]))
    reach = WHISKER * (third - first)
    inside = (values >= first - reach) & (values <= third + reach)
    low = min(float(values[inside].min()), first) if inside.any() else first
    high = max(float(values[inside].max()), third) if inside.any() else third
    return _Box(group.place, (low, first, median, third, high), values[~inside])


def _draw(plot: Plot, numbered: Numbered, boxes: list[_Box], shift: float, width: float) -> None:
    number, series = numbered
    color, depth = plot.color(number, series), plot.depth(number)
    face = to_rgba(color, ALPHA if series.alpha is None else series.alpha)
    stroke = max(float(RC["lines.linewidth"]) * 0.6, 0.5)
    at = np.array([box.place for box in boxes]) + shift
    numbers = np.array([box.numbers for box in boxes]).reshape(-1, 5)
    low, first, median, third, high = numbers.T
    left, right = at - width / 2, at + width / 2
    look: dict[str, Any] = {"facecolor": face, "edgecolor": color, "linewidth": stroke}
    draw_rectangles(plot, left, first, right, third, zorder=depth, **look)
    ends = [(at, low, at, first), (at, third, at, high)]
    caps = [(at - width / 4, level, at + width / 4, level) for level in (low, high)]
    look = {"color": color, "linewidth": stroke, "zorder": depth}
    for pieces in (*ends, *caps):
        draw_segments(plot, *pieces, **look)
    draw_segments(plot, left, median, right, median, **look | {"linewidth": stroke * 1.9})
    _outliers(plot, boxes, shift, color=color, zorder=depth)
    plot.fill(left, low, right, high)


def _outliers(plot: Plot, boxes: list[_Box], shift: float, **look: Any) -> None:
    x = np.concatenate(
        [np.full(len(box.outliers), box.place + shift) for box in boxes] or [np.empty(0)]
    )
    y = np.concatenate([box.outliers for box in boxes] or [np.empty(0)])
    if not x.size:
        return
    size = float(RC["lines.markersize"]) * OUTLIER_SIZE
    plot.axes.plot(
        *plot.xy(x, y),
        linestyle="none",
        marker="o",
        markersize=size,
        markerfacecolor="none",
        **look,
    )
    plot.occupy(x, y)
