"""Where the axes stand in the picture: as large as their ticks and labels leave room for."""

import math
from dataclasses import dataclass, replace

import numpy as np

from plotkiln.render.boxes import Box
from plotkiln.render.limits import Limits, is_turned, right_limits
from plotkiln.render.notes import Notes
from plotkiln.render.plot import Plot, positions
from plotkiln.render.rcparams import RC
from plotkiln.render.ruler import TextStyle
from plotkiln.render.ticks import (
    CategoryScale,
    LinearScale,
    LogScale,
    NumberWriting,
    Scale,
    SessionScale,
    Ticks,
    TimeScale,
    fit_categories_across,
    fit_categories_beside,
    fit_horizontal,
    fit_vertical,
)
from plotkiln.render.wrapping import Fitted, fit
from plotkiln.spec.full import FullAxis

__all__ = [
    "Frame",
    "fit_frame",
    "fit_ticks",
    "label_gap",
    "label_styles",
    "right_reach",
    "tick_reach",
]

#: The part of the picture that the labels of categories may take.
MOST_ACROSS = 0.33
MOST_BESIDE = 0.36
#: After so many rounds margins have settled or swing, and after twice as many there is no room.
ROUNDS = 4
#: Whole heights within less than this have ticks between them.
LEAST_WHOLE = 3


@dataclass(frozen=True, slots=True)
class Frame:
    """The axes' place, and what is written around them."""

    #: The plot area.
    box: Box
    across: Ticks
    upright: Ticks
    across_label: Fitted | None
    upright_label: Fitted | None
    notes: Notes
    #: Of the axis at the right, where there is one.
    right: Ticks | None = None
    right_label: Fitted | None = None


@dataclass(frozen=True, slots=True)
class _Margins:
    left: float
    bottom: float
    right: float
    top: float


def fit_frame(plot: Plot, body: Box, across: Limits, upright: Limits, *, labelled: bool) -> Frame:
    """Return the largest axes within `body` whose ticks and labels lie within it too.

    Ticks need margins and margins decide how many ticks there are; the two settle in a few rounds.
    Where they do not, there is no room: the axes are empty. `labelled=False` leaves the axes'
    labels out.
    """
    line = plot.ruler.line_height(plot.style("xtick.labelsize"))
    margins = _Margins(4 * line, 2 * line, 0, 0)
    for attempt in range(2 * ROUNDS):
        frame = _frame(plot, body, margins, (across, upright), labelled)
        needed = _needed(plot, frame)
        settling = attempt < ROUNDS
        if _suffices(needed, margins, waste=2.0 if settling else math.inf):
            return frame
        # Margins that swing from tick to tick only grow in the end.
        margins = needed if settling else _widest(needed, margins)
    return replace(frame, box=Box(0, 0, 0, 0))


def label_styles(plot: Plot) -> tuple[TextStyle, TextStyle, TextStyle]:
    """Return how tick labels below, tick labels beside, and axis labels are set."""
    return (
        plot.style("xtick.labelsize"),
        plot.style("ytick.labelsize"),
        plot.style("axes.labelsize", "axes.labelweight"),
    )


def tick_reach(plot: Plot, axis: str) -> float:
    """Return the pixels from an axis to its tick labels."""
    outward = {"out": 1.0, "inout": 0.5, "in": 0.0}[str(RC[f"{axis}.direction"])]
    length = float(RC[f"{axis}.major.size"]) * outward
    return plot.ruler.pixels(length + float(RC[f"{axis}.major.pad"]))


def label_gap(plot: Plot) -> float:
    """Return the pixels between tick labels and the axis's label."""
    return plot.ruler.pixels(float(RC["axes.labelpad"]) + 1.0)


def scale_of(plot: Plot, axis: FullAxis, limits: Limits, *, upright: bool) -> Scale:
    """Return what an axis of numbers or times measures."""
    between = " " if upright else "\n"
    if axis.sessions is not None:
        return SessionScale(limits.low, limits.high, axis.sessions, axis.format, between)
    if axis.type == "time":
        return TimeScale(limits.low, limits.high, axis.format, between)
    writing = NumberWriting(axis.format, plot.text(axis.prefix), plot.text(axis.suffix))
    if axis.type == "log":
        return LogScale(limits.low, limits.high, writing)
    return LinearScale(limits.low, limits.high, writing, whole=_is_whole(plot, axis))


def _frame(
    plot: Plot, body: Box, margins: _Margins, limits: tuple[Limits, Limits], labelled: bool
) -> Frame:
    box = body.less(left=margins.left, bottom=margins.bottom, right=margins.right, top=margins.top)
    notes = Notes()
    below, beside, style = label_styles(plot)
    across = fit_ticks(plot, plot.across, limits[0], box.width, below, notes)
    upright = fit_ticks(plot, plot.upright, limits[1], box.height, beside, notes)
    labels = [
        fit(plot.text(axis.label), style, max(length, 1), 2, plot.ruler)
        if axis.label and labelled
        else None
        for axis, length in ((plot.across, box.width), (plot.upright, box.height))
    ]
    right, right_label = _right(plot, box, labelled=labelled)
    if any(label and label.cut for label in (*labels, right_label)):
        notes.add("an axis label is cut: it is too long for the picture")
    return Frame(box, across, upright, labels[0], labels[1], notes, right, right_label)


