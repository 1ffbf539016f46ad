"""The axis at the right: axes of its own over the same place, without a ground of their own."""

from plotkiln.render.plot import Plot
from plotkiln.render.rcparams import RC

__all__ = ["add_right_axis"]


def add_right_axis(plot: Plot) -> None:
    """Add axes for the series that are measured at the right; the first series lies behind."""
    axes = plot.figure.add_axes((0, 0, 1, 1), label="right")
    axes.set_autoscale_on(False)
    plot.add_twin(axes)
    front, back = (plot.axes, axes) if plot.back is plot.twin else (axes, plot.axes)
    back.set_zorder(-1)
    front.patch.set_visible(False)
    for side in ("left", "bottom", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["right"].set_visible(bool(RC["axes.spines.left"] or RC["axes.spines.right"]))
    plot.axes.spines["right"].set_visible(False)
    axes.yaxis.tick_right()
