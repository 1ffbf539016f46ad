"""Where everything stands in the picture: measured first, placed once, nothing overlapping."""

from dataclasses import dataclass

from plotkiln.render.boxes import Box
from plotkiln.render.colorbars import ColorBar, draw_color_bar, fit_color_bar
from plotkiln.render.frames import Frame, fit_frame, right_reach
from plotkiln.render.grids import draw_grid
from plotkiln.render.legends import (
    LegendBox,
    build_legend,
    free_corner,
    legend_wanted,
    place_legend,
)
from plotkiln.render.limits import Limits, set_limits
from plotkiln.render.plot import Plot
from plotkiln.render.rcparams import RC
from plotkiln.render.surroundings import draw_labels, draw_ticks
from plotkiln.render.titles import Heading, draw_heading, fit_heading

__all__ = [
    "Arrangement",
    "Room",
    "arrange",
    "legend_side",
    "picture",
    "place",
    "place_outside",
    "take_room",
]

#: The empty border around everything, in em of the text's own size, and as a part of the picture.
PAD_EM = 0.95
MOST_PAD = 0.04
#: Axes smaller than this part of the picture give up what stands around them.
LEAST_AXES = (0.3, 0.25)
#: A pie gives up a heading that takes more than this part of its room.
MOST_HEADING = 0.45
#: The width over the height of what has labels all around it.
LABELLED_SHAPE = 1.5


@dataclass(frozen=True, slots=True)
class Room:
    """What stands around the axes in one attempt."""

    body: Box
    heading: Heading
    legend: LegendBox | None
    side: str
    bar: ColorBar | None


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where the axes stand, and what else stands within them."""

    axes: Box
    #: A legend inside the axes.
    taken: tuple[Box, ...] = ()


def arrange(plot: Plot) -> Arrangement:
    """Place and draw everything around the axes.

    What leaves too little room for the axes is left out: the legend first, then the texts, at last
    the ticks. Each is a warning.
    """
    if plot.round:
        return Arrangement(_arrange_round(plot))
    limits = set_limits(plot)
    side = legend_side(plot)
    for given_up in range(3):
        attempt = _attempt(plot, limits, side, given_up)
        if attempt is not None:
            break
    else:
        return Arrangement(_bare(plot))
    _tell_given_up(plot, given_up)
    room, frame = attempt
    place(plot, frame.box)
    taken: Box | None = None
    if side == "best" and given_up == 0:
        room, frame, taken = _with_best_legend(plot, limits, room, frame)
    _draw(plot, room, frame)
    return Arrangement(frame.box, (taken,) if taken else ())


def picture(plot: Plot) -> Box:
    """Return the whole picture less its empty border."""
    size = plot.figure.bbox
    pad = plot.ruler.pixels(PAD_EM * plot.ruler.size(RC["font.size"]))
    pad = min(pad, MOST_PAD * max(size.width, size.height), size.width / 10, size.height / 10)
    return Box(0, 0, size.width, size.height).grown(-pad)


def legend_side(plot: Plot) -> str:
    """Return where the legend stands; `none` where there is none."""
    return plot.spec.legend_position if legend_wanted(plot) else "none"


def _attempt(
    plot: Plot, limits: tuple[Limits, Limits], side: str, given_up: int
) -> tuple[Room, Frame] | None:
    """Fit the axes with all that is not given up; None when they become too small."""
    told = plot.notes.count()
    room = take_room(plot, "none" if given_up else side, headed=given_up < 2)
    frame = fit_frame(plot, _less_bar(room), *limits, labelled=given_up < 2)
    size = plot.figure.bbox
    wide = frame.box.width >= LEAST_AXES[0] * size.width
    if wide and frame.box.height >= LEAST_AXES[1] * size.height:
        return room, frame
    if room.legend:
        room.legend.artist.remove()
    plot.notes.forget_after(told)
    return None


def _tell_given_up(plot: Plot, given_up: int) -> None:
    """Warn of what is left out, of what there would have been."""
    spec = plot.spec
    labels = [axis.label for axis in (spec.x_axis, spec.y_axis, spec.y2_axis) if axis]
    texts = spec.title or spec.subtitle or any(labels)
    lost = [
        ("the legend", given_up > 0 and legend_wanted(plot)),
        ("title, subtitle and axis labels", given_up > 1 and texts),
        ("ticks", given_up > 2),
    ]
    for what, is_lost in lost:
        if is_lost:
            plot.notes.add(f"the picture is too small for {what}: left out")


def take_room(plot: Plot, side: str, *, headed: bool) -> Room:
    """Take heading, legend and colour bar from the picture's room."""
    whole = picture(plot)
    heading = fit_heading(plot, whole.width) if headed else Heading(None, None, 0)
    body = whole.less(top=heading.height)
    legend = None
    if side in {"right", "top", "bottom"}:
        legend = build_legend(plot, body, beside=side == "right")
        body = _less_legend(plot, body, legend, side) if legend else body
    return Room(body, heading, legend, side, fit_color_bar(plot, body.height * 0.8))


