"""What stands around and beneath values about a centre: spokes, rings and their labels."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, Polygon

from plotkiln.render.boxes import Box
from plotkiln.render.grids import grid_look, has_grid
from plotkiln.render.kinds.slices import Disc
from plotkiln.render.plot import Floats, Plot
from plotkiln.render.rcparams import RC
from plotkiln.render.ruler import TextStyle
from plotkiln.render.ticks import LinearScale, NumberWriting, fit_vertical
from plotkiln.render.wrapping import fit

__all__ = ["Web", "draw_web", "fit_web"]

#: Labelled angles where x are degrees.
DEGREES = tuple(range(0, 360, 45))
#: A label takes at most this part of the picture's width, and so many lines.
MOST_LABEL = 0.2
MOST_LINES = 2
#: Labels begin so many em from the rim.
GAP_EM = 0.55
#: A disc of less than this part of the room is too small for its labels.
LEAST_RADIUS = 0.2
#: How much of the web shows through behind the label of a ring.
VEIL = 0.7
#: Above the series.
LABEL_DEPTH = 3.6
#: A ring's label keeps this part of its height from the next.
MOST_RINGS = 5
#: Corners of a ring where values stand at degrees.
ROUND = 180


@dataclass(frozen=True, slots=True)
class Web:
    """A disc with spokes all around it and rings on it."""

    disc: Disc
    #: Of the spokes: clockwise from the top, in radians.
    angles: Sequence[float]
    labels: Sequence[str]
    #: The values at the centre and at the rim.
    low: float
    high: float
    rings: Sequence[float]
    ring_labels: Sequence[str]
    #: Whether rings are polygons with a corner at each spoke.
    cornered: bool
    #: The angle at which rings are labelled, between two spokes.
    reading: float

    def points(self, angles: Floats, values: Floats) -> tuple[Floats, Floats]:
        """Return where values stand, in pixels; NaN for what lies below the centre's value."""
        span = self.high - self.low or 1.0
        part = np.where(values < self.low, np.nan, (values - self.low) / span)
        x, y = self.disc.centre
        radius = part * self.disc.radius
        return x + radius * np.sin(angles), y + radius * np.cos(angles)


def fit_web(plot: Plot, values: Floats, *, cornered: bool) -> Web:
    """Return the largest web whose labels lie within the axes, whose units are pixels."""
    angles, labels = _spokes(plot)
    low, high, scale = _range(plot, values)
    disc, shown = _fit_labels(plot, angles, labels)
    reading = math.pi / max(len(angles), 1)
    style = TextStyle(plot.style("ytick.labelsize").size)
    ticks = fit_vertical(scale, disc.radius * math.cos(reading), style, plot.ruler)
    rings = [at for at in ticks.positions if low < at <= high]
    written = dict(zip(ticks.positions, ticks.labels, strict=True))
    return Web(
        disc, angles, shown, low, high, rings, [written[at] for at in rings], cornered, reading
    )


def draw_web(plot: Plot, web: Web) -> None:
    """Draw the ground, the rings and spokes that the style wants, and all labels."""
    _draw_ground(plot, web)
    lines: list[Floats] = []
    if has_grid(plot, plot.y):
        lines += [_ring(web, (at - web.low) / (web.high - web.low)) for at in web.rings]
    if has_grid(plot, plot.x):
        centre = web.disc.centre
        lines += [np.array([centre, web.disc.point(web.disc.radius, at)]) for at in web.angles]
    plot.axes.add_collection(LineCollection(lines, **grid_look()), autolim=False)
    taken = list(_write_spokes(plot, web))
    _write_rings(plot, web, taken)


def _spokes(plot: Plot) -> tuple[list[float], list[str]]:
    """Return the angles of the spokes with what is written at them."""
    axis = plot.x
    turn = -2 * math.pi if axis.reverse else 2 * math.pi
    if axis.type == "category":
        names = axis.categories or []
        texts = [plot.text(f"{axis.prefix}{name}{axis.suffix}") for name in names]
        return [at / len(names) * turn for at in range(len(names))], texts
    writing = NumberWriting(axis.format, plot.text(axis.prefix), plot.text(axis.suffix) or "°")
    return [at / 360 * turn for at in DEGREES], writing.write([float(at) for at in DEGREES])


def _range(plot: Plot, values: Floats) -> tuple[float, float, LinearScale]:
    """Return the values at the centre and at the rim: given, else round ones around all values."""
    axis = plot.y
    least, most = float(values.min(initial=0.0)), float(values.max(initial=0.0))
    if values.size:
        least = min(float(values.min()), 0.0 if float(values.min()) > 0 else math.inf)
        most = float(values.max())
    low = least if axis.low is None else axis.low
    high = most if axis.high is None else axis.high
    if not low < high:
        high = low + (abs(low) or 1.0)
    writing = NumberWriting(axis.format, plot.text(axis.prefix), plot.text(axis.suffix))
    rough = LinearScale(low, high, writing)
    step = _step(rough)
    if axis.low is None and low:
        low = math.floor(low / step) * step
    if axis.high is None:
        high = math.ceil(high / step - 1e-9) * step
    return low, high, LinearScale(low, high, writing)


def _step(scale: LinearScale) -> float:
    positions = scale.positions(MOST_RINGS)
    steps = np.diff(positions)
    return float(steps[0]) if steps.size else scale.high - scale.low


