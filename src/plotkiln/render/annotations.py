"""Remarks on the drawing: lines, bands and texts in data coordinates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.colors import to_rgba

from plotkiln.render.boxes import Box
from plotkiln.render.obstacles import Obstacles
from plotkiln.render.plot import Plot
from plotkiln.render.rcparams import RC
from plotkiln.render.ruler import TextStyle
from plotkiln.render.wrapping import fit
from plotkiln.spec.full import FullAnnotation

__all__ = ["draw_annotations"]

#: Bands lie below the grid, lines and texts above all series.
BAND_DEPTH, LINE_DEPTH, TEXT_DEPTH = 0.3, 3.5, 4.0
BAND_ALPHA = 0.14
LINE_WIDTH = 1.3
#: So many points of a line are looked at when a text seeks a free place.
LINE_POINTS = 100
#: Between a remark's text and what it remarks on, in points.
GAP = 4.0
#: A text takes at most this part of the axes' width, and so many lines.
MOST_WIDTH = 0.3
MOST_LINES = 3
#: How much of the axes shows through behind a text.
VEIL = 0.7


@dataclass(slots=True)
class _Page:
    """The axes' inside, with what texts must not cover, and what they had better not."""

    plot: Plot
    axes: Box
    taken: list[Box]
    obstacles: Obstacles

    @property
    def gap(self) -> float:
        """Between a text and its remark, in pixels."""
        return self.plot.ruler.pixels(GAP)

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the Matplotlib axes stands in the picture."""
        across, up = self.plot.axes.transData.transform((x, y))
        return float(across), float(up)

    def best(self, candidates: Iterable[Box]) -> Box | None:
        """Return the first place that is free, else the one that covers least of the drawing.

        None where each would cover another text, or leave the axes.
        """
        places = [self.inside(place) for place in candidates]
        room = self.axes.grown(1)
        fitting = [
            place
            for place in places
            if room.holds(place) and not any(map(place.overlaps, self.taken))
        ]
        return min(fitting, key=self._covered, default=None)

    def _covered(self, place: Box) -> int:
        return self.obstacles.covered_by(place.grown(self.gap / 2))

    def inside(self, place: Box) -> Box:
        """Return the place moved to lie within the axes."""
        left = min(max(place.left, self.axes.left), max(self.axes.right - place.width, 0))
        bottom = min(max(place.bottom, self.axes.bottom), max(self.axes.top - place.height, 0))
        return place.at(left, bottom)


def draw_annotations(plot: Plot, axes: Box, taken: Sequence[Box]) -> None:
    """Draw every remark; texts keep clear of each other, of `taken`, and of lines if they can."""
    if not plot.spec.annotations:
        return
    for remark in plot.spec.annotations:
        _draw(plot, remark)
    page = _Page(plot, axes.grown(-plot.ruler.pixels(2)), list(taken), Obstacles.of(plot))
    write = {"line": _write_on_line, "band": _write_on_band, "text": _write_text}
    for remark in plot.spec.annotations:
        if remark.text:
            write[remark.type](page, remark)


def _draw(plot: Plot, remark: FullAnnotation) -> None:
    """Draw a line or a band across the axes; texts come later, when all lines are known."""
    upright, at = _along(plot, remark)
    color = _color(remark)
    if remark.type == "line":
        draw = plot.axes.axvline if upright else plot.axes.axhline
        draw(at[0], color=color, linewidth=LINE_WIDTH, linestyle="--", marker="", zorder=LINE_DEPTH)
        low, high = plot.axes.get_ylim() if upright else plot.axes.get_xlim()
        along = np.linspace(low, high, LINE_POINTS)
        level = np.full_like(along, at[0])
        plot.points.append(np.column_stack((level, along) if upright else (along, level)))
    elif remark.type == "band":
        draw = plot.axes.axvspan if upright else plot.axes.axhspan
        draw(*at, facecolor=to_rgba(color, BAND_ALPHA), linewidth=0, zorder=BAND_DEPTH)


def _write_on_line(page: _Page, remark: FullAnnotation) -> None:
    upright, at = _along(page.plot, remark)
    x, y = page.pixel(at[0], at[0])
    if _shows(page, x if upright else y, upright=upright):
        box = _sheet(page, remark.text or "")
        sides = _beside_upright(page, x, box) if upright else _beside_level(page, y, box)
        _write(page, remark, sides)


def _write_on_band(page: _Page, remark: FullAnnotation) -> None:
    upright, (low, high) = _along(page.plot, remark)
    box, axes = _sheet(page, remark.text or ""), page.axes
    (left, bottom), (right, top) = page.pixel(low, low), page.pixel(high, high)
    if upright:
        left, right = max(min(left, right), axes.left), min(max(left, right), axes.right)
        middle = (left + right - box.width) / 2
        _write(page, remark, [box.at(middle, axes.top - box.height), box.at(middle, axes.bottom)])
    else:
        bottom, top = max(min(bottom, top), axes.bottom), min(max(bottom, top), axes.top)
        under = top - page.gap / 2 - box.height
        _write(page, remark, [box.at(axes.left, under), box.at(axes.right - box.width, under)])


def _write_text(page: _Page, remark: FullAnnotation) -> None:
    if not (remark.x and remark.y and remark.text):
        return
    x, y = page.pixel(*page.plot.xy(remark.x[0], remark.y[0]))
    if not page.axes.grown(page.gap).holds(Box(x, y, x, y)):
        page.plot.notes.add("a text outside the axes' limits is left out")
        return
    box, gap = _sheet(page, remark.text), page.gap * 1.5
    centre, middle = x - box.width / 2, y - box.height / 2
    _write(page, remark, [
        box.at(centre, y + gap), box.at(centre, y - gap - box.height),
        box.at(x + gap, middle), box.at(x - gap - box.width, middle),
        box.at(x + gap, y + gap), box.at(x - gap - box.width, y + gap),
        box.at(centre, y + gap * 4), box.at(centre, y - gap * 4 - box.height),
    ])  # fmt: skip


def _along(plot: Plot, remark: FullAnnotation) -> tuple[bool, list[float]]:
    """Return whether a line or band stands upright in the picture, and where."""
    of_x = remark.x is not None
    return of_x is not plot.swapped, (remark.x if of_x else remark.y) or [0.0, 0.0]


def _shows(page: _Page, at: float, *, upright: bool) -> bool:
    low, high = (page.axes.left, page.axes.right) if upright else (page.axes.bottom, page.axes.top)
    return low - page.gap <= at <= high + page.gap


def _beside_level(page: _Page, y: float, box: Box) -> list[Box]:
    above, below = y + page.gap / 2, y - page.gap / 2 - box.height
    right, left = page.axes.right - box.width, page.axes.left
    middle = (left + right) / 2
    return [box.at(x, bottom) for x in (right, left, middle) for bottom in (above, below)]


def _beside_upright(page: _Page, x: float, box: Box) -> list[Box]:
    right, left = x + page.gap, x - page.gap - box.width
    top, bottom = page.axes.top - box.height, page.axes.bottom
    return [box.at(side, y) for y in (top, bottom, (top + bottom) / 2) for side in (right, left)]


def _style(plot: Plot) -> TextStyle:
    return plot.style("xtick.labelsize")


def _sheet(page: _Page, text: str) -> Box:
    """Return the room that a text takes, at the origin."""
    fitted = _fitted(page, text)
    width, height = page.plot.ruler.block(fitted, _style(page.plot))
    return Box(0, 0, width, height)


def _fitted(page: _Page, text: str) -> str:
    width = max(MOST_WIDTH * page.axes.width, 1)
    fitted = fit(page.plot.text(text), _style(page.plot), width, MOST_LINES, page.plot.ruler)
    if fitted.cut:
        page.plot.notes.add("a remark is cut: it is too long for the picture")
    return fitted.text


def _write(page: _Page, remark: FullAnnotation, candidates: Sequence[Box]) -> None:
    """Write a remark's text at the best of some places, on a veil that keeps it legible."""
    place = page.best(candidates)
    if place is None:
        page.plot.notes.add("the text of a remark is left out: there is no room for it")
        return
    page.taken.append(place)
    picture = page.plot.figure.bbox
    veil = {"facecolor": RC["axes.facecolor"], "alpha": VEIL, "linewidth": 0}
    veil["boxstyle"] = "square,pad=0.1"
    page.plot.figure.text(
        place.left / picture.width, place.top / picture.height, _fitted(page, remark.text or ""),
        color=_color(remark), fontsize=_style(page.plot).size, ha="left", va="top",
        multialignment="left", bbox=veil, zorder=TEXT_DEPTH,
    )  # fmt: skip


def _color(remark: FullAnnotation) -> Any:
    return to_rgba(RC["text.color"] if remark.color is None else remark.color)
