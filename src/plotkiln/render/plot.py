"""The drawing in the making: what every part of it shares."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from numpy.typing import NDArray

from plotkiln.render.boxes import Box
from plotkiln.render.mathtext import settled
from plotkiln.render.notes import Notes
from plotkiln.render.palettes import palette_color
from plotkiln.render.rcparams import RC
from plotkiln.render.ruler import Ruler, TextStyle
from plotkiln.render.ticks import Scale
from plotkiln.spec.full import FullAxis, FullColumn, FullSeries, FullSpec
from plotkiln.spec.models import Side

__all__ = ["TO_RIGHT", "Entry", "Floats", "Numbered", "Plot"]

#: What the legend puts after the name of a series on the axis at the right.
TO_RIGHT = "→"

Floats = NDArray[np.float64]

#: A series with its number in the spec, which decides its colour and what lies in front.
Numbered = tuple[int, FullSeries]

#: Two, because the axes are told apart by identity.
_BARE_X, _BARE_Y = FullAxis(type="linear"), FullAxis(type="linear")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend."""

    handle: Any
    name: str


@dataclass(slots=True)
class Plot:
    """One figure while it is drawn."""

    spec: FullSpec
    figure: Figure
    #: A `matplotlib.axes.Axes`, whose stubs lack half of what is used here.
    axes: Any
    ruler: Ruler
    notes: Notes
    #: The same picture with the axis at the right, for the series that stand on it.
    twin: "Plot | None" = None
    #: Which of the spec's upright axes this is.
    side: Side = "y"
    #: The number of each series in the spec, where this is a panel that lacks some.
    numbers: list[int] | None = None
    #: The series of all panels that share an x axis: histograms count in the same bins.
    peers: list[FullSeries] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    #: What the colour bar explains; None for none.
    mappable: ScalarMappable | None = None
    #: What the colour bar measures; None for numbers from the least to the greatest.
    shades: Scale | None = None
    #: Texts within the axes, in pixels, that remarks keep clear of.
    written: list[Box] = field(default_factory=list)
    #: What values around a centre stand on, a `Web`, once the axes have their place.
    web: Any = None
    #: Drawn things that a legend should not cover, in data coordinates: rows of x, y.
    points: list[Floats] = field(default_factory=list)
    #: The same for filled things: rows of left, bottom, right, top.
    fills: list[Floats] = field(default_factory=list)
    #: Run once the axes have their place, for what needs to know pixels.
    finishers: list[Callable[[], None]] = field(default_factory=list)
    #: Whether something filled stands on the categories, so that grid lines there say nothing.
    solid: bool = False
    #: Whether all of the axes is filled, so that no grid lines are seen.
    covered: bool = False
    #: Whether the axes end where the data do: along the spec's x, and along its y.
    tight_x: bool = False
    tight_y: bool = False

    @property
    def x(self) -> FullAxis:
        """The spec's x axis."""
        return self.spec.x_axis or _BARE_X

    @property
    def y(self) -> FullAxis:
        """The spec's y axis; its second one where this is the plot of that."""
        axis = self.spec.y2_axis if self.side == "y2" else self.spec.y_axis
        return axis or _BARE_Y

    @property
    def numbered(self) -> list[Numbered]:
        """All series with their numbers."""
        numbers = self.numbers or range(len(self.spec.series))
        return list(zip(numbers, self.spec.series, strict=True))

    @property
    def own(self) -> list[FullSeries]:
        """The series that are measured on this plot's y axis."""
        return [series for series in self.spec.series if series.axis == self.side]

    @property
    def both(self) -> "list[Plot]":
        """This plot, and the one with the axis at the right."""
        return [self] if self.twin is None else [self, self.twin]

    @property
    def back(self) -> "Plot":
        """The plot that lies behind: that of the first series."""
        first = self.spec.series[0].axis if self.spec.series else "y"
        return self.twin if self.twin is not None and first == "y2" else self

    def add_twin(self, axes: Any) -> None:
        """Take Matplotlib axes for the series on the axis at the right; the rest is shared."""
        self.twin = Plot(
            self.spec, self.figure, axes, self.ruler, self.notes, side="y2",
            entries=self.entries, written=self.written, finishers=self.finishers,
        )  # fmt: skip

    def named(self, series: FullSeries) -> str:
        """Return what the legend calls a series: an arrow leads to the axis at the right."""
        name = self.text(series.name or "")
        return f"{name} {TO_RIGHT}" if name and series.axis == "y2" else name

    @property
    def round(self) -> bool:
        """Whether what is drawn stands around a centre, without axes at its sides."""
        around = {"pie", "polar", "radar"}
        return self.spec.x_axis is None or any(one.kind in around for one in self.spec.series)

    @property
    def swapped(self) -> bool:
        """Whether the spec's x axis stands on the left: horizontal bars and boxes."""
        return self.spec.orientation == "horizontal"

    @property
    def across(self) -> FullAxis:
        """The spec's axis that lies along the bottom."""
        return self.y if self.swapped else self.x

    @property
    def upright(self) -> FullAxis:
        """The spec's axis that stands on the left."""
        return self.x if self.swapped else self.y

    def text(self, text: str) -> str:
        """Return a text of the user's in the form that Matplotlib draws as it was meant."""
        return settled(text, self.notes)

    def style(self, size: str, weight: str | None = None) -> TextStyle:
        """Return how a text is set, by the names of two rcParams."""
        points = self.ruler.size(RC[size])
        return TextStyle(points, RC[weight] if weight else "normal")

    def color(self, number: int, series: FullSeries) -> Any:
        """Return the colour of a series: its own, else the palette's at its number."""
        return palette_color(number) if series.color is None else to_rgba(series.color)

    def depth(self, number: int) -> float:
        """Return the zorder of a series: the first lies at the back, all above the grid."""
        return 2 + number / 1000

    def line(self, number: int, series: FullSeries) -> dict[str, Any]:
        """Return what all lines of a series have in common; what the spec says beats the style."""
        said = {"linewidth": series.linewidth, "linestyle": series.linestyle, "alpha": series.alpha}
        insisted = {key: value for key, value in said.items() if value is not None}
        return {"color": self.color(number, series), "zorder": self.depth(number), **insisted}

    def listed(self, series: FullSeries, handle: Any) -> None:
        """Give a named series its line in the legend."""
        if series.name:
            self.entries.append(Entry(handle, self.named(series)))

    def xy(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Return values along the bottom and up the left, for either orientation."""
        return (y, x) if self.swapped else (x, y)

    def occupy(self, x: Floats, y: Floats) -> None:
        """Remember that something is drawn at these points."""
        self.points.append(np.column_stack(self.xy(x, y)))

    def fill(self, left: Floats, bottom: Floats, right: Floats, top: Floats) -> None:
        """Remember that these rectangles are filled, given as the spec's axes stand."""
        sides = (bottom, left, top, right) if self.swapped else (left, bottom, right, top)
        self.fills.append(np.column_stack(sides))


def positions(column: FullColumn, axis: FullAxis) -> Floats:
    """Return where the values of a column stand on its axis; NaN for each gap."""
    if column.type != "category":
        return np.array(column.values, dtype=np.float64)  # None becomes NaN
    places: dict[Any, int] = {name: at for at, name in enumerate(axis.categories or [])}
    return np.array([places.get(value, np.nan) for value in column.values], dtype=np.float64)


def numbers(values: Sequence[float | None]) -> Floats:
    """Return values as an array; NaN for each gap."""
    return np.array(values, dtype=np.float64)


def x_positions(plot: Plot, series: FullSeries, length: int) -> Floats:
    """Return where a series stands along x: 0, 1, 2, … where it names nothing."""
    if series.x is None:
        return np.arange(length, dtype=np.float64)
    return positions(series.x, plot.x)


def xy_positions(plot: Plot, series: FullSeries) -> tuple[Floats, Floats]:
    """Return where the points of a series stand; NaN for each gap."""
    y = positions(series.y, plot.y) if series.y is not None else np.empty(0)
    return x_positions(plot, series, len(y)), y