def _right(plot: Plot, box: Box, *, labelled: bool) -> tuple[Ticks | None, Fitted | None]:
    """Return the ticks and the label of the axis at the right."""
    if plot.twin is None:
        return None, None
    twin, (_, beside, style) = plot.twin, label_styles(plot)
    ticks = fit_ticks(twin, twin.upright, right_limits(twin), box.height, beside, Notes())
    if not (twin.y.label and labelled):
        return ticks, None
    return ticks, fit(plot.text(twin.y.label), style, max(box.height, 1), 2, plot.ruler)


def fit_ticks(
    plot: Plot, axis: FullAxis, limits: Limits, length: float, style: TextStyle, notes: Notes
) -> Ticks:
    """Return the ticks of one of a plot's axes on so many pixels."""
    length, upright = max(length, 1.0), axis is plot.upright
    if axis.type != "category":
        fitting = fit_vertical if upright else fit_horizontal
        ticks = fitting(scale_of(plot, axis, limits, upright=upright), length, style, plot.ruler)
        return ticks.turned() if is_turned(plot, axis) else ticks
    names = [plot.text(f"{axis.prefix}{name}{axis.suffix}") for name in axis.categories or []]
    scale = CategoryScale(limits.low, limits.high, names)
    if upright:
        room = MOST_BESIDE * plot.figure.bbox.width
        ticks = fit_categories_beside(scale, length, room, style, plot.ruler, notes)
    else:
        room = MOST_ACROSS * plot.figure.bbox.height
        ticks = fit_categories_across(scale, length, room, style, plot.ruler, notes)
    return ticks.turned() if is_turned(plot, axis) else ticks


def _needed(plot: Plot, frame: Frame) -> _Margins:
    """Return the margins that the frame's own ticks and labels take."""
    left = frame.upright.thickness + (tick_reach(plot, "ytick") if frame.upright.labels else 0)
    bottom = frame.across.thickness + (tick_reach(plot, "xtick") if frame.across.labels else 0)
    left += _label_height(plot, frame.upright_label)
    bottom += _label_height(plot, frame.across_label)
    upright = [ticks for ticks in (frame.upright, frame.right) if ticks is not None]
    return _Margins(
        max(left, frame.across.before),
        max(bottom, *(ticks.before for ticks in upright)),
        max(frame.across.after, right_reach(plot, frame), plot.ruler.pixels(0.5)),
        max(*(ticks.after for ticks in upright), plot.ruler.pixels(0.5)),
    )


def right_reach(plot: Plot, frame: Frame) -> float:
    """Return the pixels that ticks and label of the axis at the right take; 0 for none."""
    if frame.right is None:
        return 0.0
    reach = tick_reach(plot, "ytick") if frame.right.labels else 0.0
    return frame.right.thickness + reach + _label_height(plot, frame.right_label)


def _label_height(plot: Plot, label: Fitted | None) -> float:
    if label is None:
        return 0.0
    return label_gap(plot) + plot.ruler.block(label.text, label.style)[1]


def _suffices(needed: _Margins, given: _Margins, *, waste: float) -> bool:
    """Tell whether margins are enough, and on no side more than so many pixels too wide."""
    pairs = (
        (needed.left, given.left),
        (needed.bottom, given.bottom),
        (needed.right, given.right),
        (needed.top, given.top),
    )
    return all(need <= have + 0.01 and have - need < waste for need, have in pairs)


def _widest(a: _Margins, b: _Margins) -> _Margins:
    return _Margins(
        max(a.left, b.left), max(a.bottom, b.bottom), max(a.right, b.right), max(a.top, b.top)
    )


def _is_whole(plot: Plot, axis: FullAxis) -> bool:
    """Tell whether an axis shows whole numbers only, so that ticks between them would mislead."""
    if any(series.kind in {"histogram", "box", "violin", "candlestick"} for series in plot.own):
        return False
    shown = plot.spec.series if axis is plot.x else plot.own
    if any(series.x_error if axis is plot.x else series.error for series in shown):
        return False
    columns = [series.x if axis is plot.x else series.y for series in shown]
    found = [positions(column, axis) for column in columns if column is not None]
    values = np.concatenate(found) if found else np.empty(0)
    values = values[np.isfinite(values)]
    if not values.size or (values != np.floor(values)).any():
        return False
    # Few heights close together are measured rather than counted.
    return axis is plot.x or bool(plot.fills) or float(np.ptp(values)) >= LEAST_WHOLE
