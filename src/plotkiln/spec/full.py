"""A spec in full: shorthand expanded, columns found and typed, every rule kept.

What render processes are given. Nothing here can fail for a reason that the user should have been
told about earlier.
"""

from typing import Any, Literal

import msgspec

from plotkiln.spec.models import (
    AnnotationType,
    AxisType,
    Kind,
    LegendPosition,
    Marker,
    Orientation,
    Side,
)

__all__ = ["FullAnnotation", "FullAxis", "FullColumn", "FullPanel", "FullSeries", "FullSpec"]


class FullColumn(msgspec.Struct, frozen=True, array_like=True):
    """Values of one type, `null` for each gap."""

    type: Literal["number", "time", "category"]
    #: number: floats. time: days since 1970-01-01T00:00Z as floats, which are Matplotlib's date
    #: numbers. category: texts.
    values: list[float | str | None]


class FullSeries(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One series with its own columns, of one length each."""

    kind: Kind
    name: str | None = None
    #: Set for all kinds but these: a pie without labels, and boxes or violins without groups, where
    #: that of series i stands at the position i, that of `categories[i]` of the x axis.
    x: FullColumn | None = None
    #: Set for all kinds but a histogram, whose values are x, and a candlestick. Stacked bars and
    #: areas share their x and have no gaps in y.
    y: FullColumn | None = None
    #: The axis that y is measured on.
    axis: Side = "y"
    #: heatmap, contour: rows (one per y) of cells (one per x).
    cells: list[list[float | None]] | None = None
    #: scatter: one colour value per point.
    shade: list[float | None] | None = None
    #: scatter: one area, in square points, or one per point.
    size: float | list[float | None] | None = None
    #: errorbar, bar: how far the error of each point reaches below y, and above it.
    error: list[list[float | None]] | None = None
    #: errorbar: the same to the left and to the right of x.
    x_error: list[list[float | None]] | None = None
    #: candlestick: one price per x each.
    open: list[float | None] | None = None
    high: list[float | None] | None = None
    low: list[float | None] | None = None
    close: list[float | None] | None = None
    bins: int | list[float] | None = None
    #: contour: about how many levels, or the levels.
    levels: int | list[float] | None = None
    #: contour: areas instead of lines.
    filled: bool = False
    #: hexbin: hexagons from left to right.
    gridsize: int | None = None
    #: hexbin: how colours follow counts.
    norm: Literal["linear", "log"] | None = None
    #: waterfall: where each bar begins; it ends at y.
    starts: list[float | None] | None = None
    #: waterfall: which bars are sums.
    totals: list[bool] | None = None
    where: Literal["pre", "post", "mid"] | None = None
    color: str | None = None
    marker: Marker | None = None
    linestyle: str | None = None
    linewidth: float | None = None
    alpha: float | None = None


class FullAxis(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One axis whose type is settled; limits are numbers on it (date numbers for time)."""

    type: AxisType
    label: str | None = None
    low: float | None = None
    high: float | None = None
    format: str | None = None
    prefix: str = ""
    suffix: str = ""
    grid: bool | None = None
    reverse: bool = False
    #: category: every category of all series, in order of appearance; positions are 0, 1, 2, …
    categories: list[str] | None = None
    #: time: the moments, in days, that stand at 0, 1, 2, …, where only those take room. All
    #: positions and limits on this axis are such places then.
    sessions: list[float] | None = None


class FullAnnotation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A remark; its coordinates are numbers on the axes."""

    type: AnnotationType
    #: line: [position]; band: [from, to]; text: [position]; None for the axis it does not name.
    x: list[float] | None = None
    y: list[float] | None = None
    text: str | None = None
    color: str | None = None


class FullPanel(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of several drawings in a picture."""

    name: str
    series: list[FullSeries]
    #: The number of each series in the spec, which decides its colour.
    numbers: list[int]
    #: Its own x axis where panels share none.
    x_axis: FullAxis | None = None


class FullSpec(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What to draw, in full."""

    #: Empty where a template draws, and where there are panels.
    series: list[FullSeries] = []
    panels: list[FullPanel] = []
    #: Panels side by side; None leaves it to the drawing.
    columns: int | None = None
    #: Which axes reach as far in all panels.
    share: Literal["both", "x", "y", "none"] = "both"
    #: The template that draws, and its parameters as sent.
    template: str | None = None
    params: dict[str, Any] = {}
    #: None for a pie, which has no axes.
    x_axis: FullAxis | None = None
    y_axis: FullAxis | None = None
    #: The axis at the right; None where no series stands on it.
    y2_axis: FullAxis | None = None
    title: str | None = None
    subtitle: str | None = None
    annotations: list[FullAnnotation] = []
    #: None lets the drawing decide: a legend where there are two named series or more.
    legend: bool | None = None
    legend_position: LegendPosition = "best"
    legend_title: str | None = None
    stack: bool = False
    orientation: Orientation = "vertical"
    hole: float = 0.0
    #: Pixels; None leaves it to the style.
    width: int | None = None
    height: int | None = None
    dpi: float | None = None
    alt: str | None = None
