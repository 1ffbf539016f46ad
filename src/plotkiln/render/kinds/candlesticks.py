"""Candlesticks: hollow where a price rose, filled where it fell."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Patch

from plotkiln.render.kinds.bars import least_pitch
from plotkiln.render.plot import Floats, Numbered, Plot, numbers, positions
from plotkiln.render.rcparams import RC
from plotkiln.render.rectangles import draw_rectangles
from plotkiln.render.segments import draw_segments

__all__ = ["draw_candlesticks"]

#: The part of the room between two candles that they fill.
FILLED = 0.68
#: The width of outlines and wicks as a part of the style's lines; never more than this part of a
#: candle, so that hollow ones are seen to be hollow.
STROKE = 0.6
MOST_OF_CANDLE = 0.25
LEAST_STROKE = 0.25


def draw_candlesticks(plot: Plot, group: Sequence[Numbered]) -> None:
    """Draw the candles of all series side by side; one that lacks a price is left out."""
    places = [positions(series.x, plot.x) if series.x else np.empty(0) for _, series in group]
    width = FILLED * least_pitch(places) / len(group)
    for place, (numbered, x) in enumerate(zip(group, places, strict=True)):
        shift = (place - (len(group) - 1) / 2) * width
        _draw(plot, numbered, x + shift, width)
    plot.solid = True


def _draw(plot: Plot, numbered: Numbered, x: Floats, width: float) -> None:
    number, series = numbered
    opened, high, low, closed = (
        numbers(column or []) for column in (series.open, series.high, series.low, series.close)
    )
    known = np.isfinite(x) & np.isfinite(opened + high + low + closed)
    rose = closed >= opened
    drawn: list[Any] = []
    rising, falling = _colors(plot, numbered)
    looks = ((rose, rising, RC["axes.facecolor"]), (~rose, falling, falling))
    for which, color, face in looks:
        chosen = known & which
        if not chosen.any():
            continue
        at, bottom = x[chosen], np.minimum(opened, closed)[chosen]
        top = np.maximum(opened, closed)[chosen]
        look = {"alpha": series.alpha, "zorder": plot.depth(number)}
        for start, stop in ((low[chosen], bottom), (top, high[chosen])):
            drawn.append(draw_segments(plot, at, start, at, stop, color=color, **look))
        left, right = at - width / 2, at + width / 2
        body = draw_rectangles(
            plot, left, bottom, right, top, facecolor=face, edgecolor=color, **look
        )
        drawn.append(body)
        plot.fill(left, low[chosen], right, high[chosen])
    plot.finishers.append(partial(_set_strokes, plot, drawn, width))
    handle = Patch(facecolor=RC["axes.facecolor"], edgecolor=rising, alpha=series.alpha)
    plot.listed(series, handle)


def _colors(plot: Plot, numbered: Numbered) -> tuple[Any, Any]:
    """Return the colours of rising and of falling candles.

    Those that fall have the colour of text, which is never that of another series, unless the spec
    insists on one colour: hollow and filled tell the two apart also in grey.
    """
    number, series = numbered
    rising = plot.color(number, series)
    if series.color is not None:
        return rising, rising
    return rising, to_rgba(RC["text.color"])


def _set_strokes(
    plot: Plot, drawn: Sequence[LineCollection | PolyCollection], width: float
) -> None:
    """Make outlines and wicks as thin as the candles need, once their pixels are known."""
    (left, _), (right, _) = plot.axes.transData.transform([(0, 0), (width, 0)])
    candle = abs(right - left) * 72 / plot.figure.dpi
    stroke = min(float(RC["lines.linewidth"]) * STROKE, candle * MOST_OF_CANDLE)
    for artist in drawn:
        artist.set_linewidth(max(stroke, LEAST_STROKE))
