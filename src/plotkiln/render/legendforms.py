"""How many columns a legend needs and how many entries it holds, reckoned before it is built.

Building a legend costs about a millisecond an entry, so that trying forms in turn would be slow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from plotkiln.render.plot import Plot
from plotkiln.render.rcparams import RC
from plotkiln.render.ruler import Ruler, TextStyle

__all__ = ["LegendForm", "Room"]


@dataclass(frozen=True, slots=True)
class Room:
    """The pixels that a legend may take."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class LegendForm:
    """The measures of a legend, in pixels, as the rcParams have them."""

    ruler: Ruler
    style: TextStyle
    #: From one row to the next.
    row: float
    #: Beside a name: its handle, and the gap to the next column.
    handle: float
    gap: float
    #: Around all entries, both sides together; above them also the title.
    border: float
    title: float

    @classmethod
    def of(cls, plot: Plot) -> "LegendForm":
        """Take the measures of a plot's legend."""
        style, ruler = plot.style("legend.fontsize"), plot.ruler
        em = ruler.pixels(style.size)
        title = 1.3 * ruler.line_height(plot.style("font.size")) if plot.spec.legend_title else 0.0
        return cls(
            ruler,
            style,
            ruler.line_height(style) + em * float(RC["legend.labelspacing"]),
            em * (float(RC["legend.handlelength"]) + float(RC["legend.handletextpad"])),
            em * float(RC["legend.columnspacing"]),
            2 * em * float(RC["legend.borderpad"]),
            title,
        )

    def columns(self, names: Sequence[str], room: Room, *, beside: bool) -> int:
        """Return in how many columns the names fit: as few as can be beside the axes, else many."""
        if beside:
            rows = max(int((room.height - self.border - self.title) / self.row), 1)
            least = -(-len(names) // rows)
            return max(min(least, self._most_columns(names, room)), 1)
        most = max(min(self._most_columns(names, room), len(names)), 1)
        rows = -(-len(names) // most)
        return -(-len(names) // rows)  # rows of equal length rather than a short last one

    def capacity(self, names: Sequence[str], columns: int, room: Room) -> int:
        """Return how many of the names fit in so many columns; a single one is always tried."""
        rows = int((room.height - self.border - self.title + self.row * 0.3) / self.row)
        return max(min(rows * columns, len(names)), 1)

    def _most_columns(self, names: Sequence[str], room: Room) -> int:
        widest = max(self.ruler.width(name, self.style) for name in names) + self.handle
        return int((room.width - self.border + self.gap) / (widest + self.gap))
