"""How large a picture is: the spec's size, else the style's."""

from typing import NamedTuple

from plotkiln.spec.full import FullSpec
from plotkiln.style.models import FigureStyle, Style

__all__ = ["PictureSize", "picture_size"]


class PictureSize(NamedTuple):
    """The size of one picture."""

    #: Pixels.
    width: int
    height: int
    #: Pixels per inch.
    dpi: float


def picture_size(spec: FullSpec, style: Style) -> PictureSize:
    """Return the picture's pixels: the spec's, else the style's inches times the dpi of either."""
    figure = style.figure or FigureStyle()
    dpi, inches = spec.dpi or figure.dpi or 120.0, figure.figsize or [10.0, 6.0]
    width = spec.width or max(round(inches[0] * dpi), 1)
    height = spec.height or max(round(inches[1] * dpi), 1)
    return PictureSize(width, height, dpi)
