"""The slices of a pie, and what is written into and around them."""

import math
from dataclasses import dataclass
from typing import Any

from plotkiln.render.palettes import legible_on
from plotkiln.render.plot import Plot
from plotkiln.render.rcparams import RC
from plotkiln.render.ruler import TextStyle
from plotkiln.render.wrapping import fit

__all__ = ["Disc", "Slice", "label_room", "labels_fit", "write_labels", "write_shares"]

#: A label around the rim takes at most this part of the picture's width, and so many lines.
MOST_LABEL = 0.2
MOST_LINES = 2
#: A disc of less than this part of the room is too small for its labels.
LEAST_RADIUS = 0.25
#: Labels begin so many em from the rim.
GAP_EM = 0.6
#: Labels under each other keep this distance, in their heights.
LINE_PITCH = 1.15
#: A label this many lines from its slice is joined to it by a line.
LEAST_MOVE = 0.6

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Slice:
    """One share of a pie."""

    name: str
    #: The part of the whole.
    share: float
    #: The angle of its middle, clockwise from the top, in radians, and half of its width.
    middle: float
    half: float
    color: Any

    @property
    def percent(self) -> str:
        """Its share as text."""
        value = self.share * 100
        return f"{value:.0f}%" if value >= 9.95 or value == 0 else f"{value:.1f}%"

    @property
    def on_right(self) -> bool:
        """Whether its label stands to the right of the pie."""
        return self.middle <= math.pi


@dataclass(frozen=True, slots=True)
class Disc:
    """The pie's circle, in pixels."""

    centre: Point
    radius: float
    #: The hole's radius.
    inner: float

    def point(self, radius: float, angle: float) -> Point:
        """Return the point at a distance from the centre, clockwise from the top."""
        x, y = self.centre
        return x + radius * math.sin(angle), y + radius * math.cos(angle)


def write_shares(plot: Plot, slices: list[Slice], disc: Disc) -> None:
    """Write the share into each slice that has room for it."""
    for one in slices:
        if not _holds_share(plot, one, disc):
            continue
        x, y = disc.point(_middle(disc), one.middle)
        plot.axes.text(
            x, y, one.percent, color=legible_on(one.color), fontsize=_style(plot).size,
            ha="center", va="center_baseline",
        )  # fmt: skip


def label_room(plot: Plot, slices: list[Slice]) -> tuple[float, float]:
    """Return the pixels that labels take beside the disc, and above it."""
    line = plot.ruler.line_height(_style(plot))
    widest = max(plot.ruler.block(_label(plot, one, told=True), _style(plot))[0] for one in slices)
    return widest + 2 * _gap(plot), 1.4 * line


def labels_fit(plot: Plot, slices: list[Slice], disc: Disc) -> bool:
    """Tell whether the disc is large enough, and its labels stand apart on each side."""
    width, height = plot.axes.get_xlim()[1], plot.axes.get_ylim()[1]
    line = LINE_PITCH * MOST_LINES * plot.ruler.line_height(_style(plot))
    crowd = max(sum(one.on_right is right for one in slices) for right in (True, False))
    return bool(disc.radius >= LEAST_RADIUS * min(width, height) and crowd * line <= height)


def write_labels(plot: Plot, slices: list[Slice], disc: Disc) -> None:
    """Write the labels of each side from top to bottom, moved apart where they would touch."""
    for right in (True, False):
        side = [one for one in slices if one.on_right is right and one.name]
        side.sort(key=lambda one: -math.cos(one.middle))
        texts = [_label(plot, one, told=not _holds_share(plot, one, disc)) for one in side]
        heights = [LINE_PITCH * plot.ruler.block(text, _style(plot))[1] for text in texts]
        reach = disc.radius + _gap(plot)
        wanted = [disc.point(reach, one.middle)[1] for one in side]
        places = spread(wanted, heights, 2 * disc.centre[1])
        for one, text, y in zip(side, texts, places, strict=True):
            _write_label(plot, one, text, y, disc)


def spread(wanted: list[float], heights: list[float], room: float) -> list[float]:
    """Move centres, given from the top down, until none touch and all lie within `room`."""
    places = list(wanted)
    top = room
    for index, height in enumerate(heights):
        places[index] = min(places[index], top - height / 2)
        top = places[index] - height / 2
    floor = 0.0
    for index in range(len(places) - 1, -1, -1):
        places[index] = max(places[index], floor + heights[index] / 2)
        floor = places[index] + heights[index] / 2
    return places


def _write_label(plot: Plot, one: Slice, text: str, y: float, disc: Disc) -> None:
    sign = 1 if one.on_right else -1
    rim = disc.point(disc.radius, one.middle)
    reach = disc.radius + _gap(plot)
    # At its own height beside the disc, so that a label that was moved does not cross it.
    beside = math.sqrt(max(reach**2 - (y - disc.centre[1]) ** 2, 0))
    wanted = disc.point(reach, one.middle)
    x = disc.centre[0] + sign * max(beside, abs(wanted[0] - disc.centre[0]))
    if abs(y - wanted[1]) > LEAST_MOVE * plot.ruler.line_height(_style(plot)):
        x += sign * 2 * _gap(plot)
        line = ([rim[0], x - sign * _gap(plot), x], [rim[1], y, y])
        color = RC["axes.edgecolor"]
        plot.axes.plot(*line, color=color, linewidth=0.8, linestyle="-", marker="")
        x += sign * _gap(plot) / 3
    side = "left" if one.on_right else "right"
    plot.axes.text(
        x, y, text, color=RC["text.color"], fontsize=_style(plot).size, ha=side, va="center",
        multialignment=side,
    )  # fmt: skip


def _label(plot: Plot, one: Slice, *, told: bool) -> str:
    """Return a slice's name on one or two lines, with its share where that is told here."""
    widest = MOST_LABEL * plot.figure.bbox.width
    fitted = fit(one.name, _style(plot), widest, MOST_LINES, plot.ruler)
    if fitted.cut:
        plot.notes.add("labels of slices are cut: they are too long for the picture")
    return f"{fitted.text}  {one.percent}" if told else fitted.text


def _holds_share(plot: Plot, one: Slice, disc: Disc) -> bool:
    width, height = plot.ruler.block(one.percent, _style(plot))
    chord = 2 * _middle(disc) * math.sin(min(one.half, math.pi / 2))
    return chord >= math.hypot(width, height) and disc.radius - disc.inner >= 1.15 * width


def _middle(disc: Disc) -> float:
    """Return how far from the centre shares are written."""
    return (disc.radius + disc.inner) / 2 if disc.inner else disc.radius * 0.68


def _gap(plot: Plot) -> float:
    return plot.ruler.pixels(GAP_EM * _style(plot).size)


def _style(plot: Plot) -> TextStyle:
    return TextStyle(plot.style("xtick.labelsize").size)