def _fit_labels(
    plot: Plot, angles: Sequence[float], labels: Sequence[str]
) -> tuple[Disc, list[str]]:
    """Return the largest disc that leaves room for its labels, and those that stand apart.

    What does not fit is cut, then thinned, then left out, each with a warning.
    """
    style, fitted = _style(plot), []
    widest = MOST_LABEL * plot.figure.bbox.width
    for label in labels:
        text = fit(label, style, widest, MOST_LINES, plot.ruler)
        if text.cut:
            plot.notes.add("labels around the centre are cut: they are too long for the picture")
        fitted.append(text.text)
    disc = _disc(plot, angles, fitted)
    width, height = plot.axes.get_xlim()[1], plot.axes.get_ylim()[1]
    if disc.radius < LEAST_RADIUS * min(width, height):
        plot.notes.add("the picture is too small for labels around the centre: left out")
        return _disc(plot, angles, [""] * len(fitted)), [""] * len(fitted)
    for step in range(1, len(fitted) + 1):
        shown = [text if at % step == 0 else "" for at, text in enumerate(fitted)]
        if _stand_apart(plot, disc, angles, shown):
            break
    if step > 1:
        plot.notes.add(
            f"there is room for one of {step} labels around the centre: the others are left out"
        )
    return disc, shown


def _disc(plot: Plot, angles: Sequence[float], labels: Sequence[str]) -> Disc:
    width, height = plot.axes.get_xlim()[1], plot.axes.get_ylim()[1]
    radius = min(width, height) / 2
    for angle, label in zip(angles, labels, strict=True):
        if not label:
            continue
        wide, high = plot.ruler.block(label, _style(plot))
        for room, size, lean in (
            (width, wide, math.sin(angle)),
            (height, high, math.cos(angle)),
        ):
            reach = room / 2 - size / 2 * (1 + abs(_lean(lean)))
            if abs(lean) > 1e-9:
                radius = min(radius, reach / abs(lean) - _gap(plot))
    return Disc((width / 2, height / 2), max(radius, 1.0), 0.0)


def _lean(part: float) -> float:
    """Return how far a label lies outward of its place along one direction, from -1 to 1."""
    return max(min(2 * part, 1.0), -1.0)


def _label_boxes(
    plot: Plot, disc: Disc, angles: Sequence[float], labels: Sequence[str]
) -> Iterator[tuple[str, Box]]:
    for angle, label in zip(angles, labels, strict=True):
        if label:
            x, y = disc.point(disc.radius + _gap(plot), angle)
            wide, high = plot.ruler.block(label, _style(plot))
            x += _lean(math.sin(angle)) * wide / 2
            y += _lean(math.cos(angle)) * high / 2
            yield label, Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def _stand_apart(plot: Plot, disc: Disc, angles: Sequence[float], labels: Sequence[str]) -> bool:
    boxes = [box for _, box in _label_boxes(plot, disc, angles, labels)]
    pairs = zip(boxes, [*boxes[1:], *boxes[:1]], strict=True)
    return len(boxes) < 2 or not any(one.overlaps(other) for one, other in pairs)


def _draw_ground(plot: Plot, web: Web) -> None:
    """Draw the ground, with the axes' line around it where the style has lines at axes."""
    lined = any(RC[f"axes.spines.{side}"] for side in ("left", "bottom", "right", "top"))
    look = {
        "facecolor": RC["axes.facecolor"], "edgecolor": RC["axes.edgecolor"],
        "linewidth": RC["axes.linewidth"] if lined else 0, "zorder": 0.4,
    }  # fmt: skip
    ground = (
        Polygon(_ring(web, 1.0)[:-1], **look)
        if web.cornered
        else Circle(web.disc.centre, web.disc.radius, **look)
    )
    plot.axes.add_patch(ground)


def _ring(web: Web, part: float) -> Floats:
    """Return the closed ring at a part of the radius: rows of x, y."""
    angles = web.angles if web.cornered else np.linspace(0, 2 * np.pi, ROUND, endpoint=False)
    points = [web.disc.point(part * web.disc.radius, at) for at in angles]
    return np.array([*points, points[0]])


def _write_spokes(plot: Plot, web: Web) -> Iterator[Box]:
    for label, box in _label_boxes(plot, web.disc, web.angles, web.labels):
        plot.axes.text(
            (box.left + box.right) / 2, (box.bottom + box.top) / 2, label, ha="center", va="center",
            color=_label_color("x"), fontsize=_style(plot).size, zorder=LABEL_DEPTH,
        )  # fmt: skip
        yield box


def _write_rings(plot: Plot, web: Web, taken: list[Box]) -> None:
    """Write each ring's value on it, between two spokes, unless it would touch another text."""
    style = TextStyle(plot.style("ytick.labelsize").size)
    side = -1 if plot.x.reverse else 1
    veil = {"facecolor": RC["axes.facecolor"], "alpha": VEIL, "linewidth": 0}
    veil["boxstyle"] = "square,pad=0.12"
    for at, label in zip(web.rings, web.ring_labels, strict=True):
        part = (at - web.low) / (web.high - web.low)
        inner = math.cos(web.reading) if web.cornered else 1.0
        x, y = web.disc.point(part * web.disc.radius * inner, side * web.reading)
        wide, high = plot.ruler.block(label, style)
        box = Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        if any(map(box.overlaps, taken)):
            continue
        taken.append(box)
        plot.axes.text(
            x, y, label, ha="center", va="center", color=_label_color("y"), fontsize=style.size,
            bbox=veil, zorder=LABEL_DEPTH,
        )  # fmt: skip


def _label_color(axis: str) -> str:
    color: str = RC[f"{axis}tick.labelcolor"]
    return RC[f"{axis}tick.color"] if color == "inherit" else color


def _gap(plot: Plot) -> float:
    return plot.ruler.pixels(GAP_EM * _style(plot).size)


def _style(plot: Plot) -> TextStyle:
    return TextStyle(plot.style("xtick.labelsize").size)
