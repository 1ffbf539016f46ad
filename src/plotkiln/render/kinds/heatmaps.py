"""Heatmaps: coloured cells, with their values written in where there are few."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.collections import QuadMesh

from plotkiln.render.palettes import legible_on
from plotkiln.render.plot import Floats, Numbered, Plot, numbers, positions
from plotkiln.render.ruler import TextStyle
from plotkiln.spec.full import FullAxis, FullColumn, FullSeries

__all__ = ["draw_heatmaps"]

#: Values are written into at most so many cells.
MOST_WRITTEN = 144
#: They take at most this part of a cell's width and height.
MOST_OF_CELL = 0.86
#: Significant digits of a written value.
DIGITS = 3
#: More cells than this are one image within SVG and PDF, not a path each.
MOST_PATHS = 10_000
#: Points by which a cell is drawn larger.
SEAM = 0.4


def draw_heatmaps(plot: Plot, group: Sequence[Numbered]) -> None:
    """Draw the cells; the colour bar explains the colours, a gap stays empty."""
    for number, series in group:
        if series.x is None or series.y is None or not series.cells:
            continue
        across, up = _edges(series.x, plot.x), _edges(series.y, plot.y)
        cells = np.array([numbers(row) for row in series.cells])
        mesh = plot.axes.pcolormesh(
            across, up, np.ma.masked_invalid(cells),
            alpha=series.alpha, zorder=plot.depth(number), rasterized=cells.size > MOST_PATHS,
            **_seams(series, cells),
        )  # fmt: skip
        plot.mappable = mesh
        plot.covered = plot.tight_x = plot.tight_y = True
        plot.fill(across[:1], up[:1], across[-1:], up[-1:])
        if cells.size <= MOST_WRITTEN:
            _write_when_placed(plot, mesh, cells, (across, up))


def _seams(series: FullSeries, cells: Floats) -> dict[str, Any]:
    """Return how cells cover the hairlines that viewers of SVG and PDF show between them."""
    if series.alpha is not None or cells.size > MOST_PATHS:
        return {}  # edges that shine through would be darker; one image has no seams
    return {"edgecolors": "face", "linewidth": SEAM}


def _edges(column: FullColumn, axis: FullAxis) -> Floats:
    """Return the cells' edges: midway between their positions, the outer ones as far out."""
    centres = positions(column, axis)
    if len(centres) == 1:
        return np.array([centres[0] - 0.5, centres[0] + 0.5])
    middles = (centres[:-1] + centres[1:]) / 2
    first, last = 2 * centres[0] - middles[0], 2 * centres[-1] - middles[-1]
    return np.concatenate(([first], middles, [last]))


def _write_when_placed(
    plot: Plot, mesh: QuadMesh, cells: Floats, edges: tuple[Floats, Floats]
) -> None:
    plot.finishers.append(lambda: _write(plot, mesh, cells, edges))


def _write(plot: Plot, mesh: QuadMesh, cells: Floats, edges: tuple[Floats, Floats]) -> None:
    """Write each value into its cell, if all of them fit."""
    texts = _texts(cells)
    style = TextStyle(plot.style("xtick.labelsize").size)
    sizes = [plot.ruler.block(text, style) for text in texts.ravel() if text]
    room = _least_cell(plot, edges)
    if any(w > MOST_OF_CELL * room[0] or h > MOST_OF_CELL * room[1] for w, h in sizes):
        return
    across, up = ((edge[:-1] + edge[1:]) / 2 for edge in edges)
    for (row, column), text in np.ndenumerate(texts):
        if text:
            color = legible_on(mesh.cmap(mesh.norm(cells[row, column])))
            plot.axes.text(
                across[column], up[row], text, color=color, fontsize=style.size,
                ha="center", va="center_baseline", zorder=plot.depth(999), clip_on=True,
            )  # fmt: skip


def _texts(cells: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    """Write values alike, with as many decimals as the greatest needs; a gap as nothing."""
    known = cells[np.isfinite(cells)]
    biggest = float(np.abs(known).max(initial=0))
    decimals = 0
    if biggest and not (known == np.floor(known)).all():
        decimals = min(max(DIGITS - 1 - math.floor(math.log10(biggest)), 0), 12)
    texts = np.empty(cells.shape, dtype=np.object_)
    for place, value in np.ndenumerate(cells):
        written = f"{value + 0.0:,.{decimals}f}" if math.isfinite(value) else ""
        texts[place] = written.replace("-", "−")
    return texts


def _least_cell(plot: Plot, edges: tuple[Floats, Floats]) -> tuple[float, float]:
    across, up = edges
    corners = plot.axes.transData.transform
    x = corners(np.column_stack((across, np.full(len(across), up[0]))))[:, 0]
    y = corners(np.column_stack((np.full(len(up), across[0]), up)))[:, 1]
    return float(np.abs(np.diff(x)).min()), float(np.abs(np.diff(y)).min())