def _less_legend(plot: Plot, body: Box, legend: LegendBox, side: str) -> Box:
    gap = _legend_gap(plot)
    if side == "right":
        return body.less(right=legend.width + gap)
    if side == "top":
        return body.less(top=legend.height + gap)
    return body.less(bottom=legend.height + gap)


def _less_bar(room: Room) -> Box:
    return room.body.less(right=room.bar.width) if room.bar else room.body


def _with_best_legend(
    plot: Plot, limits: tuple[Limits, Limits], room: Room, frame: Frame
) -> tuple[Room, Frame, Box | None]:
    """Put the legend where it covers nothing, else at the right, else beneath."""
    told = plot.notes.count()
    legend = build_legend(plot, frame.box, beside=True)
    corner = free_corner(plot, legend, frame.box) if legend and not plot.mappable else None
    if legend and corner:
        return room, frame, place_legend(plot, legend, *corner)
    if legend:
        legend.artist.remove()
    plot.notes.forget_after(told)
    for side in ("right", "bottom"):
        attempt = _attempt(plot, limits, side, 0)
        if attempt:
            place(plot, attempt[1].box)
            return (*attempt, None)
    _tell_given_up(plot, 1)
    return room, frame, None


def _draw(plot: Plot, room: Room, frame: Frame) -> None:
    for text in frame.notes.texts():
        plot.notes.add(text)
    draw_grid(plot, frame)
    draw_ticks(plot, frame)
    draw_labels(plot, frame)
    draw_heading(plot, room.heading, picture(plot), frame.box)
    if room.bar:
        beyond = right_reach(plot, frame)
        draw_color_bar(plot, room.bar, frame.box.less(right=-beyond))
    if room.legend:
        place_outside(plot, room, room.legend, frame.box)


def place_outside(plot: Plot, room: Room, legend: LegendBox, axes: Box) -> None:
    """Put the legend where the room for it was taken, beside axes that stand there."""
    whole = picture(plot)
    if room.side == "right":
        top = axes.top if legend.height <= axes.height else room.body.top
        place_legend(plot, legend, whole.right - legend.width, top)
        return
    centre = (axes.left + axes.right - legend.width) / 2
    left = min(max(centre, whole.left), whole.right - legend.width)
    top = whole.bottom + legend.height
    if room.side == "top":
        top = whole.top - room.heading.height
    place_legend(plot, legend, left, top)


def _bare(plot: Plot) -> Box:
    """Give the whole picture to what is drawn."""
    _tell_given_up(plot, 3)
    box = picture(plot)
    place(plot, box)
    for one in plot.both:
        one.axes.set_axis_off()
    return box


def _arrange_round(plot: Plot) -> Box:
    """Place what stands around a centre, its legend beside it; the axes' units become pixels."""
    side = {"best": "right"}.get(legend_side(plot), legend_side(plot))
    room = take_room(plot, side, headed=_has_room_for_heading(plot))
    box = room.body
    if room.legend and side == "right":
        box = _beside_legend(plot, room, room.legend)
    elif room.legend:
        place_outside(plot, room, room.legend, box)
    place(plot, box)
    plot.axes.set_axis_off()
    plot.axes.set(xlim=(0, max(box.width, 1)), ylim=(0, max(box.height, 1)))
    draw_heading(plot, room.heading, picture(plot), picture(plot))
    return box


def _has_room_for_heading(plot: Plot) -> bool:
    """Tell whether a heading leaves enough for the pie; what it was cut to is forgotten."""
    told, whole = plot.notes.count(), picture(plot)
    heading = fit_heading(plot, whole.width)
    if heading.height <= MOST_HEADING * whole.height:
        return True
    plot.notes.forget_after(told)
    _tell_given_up(plot, 2)
    return False


def _beside_legend(plot: Plot, room: Room, legend: LegendBox) -> Box:
    """Return the pie's square, so that pie and legend stand in the middle together.

    What has labels all around it is wider than high.
    """
    whole, gap = picture(plot), 2 * _legend_gap(plot)
    shape = 1.0 if plot.spec.x_axis is None else LABELLED_SHAPE
    side = max(min(whole.width - legend.width - gap, room.body.height * shape), 1)
    half = min(side, room.body.height) / 2
    left = (whole.left + whole.right - side - gap - legend.width) / 2
    middle = (room.body.bottom + room.body.top) / 2
    place_legend(plot, legend, left + side + gap, middle + legend.height / 2)
    return Box(left, middle - half, left + side, middle + half)


def _legend_gap(plot: Plot) -> float:
    return plot.ruler.pixels(0.8 * plot.ruler.size(RC["font.size"]))


def place(plot: Plot, box: Box) -> None:
    """Put the axes there, and those of the axis at the right over them."""
    for one in plot.both:
        one.axes.set_position(_fractions(plot, box))


def _fractions(plot: Plot, box: Box) -> tuple[float, float, float, float]:
    size = plot.figure.bbox
    return (
        box.left / size.width,
        box.bottom / size.height,
        box.width / size.width,
        box.height / size.height,
    )
