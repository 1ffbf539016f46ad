"""Contours: areas between levels with a colour bar, or lines with their levels written on them."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from plotkiln.render.boxes import Box
from plotkiln.render.plot import Floats, Numbered, Plot, numbers, positions
from plotkiln.render.rcparams import RC
from plotkiln.render.ruler import TextStyle
from plotkiln.render.ticks import LevelScale, NumberWriting
from plotkiln.spec.full import FullSeries

__all__ = ["draw_contours"]

#: About so many levels where nothing is said.
LEVELS = 9
#: The width of a line as a part of the style's lines.
STROKE = 0.7
#: Where along a line its label may stand, first choice first.
PLACES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9)
#: A line of less than so many widths of its label has none.
LEAST_LENGTH = 2.5
#: How much larger than its text the veil of a label is, in points.
VEIL_PAD = 1.5


def draw_contours(plot: Plot, group: Sequence[Numbered]) -> None:
    """Draw areas or lines; a gap leaves a hole."""
    for number, series in group:
        if series.x is None or series.y is None or not series.cells:
            continue
        x, y = positions(series.x, plot.x), positions(series.y, plot.y)
        cells = np.ma.masked_invalid([numbers(row) for row in series.cells])
        levels = _levels(series, cells)
        plot.tight_x = plot.tight_y = True
        plot.occupy(x[[0, -1]], y[[0, -1]])
        if not (levels[-1] >= cells.min() and levels[0] <= cells.max()):
            plot.notes.add("no level lies within the values of the contour")
        if series.filled:
            _fill(plot, (number, series), (x, y, cells), levels)
        else:
            _draw_lines(plot, (number, series), (x, y, cells), levels)


def _levels(series: FullSeries, cells: Any) -> Floats:
    """Return the levels that are given, else round ones around all values."""
    if isinstance(series.levels, list):
        return numbers(series.levels)
    low, high = float(cells.min()), float(cells.max())
    if low == high:
        room = abs(low) * 0.1 or 1.0
        return np.array([low - room, low + room])
    locator = MaxNLocator(series.levels or LEVELS, steps=[1, 2, 2.5, 5, 10], min_n_ticks=1)
    return np.unique(np.asarray(locator.tick_values(low, high), dtype=np.float64) + 0.0)


def _fill(
    plot: Plot, numbered: Numbered, field: tuple[Floats, Floats, Any], levels: Floats
) -> None:
    number, series = numbered
    x, y, cells = field
    below, above = cells.min() < levels[0], cells.max() > levels[-1]
    extend = {(True, True): "both", (True, False): "min", (False, True): "max"}
    plot.mappable = plot.axes.contourf(
        x, y, cells, levels=levels, alpha=series.alpha, zorder=plot.depth(number),
        extend=extend.get((bool(below), bool(above)), "neither"),
    )  # fmt: skip
    plot.shades = LevelScale(levels.tolist(), NumberWriting())
    plot.covered = True
    plot.fill(x[:1], y[:1], x[-1:], y[-1:])


def _draw_lines(
    plot: Plot, numbered: Numbered, field: tuple[Floats, Floats, Any], levels: Floats
) -> None:
    number, series = numbered
    inside = levels[(levels >= field[2].min()) & (levels <= field[2].max())]
    if not inside.size:
        return
    width = RC["lines.linewidth"] * STROKE if series.linewidth is None else series.linewidth
    lines = plot.axes.contour(
        *field, levels=inside, linewidths=width, alpha=series.alpha, zorder=plot.depth(number),
        linestyles=series.linestyle or RC["lines.linestyle"], colors=[plot.color(number, series)],
    )  # fmt: skip
    plot.finishers.append(lambda: _write_levels(plot, lines, inside))


def _write_levels(plot: Plot, lines: Any, levels: Floats) -> None:
    """Write each level once on its longest line, where there is room."""
    texts = NumberWriting().write(levels.tolist())
    style = TextStyle(plot.style("xtick.labelsize").size)
    frame = plot.axes.get_window_extent()
    axes = Box(frame.x0, frame.y0, frame.x1, frame.y1)
    for text, path in zip(texts, lines.get_paths(), strict=True):
        width, height = plot.ruler.block(text, style)
        pad = plot.ruler.pixels(VEIL_PAD)
        for at in _places(plot, path, LEAST_LENGTH * width):
            box = Box(0, 0, width, height).at(at[0] - width / 2, at[1] - height / 2)
            if axes.holds(box.grown(pad)) and not any(map(box.grown(pad).overlaps, plot.written)):
                plot.written.append(box.grown(pad))
                _write(plot, text, at, style)
                break


def _places(plot: Plot, path: Any, least: float) -> Iterator[tuple[float, float]]:
    """Yield places along the lines of one level, in pixels: on the longest first."""
    pieces = [plot.axes.transData.transform(piece) for piece in path.to_polygons(closed_only=False)]
    lengths = [float(np.hypot(*np.diff(piece, axis=0).T).sum()) for piece in pieces]
    for length, piece in sorted(zip(lengths, pieces, strict=True), key=lambda pair: -pair[0]):
        if length < least:
            return
        along = np.concatenate(([0.0], np.hypot(*np.diff(piece, axis=0).T).cumsum()))
        for part in PLACES:
            x, y = (float(np.interp(part * length, along, side)) for side in piece.T)
            yield x, y


def _write(plot: Plot, text: str, place: tuple[float, float], style: TextStyle) -> None:
    size = plot.figure.bbox
    veil = {"facecolor": RC["axes.facecolor"], "linewidth": 0, "boxstyle": "square,pad=0.1"}
    plot.figure.text(
        place[0] / size.width, place[1] / size.height, text, color=RC["text.color"],
        fontsize=style.size, ha="center", va="center_baseline", bbox=veil,
    )  # fmt: skip
