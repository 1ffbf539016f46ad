"""The built-in style: what every style leaves to it, and what serves when nothing is stored."""

from functools import cache

from plotkiln.style.digests import content_digest
from plotkiln.style.looks import DEFAULT, Look
from plotkiln.style.models import (
    AxesStyle,
    FigureStyle,
    FontStyle,
    LegendStyle,
    LineStyle,
    Style,
    TickStyle,
    TitleStyle,
    Watermark,
)

__all__ = ["BUILTIN", "FALLBACK_FAMILIES", "builtin_look"]

#: Families by the scripts they add, first choice first; one that is not installed is passed over.
#: None is a bitmap font: Matplotlib cannot draw those.
FALLBACK_FAMILIES = (
    "DejaVu Sans",
    "Noto Sans CJK SC",
    "Noto Sans CJK TC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
    "Noto Sans SC",
    "Noto Sans JP",
    "Noto Sans KR",
    "Source Han Sans SC",
    "Source Han Sans",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "IPAGothic",
    "NanumGothic",
    "Noto Emoji",
    "Symbola",
    "Noto Sans Symbols2",
)

_WHITE = "#FFFFFF"
_INK = "#222222"
_LABEL = "#444444"
_FAINT = "#9A9A9A"

#: Complete: every section and every member is set, but for `extends` and the watermark's text.
BUILTIN = Style(
    figure=FigureStyle(figsize=[10.0, 6.0], dpi=120.0, facecolor=_WHITE),
    font=FontStyle(family=list(FALLBACK_FAMILIES), size=12.0, color=_INK),
    title=TitleStyle(fontsize=16.0, fontweight="bold", color=_INK, loc="center"),
    axes=AxesStyle(
        facecolor=_WHITE,
        labelcolor=_LABEL,
        labelsize="medium",
        labelweight="normal",
        edgecolor=_FAINT,
        linewidth=0.8,
        spines=["left", "bottom"],
        grid=True,
        grid_axis="both",
        grid_color="#B8B8B8",
        grid_linestyle="--",
        grid_linewidth=0.7,
        grid_alpha=0.6,
    ),
    legend=LegendStyle(
        fontsize="small",
        frameon=False,
        facecolor=_WHITE,
        edgecolor="#DDDDDD",
        labelcolor=_LABEL,
    ),
    lines=LineStyle(linewidth=2.2, linestyle="-", marker="o", markersize=5.5),
    ticks=TickStyle(
        color=_FAINT,
        labelcolor="#555555",
        labelsize="small",
        direction="out",
        length=4.0,
        width=0.8,
    ),
    watermark=Watermark(x=0.5, y=0.5, fontsize=40.0, color="#808080", alpha=0.2, rotation=30.0),
    # Each has a contrast of 3 or more on white and stays apart from the others for people who see
    # no red, no green or no blue.
    palette=[
        "#007ACC",
        "#E8590C",
        "#3A9A3A",
        "#CC4C9A",
        "#5B2A86",
        "#7A3B12",
        "#0F4C5C",
        "#949494",
    ],
    rc={},
)


@cache
def builtin_look() -> Look:
    """Return the built-in style as the look `default`, version 0."""
    digest = content_digest(BUILTIN)
    return Look(name=DEFAULT, version=0, state="builtin", style=BUILTIN, digest=digest)
