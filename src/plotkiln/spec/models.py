"""A spec as it is sent: what to draw. It knows nothing of colours unless the user insists."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

__all__ = [
    "Annotation",
    "AnnotationType",
    "Axes",
    "Axis",
    "AxisType",
    "Facets",
    "Format",
    "Kind",
    "Legend",
    "LegendPosition",
    "Marker",
    "Orientation",
    "Series",
    "Side",
    "Size",
    "Spec",
]

Kind = Literal[
    "line",
    "step",
    "scatter",
    "bar",
    "area",
    "errorbar",
    "candlestick",
    "histogram",
    "box",
    "violin",
    "heatmap",
    "contour",
    "hexbin",
    "waterfall",
    "polar",
    "radar",
    "pie",
]
Format = Literal["png", "svg", "pdf", "webp", "jpeg"]
AxisType = Literal["linear", "log", "time", "category"]
AnnotationType = Literal["line", "band", "text"]
LegendPosition = Literal["best", "right", "bottom", "top", "none"]
Orientation = Literal["vertical", "horizontal"]
Side = Literal["y", "y2"]
Marker = Literal["none", "o", "s", "^", "v", "D", "x", "+", ".", "*"]
LineStyle = Literal["-", "--", ":", "-.", "none"]

Text = Annotated[str, Meta(description="Plain text; $…$ is Matplotlib's mathtext.")]
Color = Annotated[
    str,
    Meta(
        description="A colour: #RGB, #RRGGBB, #RRGGBBAA, a CSS name, or C0, C1, … of the palette."
    ),
]
Values = Annotated[
    list[float | str | None],
    Meta(description="Numbers, ISO 8601 times, or category names; null is a gap."),
]
Column = Annotated[
    list[float | str | None] | str,
    Meta(description="Values, or the name of a column of `data`."),
]
Grid = Annotated[
    list[list[float | None] | float | None] | str,
    Meta(description="Rows of numbers; or one value per point; or the name of a column of `data`."),
]
Errors = Annotated[
    float | list[list[float | None] | float | str | None] | str,
    Meta(
        description="How far an error reaches from its value: one number for all; a number per "
        "point; a pair [below, above] per point; a column of `data`, or two for below and above."
    ),
]
Bins = Annotated[
    Annotated[int, Meta(ge=1, le=1000)]
    | Annotated[list[float], Meta(min_length=2, max_length=1001)],
    Meta(description="The number of bins, or their edges in rising order."),
]
Levels = Annotated[
    Annotated[int, Meta(ge=1, le=100)] | Annotated[list[float], Meta(min_length=1, max_length=100)],
    Meta(description="About how many levels, at round numbers; or the levels in rising order."),
]


class _Member(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What all parts of a spec share: frozen, named members, unknown ones refused."""


class Series(_Member, frozen=True, kw_only=True):
    """One set of values that is drawn in one way."""

    #: How it is drawn; the spec's own `kind` where it is missing, else `line`.
    kind: Kind | None = None
    #: What the legend calls it.
    name: Text | None = None
    #: Positions: numbers, times or categories; 0, 1, 2, … where missing. A histogram's values. The
    #: degrees or categories around a polar or a radar. A pie's labels. Where the columns of a
    #: heatmap or a contour stand. The groups of boxes and violins.
    x: Column | None = None
    #: Heights. A pie's shares. Where the rows of a heatmap or a contour stand. The values of boxes
    #: and violins.
    y: Column | None = None
    #: The cells of a heatmap, the heights of a contour: rows of numbers, or one value per (x, y). A
    #: scatter's colour values.
    z: Grid | None = None
    #: A scatter's marker areas in square points: one number, or one per point.
    size: float | Column | None = None
    #: The axis that y is measured on: `y2` is a second one at the right; `y` where missing.
    axis: Side | None = None
    #: Errors of y, of an errorbar or a bar.
    error: Errors | None = None
    #: Errors of x, of an errorbar.
    x_error: Errors | None = None
    #: A candlestick's prices: when each period began, at most, at least, and when it ended. With
    #: `data`, the columns of these names where missing.
    open: Column | None = None
    high: Column | None = None
    low: Column | None = None
    close: Column | None = None
    #: A histogram's bins.
    bins: Bins | None = None
    #: The heights at which a contour has lines.
    levels: Levels | None = None
    #: Whether a contour has areas and a colour bar, or lines with labels; true where missing.
    filled: bool | None = None
    #: How many hexagons a hexbin has from left to right; 30 where missing.
    gridsize: Annotated[int, Meta(ge=1, le=500)] | None = None
    #: How colours follow the counts of a hexbin: evenly, or evenly in their logarithms.
    norm: Literal["linear", "log"] | None = None
    #: The bars of a waterfall that show the sum of all before; where missing, those whose y is
    #: null, else one more at the end.
    totals: list[float | str] | None = None
    #: Where a step rises.
    where: Literal["pre", "post", "mid"] | None = None
    #: Overrides the palette.
    color: Color | None = None
    #: Overrides the style's marker.
    marker: Marker | None = None
    #: Overrides the style's line.
    linestyle: LineStyle | None = None
    #: Overrides the style's line width; in points.
    linewidth: Annotated[float, Meta(ge=0, le=100)] | None = None
    #: Opacity from 0 to 1.
    alpha: Annotated[float, Meta(ge=0, le=1)] | None = None


