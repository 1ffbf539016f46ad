"""The formats that a figure is drawn in."""

from plotkiln.render.formats.rasters import encode_jpeg, encode_png, encode_webp
from plotkiln.render.formats.vectors import draw_pdf, draw_svg

__all__ = ["draw_pdf", "draw_svg", "encode_jpeg", "encode_png", "encode_webp"]
