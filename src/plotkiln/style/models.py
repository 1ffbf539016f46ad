"""A style document: how charts look. Every section and every member is optional."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

__all__ = [
    "AxesStyle",
    "FigureStyle",
    "FontStyle",
    "LegendStyle",
    "LineStyle",
    "Style",
    "TickStyle",
    "TitleStyle",
    "Watermark",
]

#: A style's name: what Consul's key validation allows in every release.
#: `(?!\n)` because `$` alone lets Python pass a line feed at the end, unlike JSON Schema.
NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}(?!\n)$"

Color = Annotated[
    str,
    Meta(
        max_length=32,
        description="A colour: #RGB, #RRGGBB, #RRGGBBAA, a CSS name, a grey from 0 to 1, or none.",
    ),
]
Points = Annotated[float, Meta(ge=0.5, le=500, description="A size in points.")]
Width = Annotated[float, Meta(ge=0, le=100, description="A width in points.")]
Opacity = Annotated[float, Meta(ge=0, le=1, description="Opacity from 0 to 1.")]
Family = Annotated[str, Meta(min_length=1, max_length=100)]
FontSize = Annotated[
    Points | Literal["xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large"],
    Meta(description="A size in points, or one relative to font.size."),
]
Weight = Annotated[
    Annotated[int, Meta(ge=1, le=1000)]
    | Literal[
        "ultralight", "light", "normal", "regular", "medium", "semibold", "bold", "heavy", "black"
    ],
    Meta(description="How bold: 400 is normal, 700 is bold; the nearest that is installed serves."),
]
Dash = Literal["-", "--", "-.", ":", "solid", "dashed", "dashdot", "dotted", "none"]
Resolution = Annotated[
    float,
    Meta(ge=20, le=1200, description="Pixels per inch; points grow with it, 72 to the inch."),
]
Side = Annotated[float, Meta(ge=0.5, le=100, description="A length in inches.")]


class _Section(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What all sections share: frozen, named members, none set by default."""


class FigureStyle(_Section, frozen=True, kw_only=True):
    """The sheet."""

    figsize: (
        Annotated[
            list[Side],
            Meta(
                min_length=2,
                max_length=2,
                description="Width and height in inches; times dpi they are the pixels.",
            ),
        ]
        | None
    ) = None
    dpi: Resolution | None = None
    facecolor: Color | None = None


class FontStyle(_Section, frozen=True, kw_only=True):
    """Text in general."""

    family: (
        Annotated[
            Family | Annotated[list[Family], Meta(min_length=1, max_length=20)],
            Meta(description="One family or a fallback list, first choice first."),
        ]
        | None
    ) = None
    size: Points | None = None
    color: Color | None = None


class TitleStyle(_Section, frozen=True, kw_only=True):
    """The title."""

    fontsize: FontSize | None = None
    fontweight: Weight | None = None
    color: Color | None = None
    loc: Literal["left", "center", "right"] | None = None


class AxesStyle(_Section, frozen=True, kw_only=True):
    """The plot area."""

    facecolor: Color | None = None
    labelcolor: Color | None = None
    labelsize: FontSize | None = None
    labelweight: Weight | None = None
    edgecolor: Color | None = None
    linewidth: Width | None = None
    spines: (
        Annotated[
            list[Literal["left", "bottom", "right", "top"]],
            Meta(max_length=4, description="The sides that have a line."),
        ]
        | None
    ) = None
    grid: bool | None = None
    grid_axis: Literal["x", "y", "both"] | None = None
    grid_color: Color | None = None
    grid_linestyle: Dash | None = None
    grid_linewidth: Width | None = None
    grid_alpha: Opacity | None = None


class LegendStyle(_Section, frozen=True, kw_only=True):
    """The legend."""

    fontsize: FontSize | None = None
    frameon: bool | None = None
    facecolor: Color | None = None
    edgecolor: Color | None = None
    labelcolor: Color | None = None


class LineStyle(_Section, frozen=True, kw_only=True):
    """Lines of series."""

    linewidth: Width | None = None
    linestyle: Dash | None = None
    marker: Literal["none", "o", "s", "^", "v", "D", "x", "+", ".", "*"] | None = None
    markersize: Width | None = None


class TickStyle(_Section, frozen=True, kw_only=True):
    """Ticks and their labels."""

    color: Color | None = None
    labelcolor: Color | None = None
    labelsize: FontSize | None = None
    direction: Literal["in", "out", "inout"] | None = None
    length: Width | None = None
    width: Width | None = None


class Watermark(_Section, frozen=True, kw_only=True):
    """Text laid over the whole picture; none without `text`."""

    text: Annotated[str, Meta(max_length=200)] | None = None
    x: (
        Annotated[
            float,
            Meta(ge=0, le=1, description="The text's centre, from the left; the width is 1."),
        ]
        | None
    ) = None
    y: (
        Annotated[
            float,
            Meta(ge=0, le=1, description="The text's centre, from the bottom; the height is 1."),
        ]
        | None
    ) = None
    fontsize: Points | None = None
    color: Color | None = None
    alpha: Opacity | None = None
    rotation: (
        Annotated[float, Meta(ge=-360, le=360, description="Degrees, counter-clockwise.")] | None
    ) = None


class Style(_Section, frozen=True, kw_only=True):
    """How charts look."""

    extends: (
        Annotated[
            str,
            Meta(
                pattern=NAME_PATTERN,
                description="The name of the style that supplies what this one leaves out.",
            ),
        ]
        | None
    ) = None
    figure: FigureStyle | None = None
    font: FontStyle | None = None
    title: TitleStyle | None = None
    axes: AxesStyle | None = None
    legend: LegendStyle | None = None
    lines: LineStyle | None = None
    ticks: TickStyle | None = None
    watermark: Watermark | None = None
    palette: (
        Annotated[
            list[Color],
            Meta(min_length=1, max_length=64, description="Colours of the series, in turn."),
        ]
        | None
    ) = None
    rc: (
        Annotated[
            dict[str, bool | float | str | list[float | str] | None],
            Meta(
                description="Matplotlib's rcParams that only change looks, by name. They have the "
                "last word over the sections of the same document.",
            ),
        ]
        | None
    ) = None
