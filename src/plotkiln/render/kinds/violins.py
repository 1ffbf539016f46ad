"""Violins: how densely values lie, by group, with their quartiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Patch

from plotkiln.render.kinds.groups import Group, Stand, stands
from plotkiln.render.plot import Floats, Numbered, Plot
from plotkiln.render.rcparams import RC
from plotkiln.render.segments import draw_segments

__all__ = ["density", "draw_violins"]

ALPHA = 0.45
#: A single series has more room than its boxes would need: densities are read by their width.
WIDEN_ONE = 1.5
#: The outline's width as a part of the style's lines, and the median's in outlines.
STROKE = 0.6
MEDIAN = 2.2
#: Densities are known at so many places per bandwidth, within bounds.
PER_BANDWIDTH = 6
LEAST_PLACES, MOST_PLACES = 128, 2048
#: No bell is narrower than this part of the finest bins.
NARROWEST = 0.25
#: The kernel ends so many bandwidths from its middle, where it is 0.0003 of its height.
REACH = 4.0


@dataclass(frozen=True, slots=True)
class _Violin:
    place: float
    #: Where the density is known, from the least value to the greatest.
    levels: Floats
    #: Half of the width at each level; the widest is 1.
    widths: Floats
    #: First quartile, median, third quartile.
    quartiles: Floats


def draw_violins(plot: Plot, group: Sequence[Numbered]) -> None:
    """Draw a violin for each group of each series, side by side; without groups one per series."""
    for stand in stands(plot, group):
        number, series = stand.numbered
        color = plot.color(number, series)
        _draw(plot, stand, color)
        if stand.listed:
            plot.listed(series, Patch(facecolor=to_rgba(color, ALPHA), edgecolor=color))
    plot.solid = True


def density(values: Floats) -> tuple[Floats, Floats]:
    """Return levels from the least value to the greatest, and how densely values lie there.

    A Gaussian kernel with Silverman's bandwidth (Density Estimation for Statistics and Data
    Analysis, 1986, equation 3.31), over values that are counted into narrow bins first: a million
    take as long as a hundred. The densest is 1; equal values are as dense everywhere.
    """
    low, high = float(values.min()), float(values.max())
    span = high / 2 - low / 2  # halved, so that the widest values of a double have one
    scaled = (values / 2 - low / 2) / span if span > 0 else np.zeros_like(values)
    bandwidth = _bandwidth(scaled)
    if not bandwidth > 0:
        return np.array([low, high]), np.ones(2)
    bandwidth = max(bandwidth, NARROWEST / MOST_PLACES)
    count = int(np.clip(PER_BANDWIDTH / bandwidth, LEAST_PLACES, MOST_PLACES))
    bins = np.histogram(scaled, count, (0.0, 1.0))[0].astype(np.float64)
    reach = int(np.ceil(REACH * bandwidth * count))
    offsets = np.arange(-reach, reach + 1) / (bandwidth * count)
    dense = np.convolve(bins, np.exp(-(offsets**2) / 2))[reach : reach + count]
    levels = low + (np.arange(count) + 0.5) / count * 2 * span
    levels[0], levels[-1] = low, high
    return levels, dense / dense.max()


def _bandwidth(values: Floats) -> float:
    """Return Silverman's bandwidth: 0 where values are all alike."""
    first, third = np.percentile(values, [25, 75])
    spread = float(values.std(ddof=1)) if values.size > 1 else 0.0
    middle = float(third - first) / 1.34
    return float(0.9 * (min(spread, middle) or spread) * values.size**-0.2)


def _violin(plot: Plot, group: Group) -> _Violin:
    """Summarise one group; on a log axis as it is seen there."""
    is_log = plot.y.type == "log"
    levels, widths = density(np.log10(group.values) if is_log else group.values)
    if is_log:
        levels = 10.0**levels
    return _Violin(group.place, levels, widths, np.percentile(group.values, [25, 50, 75]))


def _draw(plot: Plot, stand: Stand, color: Any) -> None:
    number, series = stand.numbered
    face = to_rgba(color, ALPHA if series.alpha is None else series.alpha)
    stroke = max(float(RC["lines.linewidth"]) * STROKE, 0.5)
    half = stand.width / 2 * (1 if stand.shift or stand.listed else WIDEN_ONE)
    look = {"color": color, "zorder": plot.depth(number), "linewidth": stroke}
    outlines = []
    for violin in (_violin(plot, group) for group in stand.groups):
        at, reach = violin.place + stand.shift, violin.widths * half
        x = np.concatenate((at - reach, (at + reach)[::-1]))
        y = np.concatenate((violin.levels, violin.levels[::-1]))
        outlines.append(np.column_stack(plot.xy(x, y)))
        plot.fill(*(np.array([side]) for side in (x.min(), y.min(), x.max(), y.max())))
        _draw_quartiles(plot, violin, at, half, look)
    shapes = PolyCollection(outlines, facecolor=face, edgecolor=color, linewidth=stroke)
    shapes.set_zorder(plot.depth(number))
    plot.axes.add_collection(shapes, autolim=False)


def _draw_quartiles(
    plot: Plot, violin: _Violin, at: float, half: float, look: dict[str, Any]
) -> None:
    """Draw the median and, thinner and dashed, the quartiles across a violin."""
    reach = np.interp(violin.quartiles, violin.levels, violin.widths) * half
    outer, inner = np.array([0, 2]), np.array([1])
    thick = look["linewidth"] * MEDIAN
    for which, more in ((outer, {"linestyle": (0, (2.5, 1.5))}), (inner, {"linewidth": thick})):
        level, width = violin.quartiles[which], reach[which]
        draw_segments(plot, at - width, level, at + width, level, **look | more)