class Axis(_Member, frozen=True, kw_only=True):
    """One axis."""

    #: What it measures, with the unit.
    label: Text | None = None
    #: How values become positions; found from the data where missing.
    type: AxisType | None = None
    #: Least and greatest value shown; null leaves that end to the data.
    limits: Annotated[list[float | str | None], Meta(min_length=2, max_length=2)] | None = None
    #: How numbers (`,.1f`, Python's format language) or times (`%d %b`, strftime) are written.
    format: Annotated[str, Meta(max_length=40)] | None = None
    #: Put before each number (`€`).
    prefix: Annotated[str, Meta(max_length=20)] | None = None
    #: Put after each number (` %`).
    suffix: Annotated[str, Meta(max_length=20)] | None = None
    #: Grid lines across this axis; the style decides where missing.
    grid: bool | None = None
    #: Greatest value first.
    reverse: bool = False


class Axes(_Member, frozen=True, kw_only=True):
    """The axes."""

    x: Axis | None = None
    y: Axis | None = None
    #: The axis at the right, of series with `axis` `y2`.
    y2: Axis | None = None


class Annotation(_Member, frozen=True, kw_only=True):
    """A remark on the drawing, in data coordinates."""

    #: A line at `x` or at `y`, a band from `x[0]` to `x[1]` (or in `y`), or text at (`x`, `y`).
    type: AnnotationType
    #: A position, or the two ends of a band: numbers, times or categories as on the axis.
    x: float | str | Annotated[list[float | str], Meta(min_length=2, max_length=2)] | None = None
    #: As `x`.
    y: float | str | Annotated[list[float | str], Meta(min_length=2, max_length=2)] | None = None
    text: Text | None = None
    color: Color | None = None


class Facets(_Member, frozen=True, kw_only=True):
    """One panel for each value of a column, all drawn alike and with one legend."""

    #: The column of `data` whose values part the rows into panels, or one value for each row.
    by: Column
    #: Panels side by side; as many as suit the picture where missing.
    columns: Annotated[int, Meta(ge=1, le=20)] | None = None
    #: The axes that reach as far in all panels.
    share: Literal["both", "x", "y", "none"] = "both"


class Legend(_Member, frozen=True, kw_only=True):
    """The legend; it is shown when there are two named series or more."""

    #: Where it stands; `none` hides it.
    position: LegendPosition = "best"
    title: Text | None = None


class Size(_Member, frozen=True, kw_only=True):
    """The picture's size in pixels; the style decides what is missing."""

    #: Pixels from left to right.
    width: Annotated[int, Meta(ge=16)] | None = None
    #: Pixels from top to bottom.
    height: Annotated[int, Meta(ge=16)] | None = None
    #: Pixels per inch: how large text and lines are. Where width or height is missing, the style's
    #: inches times this are the pixels.
    dpi: Annotated[float, Meta(ge=20, le=1200)] | None = None


class Spec(_Member, frozen=True, kw_only=True):
    """What to draw.

    The shortest is `{"x": [1, 2, 3], "y": [4, 1, 7]}`: a line with round markers.
    """

    #: The kind of every series that names none.
    kind: Kind | None = None
    #: The only series, in short: the members of `series[0]`. With `data`, `y` may name several
    #: columns.
    x: Column | None = None
    y: Column | None = None
    z: Grid | None = None
    bins: Bins | None = None
    #: What is drawn, first at the back.
    series: list[Series] | None = None
    #: A table that series name columns of: columns by name, or records.
    data: dict[str, Values] | list[dict[str, float | str | None]] | None = None
    #: A template that draws; of the other members only size, format, style and alt go with it.
    template: Annotated[str, Meta(min_length=1, max_length=128)] | None = None
    #: The template's parameters; `/templates/{name}` has their schema.
    params: dict[str, Any] | None = None
    title: Text | None = None
    subtitle: Text | None = None
    axes: Axes | None = None
    #: Parts the data into panels.
    facets: Facets | None = None
    #: Remarks on the drawing; in every panel.
    annotations: list[Annotation] | None = None
    #: true and false show and hide it.
    legend: bool | Legend | None = None
    #: Bars and areas stand on each other instead of side by side or in front of each other.
    stack: bool = False
    #: Horizontal bars and boxes put the x axis (the categories) on the left.
    orientation: Orientation = "vertical"
    #: The part of a pie's radius left empty: a donut.
    hole: Annotated[float, Meta(ge=0, lt=1)] | None = None
    size: Size | None = None
    #: The picture's format; not part of the spec digest.
    format: Format | None = None
    #: The style's name; `default` where missing. Pinned as `name@version` or `name@sha256:digest`.
    style: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    #: Alternative text: what the picture shows, for those who cannot see it.
    alt: Text | None = None
