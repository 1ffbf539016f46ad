"""Histograms: how many values fall into each of the bins."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Patch

from plotkiln.render.kinds.bars import stretch
from plotkiln.render.plot import Floats, Numbered, Plot, positions
from plotkiln.render.rcparams import RC
from plotkiln.render.rectangles import draw_rectangles

__all__ = ["draw_histograms"]

#: Where nothing is said: at least and at most so many bins.
LEAST_BINS, MOST_BINS = 5, 80
#: Whole numbers over a range of at most so many have a bin each.
MOST_WHOLE = 40
#: So many histograms are told apart in front of each other; more stand side by side.
MOST_OVERLAID = 3
OVERLAID_ALPHA = 0.55


def draw_histograms(plot: Plot, group: Sequence[Numbered]) -> None:
    """Count the values of all series in the same bins and draw a bar for each."""
    columns = [_values(plot, numbered) for numbered in group]
    pool = [_values(plot, (0, one)) for one in plot.peers if one.kind == "histogram"]
    edges = _edges(plot, group, np.concatenate(pool or columns))
    counts = [np.histogram(values, edges)[0].astype(np.float64) for values in columns]
    _tell_outside(plot, columns, counts)
    beside = not plot.spec.stack and len(group) > MOST_OVERLAID
    parts = len(group) if beside else 1
    begins = np.zeros(len(edges) - 1)
    for place, (numbered, heights) in enumerate(zip(group, counts, strict=True)):
        part = place if beside else 0
        left = edges[:-1] + np.diff(edges) * part / parts
        right = edges[:-1] + np.diff(edges) * (part + 1) / parts
        _draw(
            plot,
            numbered,
            (left, begins, right, begins + heights),
            shared=len(group) > 1 and not beside,
        )
        if plot.spec.stack:
            begins = begins + heights


def _values(plot: Plot, numbered: Numbered) -> Floats:
    _, series = numbered
    column = series.x or series.y
    values = positions(column, plot.x) if column else np.empty(0)
    return values[np.isfinite(values)]


def _edges(plot: Plot, group: Sequence[Numbered], values: Floats) -> Floats:
    """Return the bins' edges: the first that are given, else as many as asked, else as fit."""
    asked = [series.bins for _, series in group if series.bins is not None]
    given = next((bins for bins in asked if isinstance(bins, list)), None)
    if given is not None:
        return np.array(given, dtype=np.float64)
    if not values.size:
        return np.array([0.0, 1.0])
    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.array([low - 0.5, high + 0.5])
    counts = [bins for bins in asked if isinstance(bins, int)]
    if plot.x.type == "log":
        return np.geomspace(low, high, (max(counts) if counts else _count(np.log(values))) + 1)
    if not counts and high - low < MOST_WHOLE and (values == np.floor(values)).all():
        return np.arange(low - 0.5, high + 1)
    return np.linspace(low, high, (max(counts) if counts else _count(values)) + 1)


def _count(values: Floats) -> int:
    """Return how many bins suit the values: the Freedman-Diaconis rule, within bounds."""
    first, third = np.percentile(values, [25, 75])
    width = 2 * (third - first) / values.size ** (1 / 3)
    span = float(values.max() - values.min())
    count = np.ceil(span / width) if width > 0 else np.ceil(np.log2(values.size) + 1)
    return int(min(max(count, LEAST_BINS), MOST_BINS))


def _tell_outside(plot: Plot, columns: Sequence[Floats], counts: Sequence[Floats]) -> None:
    outside = sum(values.size for values in columns) - int(sum(count.sum() for count in counts))
    if outside:
        plot.notes.add(
            f"{outside} {'value lies' if outside == 1 else 'values lie'} outside the bins"
        )


def _draw(
    plot: Plot, numbered: Numbered, sides: tuple[Floats, Floats, Floats, Floats], *, shared: bool
) -> None:
    number, series = numbered
    left, begins, right, ends = sides
    usual = OVERLAID_ALPHA if shared and not plot.spec.stack else None
    look: dict[str, Any] = {"facecolor": plot.color(number, series)}
    look["alpha"] = usual if series.alpha is None else series.alpha
    # A thin line in the background's colour parts the bins, unless there are too many.
    edge = 0.6 if len(left) <= MOST_BINS else 0.0
    look |= {"edgecolor": RC["axes.facecolor"], "linewidth": edge}
    draw_rectangles(
        plot, left, stretch(plot, begins), right, ends, zorder=plot.depth(number), **look
    )
    plot.fill(left, begins, right, ends)
    plot.listed(series, Patch(facecolor=look["facecolor"], alpha=look["alpha"], linewidth=0))
