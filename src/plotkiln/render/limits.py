"""Where each axis begins and ends: at the spec's limits, else around everything that is drawn."""

import math
from dataclasses import dataclass

import numpy as np

from plotkiln.render.plot import Floats, Plot
from plotkiln.render.rcparams import RC
from plotkiln.spec.full import FullAxis

__all__ = ["Limits", "right_limits", "set_limits"]

#: Doubles beyond this overflow when a picture's pixels are counted.
MOST = 1e300


@dataclass(frozen=True, slots=True)
class Limits:
    """The least and the greatest value that an axis shows."""

    low: float
    high: float


def set_limits(
    plot: Plot, *, across_of: Plot | None = None, upright_of: Plot | None = None
) -> tuple[Limits, Limits]:
    """Scale the axes to what is drawn; return what lies along the bottom, and up the left.

    `across_of` and `upright_of` are plots to whose drawing the axes are scaled instead.
    """
    across = _limits(across_of or plot, plot.across, upright=False)
    upright = _limits(upright_of or plot, plot.upright, upright=True)
    axes = plot.axes
    for axis, limits, scale, show in (
        (plot.across, across, axes.set_xscale, axes.set_xlim),
        (plot.upright, upright, axes.set_yscale, axes.set_ylim),
    ):
        if axis.type == "log":
            scale("log")
        turned = is_turned(plot, axis)
        show(*((limits.high, limits.low) if turned else (limits.low, limits.high)), auto=False)
    if plot.twin is not None:
        _set_right(plot, plot.twin)
    return across, upright


def right_limits(twin: Plot) -> Limits:
    """Return what the axis at the right shows, once it is scaled."""
    low, high = sorted(twin.axes.get_ylim())
    return Limits(float(low), float(high))


def _set_right(plot: Plot, twin: Plot) -> None:
    """Scale the axis at the right to what stands on it, and along the bottom as the other one."""
    twin.axes.set_xscale(plot.axes.get_xscale())
    twin.axes.set_xlim(plot.axes.get_xlim(), auto=False)
    limits = _limits(twin, twin.upright, upright=True)
    if twin.upright.type == "log":
        twin.axes.set_yscale("log")
    ends = (limits.high, limits.low) if twin.upright.reverse else (limits.low, limits.high)
    twin.axes.set_ylim(*ends, auto=False)


def is_turned(plot: Plot, axis: FullAxis) -> bool:
    """Tell whether the greatest value comes first; a list of categories reads from the top."""
    listed = axis is plot.upright and axis.type == "category"
    return axis.reverse is not listed


def _limits(plot: Plot, axis: FullAxis, *, upright: bool) -> Limits:
    drawn = _around_log(plot, upright) if axis.type == "log" else _around(plot, axis, upright)
    low = drawn.low if axis.low is None else axis.low
    high = drawn.high if axis.high is None else axis.high
    if low < high:
        return Limits(max(low, -MOST), min(high, MOST))
    span = abs(low) or 1.0  # one end was given, and all data lie beyond it
    return Limits(low, low + span) if axis.high is None else Limits(high - span, high)


def _around(plot: Plot, axis: FullAxis, upright: bool) -> Limits:
    if axis.type == "category":
        return Limits(-0.5, max(len(axis.categories or ()), 1) - 0.5)
    values, ends = _values(plot, upright)
    if not values.size:
        return Limits(0.0, 1.0)
    low, high = float(values.min()), float(values.max())
    if low == high:
        return _around_one(low, axis)
    if _is_tight(plot, upright):
        return Limits(low, high)
    margin = (high - low) * float(RC["axes.ymargin" if upright else "axes.xmargin"])
    stands = bool(ends.size) and 0.0 in ends  # bars stand on their axis, without a gap
    below = 0.0 if stands and low == 0 else margin
    above = 0.0 if stands and high == 0 else margin
    return Limits(low - below, high + above)


def _around_one(value: float, axis: FullAxis) -> Limits:
    """Return limits around a single value, in the middle."""
    if axis.type == "time":
        return Limits(value - 0.5, value + 0.5)
    room = 1.0 if value.is_integer() and abs(value) < 1e6 else abs(value) * 0.1
    return Limits(value - room, value + room)


def _around_log(plot: Plot, upright: bool) -> Limits:
    """Return limits around all that is above zero; bars begin at the power of ten below."""
    values, ends = _values(plot, upright)
    values = values[values > 0]
    if not values.size:
        return Limits(1.0, 10.0)
    low, high = math.log10(values.min()), math.log10(values.max())
    margin = (high - low) * 0.05 or 0.5
    if ends.size and (ends <= 0).any():
        low = math.floor(low - 0.05)
        return Limits(10.0**low, 10.0 ** min(high + max(margin, 0.1), 300))
    return Limits(10.0 ** max(low - margin, -300), 10.0 ** min(high + margin, 300))


def _values(plot: Plot, upright: bool) -> tuple[Floats, Floats]:
    """Return all finite values along an axis, and those at which filled things begin or end."""
    column = 1 if upright else 0
    drawn = [plot] if upright else plot.both
    points = [rows[:, column] for one in drawn for rows in one.points]
    ends = [rows[:, [column, column + 2]].ravel() for one in drawn for rows in one.fills]
    remarks = [
        np.array(remark.y if upright is not plot.swapped else remark.x, dtype=np.float64)
        for remark in (plot.spec.annotations if plot.side == "y" else [])
        if (remark.y if upright is not plot.swapped else remark.x) is not None
    ]
    filled = np.concatenate(ends) if ends else np.empty(0)
    values = np.concatenate([*points, *remarks, filled]) if points or remarks else filled
    return values[np.isfinite(values)], filled[np.isfinite(filled)]


def _is_tight(plot: Plot, upright: bool) -> bool:
    if upright is not plot.swapped:
        return plot.tight_y
    return all(one.tight_x for one in plot.both)
