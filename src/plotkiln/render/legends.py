"""The legend: inside where nothing is covered, else beside the axes, in as many columns as fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.legend import Legend

from plotkiln.render.boxes import Box
from plotkiln.render.legendforms import LegendForm, Room
from plotkiln.render.obstacles import Obstacles
from plotkiln.render.plot import Entry, Plot
from plotkiln.render.rcparams import RC
from plotkiln.render.wrapping import ellipsis, fit

__all__ = ["LegendBox", "build_legend", "free_corner", "legend_wanted", "place_legend"]

#: More entries than this tell nobody anything.
MOST_ENTRIES = 60
#: The parts of the picture that a legend beside, and above or below the axes, may take.
MOST_WIDTH = 0.42
MOST_HEIGHT = 0.34
#: One name takes at most this part of the picture's width.
MOST_NAME = 0.26
#: Lines that the legend's title may take.
TITLE_LINES = 2
#: A legend over the axes' inside takes at most these parts of them.
MOST_INSIDE = (0.45, 0.5)
#: An outside legend reads faster than one this long inside.
MOST_INSIDE_ENTRIES = 8


@dataclass(frozen=True, slots=True)
class LegendBox:
    """A legend that is built and measured, not yet placed."""

    artist: Legend
    width: float
    height: float


def legend_wanted(plot: Plot) -> bool:
    """Tell whether there is a legend: as the spec says, else for two named series or more."""
    if plot.spec.legend_position == "none" or not plot.entries:
        return False
    return len(plot.entries) > 1 if plot.spec.legend is None else plot.spec.legend


def build_legend(plot: Plot, room: Box, *, beside: bool) -> LegendBox | None:
    """Build the legend for a place beside the axes, or in rows above or below them.

    Names are cut, and entries left out, where there is no room; both are warnings. None where
    there is no room for any.
    """
    picture, named = plot.figure.bbox, _named(plot, beside=beside)
    most = Room(MOST_WIDTH * picture.width, room.height)
    most = most if beside else Room(room.width, MOST_HEIGHT * picture.height)
    form = LegendForm.of(plot)
    columns = form.columns([entry.name for entry in named], most, beside=beside)
    entries = named[: form.capacity([entry.name for entry in named], columns, most)]
    while entries:
        legend = _legend(plot, entries, columns, most.width)
        size = legend.get_window_extent(plot.ruler.renderer)
        if size.height <= most.height and size.width <= most.width:
            _tell_left_out(plot, len(entries))
            return LegendBox(legend, float(size.width), float(size.height))
        legend.remove()
        columns, entries = min(columns, len(entries) - 1) or 1, entries[:-columns]
    plot.notes.add("the legend is left out: there is no room for it")
    return None


def _tell_left_out(plot: Plot, shown: int) -> None:
    count = len(plot.entries)
    if shown < count:
        plot.notes.add(f"{count - shown} of {count} legend entries are left out: there is no room")


def place_legend(plot: Plot, legend: LegendBox, left: float, top: float) -> Box:
    """Put the legend's upper left corner there; return what it covers."""
    size = plot.figure.bbox
    anchor = (left / size.width, top / size.height)
    legend.artist.set_bbox_to_anchor(anchor, plot.figure.transFigure)
    return Box(left, top - legend.height, left + legend.width, top)


def free_corner(plot: Plot, legend: LegendBox, axes: Box) -> tuple[float, float] | None:
    """Return the upper left corner of a place in the axes that covers nothing; None for none."""
    if len(plot.entries) > MOST_INSIDE_ENTRIES:
        return None
    if legend.width > MOST_INSIDE[0] * axes.width or legend.height > MOST_INSIDE[1] * axes.height:
        return None
    inner = axes.grown(-plot.ruler.pixels(4))
    obstacles = Obstacles.of(plot)
    box = Box(0, 0, legend.width, legend.height)
    right, top = inner.right - legend.width, inner.top - legend.height
    middle = (inner.left + right) / 2
    corners = [(right, top), (inner.left, top), (middle, top), (right, inner.bottom),
               (inner.left, inner.bottom), (middle, inner.bottom)]  # fmt: skip
    for left, bottom in corners:
        if not obstacles.covered_by(box.at(left, bottom).grown(plot.ruler.pixels(4))):
            return left, bottom + legend.height
    return None


def _named(plot: Plot, *, beside: bool) -> list[Entry]:
    """Return the entries in reading order, names cut to size; a stack is listed from its top."""
    style = plot.style("legend.fontsize")
    most = MOST_NAME * plot.figure.bbox.width
    entries = [
        Entry(entry.handle, ellipsis(_one_line(entry.name), style, most, plot.ruler))
        for entry in plot.entries
    ]
    if any(
        cut.name != _one_line(entry.name) for cut, entry in zip(entries, plot.entries, strict=True)
    ):
        plot.notes.add("legend entries are cut: they are too long for the picture")
    stacked = plot.spec.stack and beside and not plot.swapped
    return entries[MOST_ENTRIES - 1 :: -1] if stacked else entries[:MOST_ENTRIES]


def _one_line(name: str) -> str:
    return " ".join(name.split())


def _legend(plot: Plot, entries: Sequence[Entry], columns: int, width: float) -> Legend:
    style = plot.style("font.size")
    room = max(width - 2 * plot.ruler.pixels(style.size), 1)
    title = fit(plot.text(plot.spec.legend_title or ""), style, room, TITLE_LINES, plot.ruler)
    legend = plot.figure.legend(
        [entry.handle for entry in entries],
        [entry.name for entry in entries],
        loc="upper left",
        bbox_to_anchor=(0, 1),
        borderaxespad=0,
        ncols=columns,
        title=title.text or None,
        title_fontsize=title.style.size,
        alignment="left",
    )
    legend.get_title().set_color(RC["text.color"])
    return legend
