"""A counter's total as the drums of an odometer."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D
from msgspec import Meta

from plotkiln.templates import template

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["odometer"]

#: All lengths are parts of a drum's height.
RIM, GAP, ROUNDING = 0.08, 0.07, 0.09
#: The height of a digit, and the distance to the next one on the same drum.
DIGIT, PITCH = 0.58, 0.74
#: A drum's width.
NARROWEST, WIDEST = 0.5, 0.76
#: Rows of a drum's shading.
ROWS = 64

Box = tuple[float, float, float, float]
Color = tuple[float, float, float]


@template("odometer", title="Odometer", size=(280, 64))
def odometer(
    figure: "Figure",
    *,
    #: The number to show.
    value: Annotated[int, Meta(ge=0, le=10**12 - 1)],
    #: Drums, at least; a longer number gets more.
    digits: Annotated[int, Meta(ge=1, le=12)] = 7,
) -> None:
    """Show a total on the drums of a counter, with leading zeros, in the style's colours."""
    shown = f"{value:0{digits}d}"
    width, height = figure.bbox.width / figure.bbox.height, 1.0
    axes: Any = figure.add_axes((0, 0, 1, 1), facecolor="none")
    axes.set(xlim=(0, width), ylim=(0, height), axisbelow=False)
    axes.set_axis_off()
    ink, paper = to_rgb(mpl.rcParams["text.color"]), _paper()
    accent = to_rgb(mpl.rcParams["axes.prop_cycle"].by_key()["color"][0])
    boxes = list(_boxes(len(shown), width))
    _case(axes, boxes, ink, paper)
    outlines = _outlines()
    for number, (box, digit) in enumerate(zip(boxes, shown, strict=True)):
        drum = accent if number == len(shown) - 1 else ink
        _drum(axes, box, int(digit), (drum, _legible(drum, paper)), outlines)


def _paper() -> Color:
    """Return the sheet's colour; white where there is none."""
    facecolor = mpl.rcParams["figure.facecolor"]
    return (1.0, 1.0, 1.0) if facecolor == "none" else to_rgb(facecolor)


def _boxes(count: int, width: float) -> Iterator[Box]:
    """Yield left, bottom, width and height of each drum, centred in a picture of height 1."""
    around, between = 2 * (RIM + GAP), (count - 1) * GAP
    tall = min(1 / (1 + around), width / (count * NARROWEST + between + around))
    wide = min(WIDEST * tall, (width - (between + around) * tall) / count)
    left = (width - count * wide - between * tall) / 2
    for number in range(count):
        yield left + number * (wide + GAP * tall), (1 - tall) / 2, wide, tall


def _case(axes: Any, boxes: list[Box], ink: Color, paper: Color) -> None:
    """Draw the case behind the drums, with a rim that catches light."""
    left, bottom, _, tall = boxes[0]
    right = boxes[-1][0] + boxes[-1][2]
    for grow, part in ((GAP + RIM * 0.9, 0.45), (GAP, 0.12)):
        grown = grow * tall
        _rounded(
            axes,
            (left - grown, bottom - grown, right - left + 2 * grown, tall + 2 * grown),
            (ROUNDING + grow / 2) * tall,
            _mix(ink, paper, part),
        )


def _rounded(axes: Any, box: Box, radius: float, color: Color) -> FancyBboxPatch:
    shape = f"round,pad=0,rounding_size={radius}"
    patch = FancyBboxPatch(box[:2], *box[2:], boxstyle=shape, facecolor=color, edgecolor="none")
    axes.add_artist(patch)
    return patch


def _drum(
    axes: Any, box: Box, digit: int, colors: tuple[Color, Color], outlines: list[Path]
) -> None:
    """Draw one drum, shaded like a cylinder, with the digits before and after at its edges."""
    left, bottom, wide, tall = box
    drum, ink = colors
    window = _rounded(axes, box, ROUNDING * tall, drum)
    scale = min(tall, 0.8 * wide / (DIGIT * outlines[0].get_extents().width))
    for step in (-1, 0, 1):
        place = left + wide / 2, bottom + tall / 2 - step * PITCH * scale
        move = Affine2D().scale(DIGIT * scale).translate(*place)
        path = move.transform_path(outlines[(digit + step) % 10])
        axes.add_artist(PathPatch(path, facecolor=ink, edgecolor="none", clip_path=window))
    axes.imshow(
        _shade(),
        extent=(left, left + wide, bottom, bottom + tall),
        aspect="auto", origin="lower", interpolation="bilinear", zorder=3, clip_path=window,
    )  # fmt: skip


def _outlines() -> list[Path]:
    """Return the outlines of the digits, each of height 1 and centred."""
    font = FontProperties(weight="bold")
    paths = [TextPath((0, 0), str(digit), size=100, prop=font) for digit in range(10)]
    zero = paths[0].get_extents()
    return [_centred(path, zero) for path in paths]


def _centred(path: Path, zero: Any) -> Path:
    extent = path.get_extents()
    centre = (extent.x0 + extent.x1) / 2, (zero.y0 + zero.y1) / 2
    return Affine2D().translate(-centre[0], -centre[1]).scale(1 / zero.height).transform_path(path)


def _shade() -> Any:
    """Return what lies over a drum: dark towards its edges, a gleam above the middle."""
    at = np.linspace(-1, 1, ROWS)
    dark = 0.78 * np.abs(at) ** 2.6
    gleam = 0.16 * np.exp(-(((at - 0.34) / 0.2) ** 2))
    image = np.zeros((ROWS, 1, 4))
    image[:, 0, :3] = (gleam / np.maximum(gleam + dark, 1e-9))[:, None]
    image[:, 0, 3] = np.clip(gleam + dark, 0, 1)
    return image


def _legible(drum: Color, paper: Color) -> Color:
    """Return the sheet's colour where it stands out on the drum, else black or white."""
    if abs(_lightness(drum) - _lightness(paper)) > 0.35:
        return paper
    return (1.0, 1.0, 1.0) if _lightness(drum) < 0.5 else (0.1, 0.1, 0.1)


def _lightness(color: Color) -> float:
    red, green, blue = color
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _mix(color: Color, other: Color, part: float) -> Color:
    red, green, blue = (
        one * (1 - part) + two * part for one, two in zip(color, other, strict=True)
    )
    return red, green, blue
