"""The watermark: text laid over the whole picture."""

from plotkiln.render.mathtext import clean, escaped
from plotkiln.render.plot import Plot
from plotkiln.render.rcparams import RC
from plotkiln.render.ruler import TextStyle
from plotkiln.style.models import Watermark

__all__ = ["draw_watermark"]

#: Above everything else.
TOPMOST = 1e6
#: A watermark takes at most this part of the picture's width and height.
MOST_SIDE = 0.98


def draw_watermark(plot: Plot, mark: Watermark | None) -> None:
    """Write the watermark centred at its fractions of the picture, and wholly within it.

    One that is larger than the picture shrinks; one too near an edge moves inward.
    """
    text = escaped(clean(mark.text or "")).strip() if mark else ""
    if mark is None or not text:
        return
    rotation, size = _or(mark.rotation, 30.0), _or(mark.fontsize, 40.0)
    picture = plot.figure.bbox
    extent = plot.ruler.block(text, TextStyle(size), rotation)
    sides = (extent[0] / picture.width, extent[1] / picture.height)
    scale = min(1.0, MOST_SIDE / max(sides))
    x, y = (
        min(max(_or(at, 0.5), side * scale / 2), 1 - side * scale / 2)
        for at, side in zip((mark.x, mark.y), sides, strict=True)
    )
    plot.figure.text(
        x, y, text,
        fontsize=size * scale,
        color=mark.color or RC["text.color"],
        alpha=_or(mark.alpha, 0.2),
        rotation=rotation,
        ha="center", va="center", zorder=TOPMOST,
    )  # fmt: skip


def _or(value: float | None, other: float) -> float:
    return other if value is None else value
