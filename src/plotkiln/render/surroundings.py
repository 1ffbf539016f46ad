"""What stands around the axes: their ticks and their labels."""

from typing import Any

from plotkiln.render.frames import Frame, label_gap, right_reach, tick_reach
from plotkiln.render.plot import Plot
from plotkiln.render.rcparams import RC
from plotkiln.render.ticks import Ticks

__all__ = ["draw_labels", "draw_ticks"]


def draw_ticks(plot: Plot, frame: Frame) -> None:
    """Set the ticks and the labels that were found to fit."""
    axes = plot.axes
    slanted = {"ha": "right", "rotation_mode": "anchor"} if 0 < frame.across.rotation < 90 else {}
    across, upright = frame.across, frame.upright
    axes.set_xticks(across.positions, across.labels, rotation=across.rotation, **slanted)
    axes.set_yticks(upright.positions, upright.labels, multialignment="right")
    axes.minorticks_off()
    for axis, ticks in ((axes.xaxis, across), (axes.yaxis, upright)):
        axis.set_ticks(list(ticks.minor), labels=[""] * len(ticks.minor), minor=True)
    if plot.twin is not None and frame.right is not None:
        _draw_right_ticks(plot.twin.axes, frame.right)


def _draw_right_ticks(axes: Any, ticks: Ticks) -> None:
    axes.xaxis.set_ticks([])
    axes.set_yticks(ticks.positions, ticks.labels)
    axes.minorticks_off()
    axes.yaxis.set_ticks(list(ticks.minor), labels=[""] * len(ticks.minor), minor=True)


def draw_labels(plot: Plot, frame: Frame) -> None:
    """Write the axes' labels beyond their tick labels, centred on the axes."""
    size, box = plot.figure.bbox, frame.box
    color = RC["axes.labelcolor"]
    if frame.across_label:
        below = frame.across.thickness + (tick_reach(plot, "xtick") if frame.across.labels else 0)
        place = ((box.left + box.right) / 2, box.bottom - below - label_gap(plot))
        fitted = frame.across_label
        plot.figure.text(
            place[0] / size.width, place[1] / size.height, fitted.text, color=color,
            fontsize=fitted.style.size, fontweight=fitted.style.weight, ha="center", va="top",
        )  # fmt: skip
    if frame.upright_label:
        beside = frame.upright.thickness + (
            tick_reach(plot, "ytick") if frame.upright.labels else 0
        )
        place = (box.left - beside - label_gap(plot), (box.bottom + box.top) / 2)
        fitted = frame.upright_label
        plot.figure.text(
            place[0] / size.width, place[1] / size.height, fitted.text, color=color,
            fontsize=fitted.style.size, fontweight=fitted.style.weight, ha="right", va="center",
            rotation=90, multialignment="center",
        )  # fmt: skip
    if frame.right_label:
        fitted = frame.right_label
        reach = right_reach(plot, frame)
        place = (box.right + reach, (box.bottom + box.top) / 2)
        plot.figure.text(
            place[0] / size.width, place[1] / size.height, fitted.text, color=color,
            fontsize=fitted.style.size, fontweight=fitted.style.weight, ha="right", va="center",
            rotation=90, multialignment="center",
        )  # fmt: skip
