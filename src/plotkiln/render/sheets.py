"""The empty figure that every drawing begins with: of exactly so many pixels."""

import math

from matplotlib.figure import Figure

from plotkiln.spec.full import FullSpec
from plotkiln.style.models import Style
from plotkiln.style.sizes import picture_size

__all__ = ["blank_sheet"]


def blank_sheet(spec: FullSpec, style: Style) -> Figure:
    """Return a figure of the size that spec and style ask for, in the colours that are set."""
    width, height, dpi = picture_size(spec, style)
    return Figure((_inches(width, dpi), _inches(height, dpi)), dpi)


def _inches(pixels: int, dpi: float) -> float:
    """Return the least inches that count as so many pixels: Matplotlib cuts off fractions."""
    inches = pixels / dpi
    while int(inches * dpi) < pixels:
        inches = math.nextafter(inches, math.inf)
    return inches
