"""Grid lines: what the spec says of an axis beats the style."""

from collections.abc import Sequence
from typing import Any

from matplotlib.collections import LineCollection

from plotkiln.render.frames import Frame
from plotkiln.render.plot import Plot
from plotkiln.render.rcparams import RC
from plotkiln.spec.full import FullAxis

__all__ = ["draw_grid", "grid_look", "has_grid"]


def draw_grid(plot: Plot, frame: Frame) -> None:
    """Draw grid lines from the ticks of each axis that is to have them.

    Bars and boxes stand on their categories, and a heatmap covers everything: lines there are
    drawn only when the spec asks for them.
    """
    if plot.twin is not None:
        _draw_behind(plot, plot.twin, frame)
        return
    for axis, name in ((plot.across, "x"), (plot.upright, "y")):
        plot.axes.grid(visible=has_grid(plot, axis), which="major", axis=name)


def grid_look() -> dict[str, Any]:
    """Return how the style draws grid lines, for lines of our own."""
    return {
        "color": RC["grid.color"], "linestyle": RC["grid.linestyle"],
        "linewidth": RC["grid.linewidth"], "alpha": RC["grid.alpha"], "zorder": 0.5,
    }  # fmt: skip


def _draw_behind(plot: Plot, twin: Plot, frame: Frame) -> None:
    """Draw the lines of three axes where no series of either is crossed: in the axes behind.

    The axis at the right has lines only where the spec asks for them.
    """
    level: list[float] = []
    if has_grid(plot, plot.upright):
        level += _fractions(plot, frame.upright.positions, 1)
    if twin.y.grid and frame.right is not None:
        level += _fractions(twin, frame.right.positions, 1)
    upright = has_grid(plot, plot.across) and _fractions(plot, frame.across.positions, 0)
    lines = [((0.0, at), (1.0, at)) for at in level]
    lines += [((at, 0.0), (at, 1.0)) for at in upright or ()]
    for axes in (plot.axes, twin.axes):
        axes.grid(visible=False)
    back = plot.back.axes
    drawn = LineCollection(lines, transform=back.transAxes, **grid_look())
    back.add_collection(drawn, autolim=False)


def _fractions(plot: Plot, positions: Sequence[float], column: int) -> list[float]:
    """Return where positions stand on an axis, from 0 at its begin to 1 at its end."""
    whole = plot.axes.transScale + plot.axes.transLimits
    other = (plot.axes.get_xlim(), plot.axes.get_ylim())[1 - column][0]
    points = [(at, other) if column == 0 else (other, at) for at in positions]
    return [float(point[column]) for point in whole.transform(points)] if points else []


def has_grid(plot: Plot, axis: FullAxis) -> bool:
    """Tell whether an axis has grid lines: as the spec says, else as the style does."""
    if axis.grid is not None:
        return axis.grid
    if plot.covered or (axis.type == "category" and any(one.solid for one in plot.both)):
        return False
    # The style's axes are the spec's: y are the values, also of bars that lie.
    name = "x" if axis is plot.x else "y"
    said = RC["axes.grid"] and RC["axes.grid.axis"] in {name, "both"}
    return bool(said)
