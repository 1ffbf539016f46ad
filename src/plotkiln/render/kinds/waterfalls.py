"""Waterfalls: bars that begin where the one before ended, with their values written at them."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Patch

from plotkiln.render.boxes import Box
from plotkiln.render.kinds.bars import draw_zero
from plotkiln.render.palettes import palette_color
from plotkiln.render.plot import Floats, Numbered, Plot, numbers, xy_positions
from plotkiln.render.rcparams import RC
from plotkiln.render.rectangles import draw_rectangles
from plotkiln.render.ruler import TextStyle
from plotkiln.render.segments import draw_segments
from plotkiln.render.ticks import NumberWriting

__all__ = ["draw_waterfalls"]

#: The part of a category's room that its bar fills, and the part that its value may.
FILLED, MOST_WRITTEN = 0.7, 0.96
#: Totals lie between the background and the colour of text, by this part.
TOTAL_PART = 0.6
#: Room for values above the highest bar, as a part of all levels.
HEADROOM = 0.05
#: Between a bar and its value, in points.
GAP = 3.0
#: What tells falls from rises, also in grey.
HATCH = "///"


def draw_waterfalls(plot: Plot, group: Sequence[Numbered]) -> None:
    """Draw rises, falls and totals, joined by thin lines; a gap leaves a bar out."""
    for number, series in group:
        x, ends = xy_positions(plot, series)
        starts = numbers(series.starts or [])
        totals = np.array(series.totals or [], dtype=bool)
        _draw_bars(plot, (number, series), (x, starts, ends), totals)
        _join(plot, x, ends)
        plot.solid = True
        low, high = float(np.nanmin([starts, ends])), float(np.nanmax([starts, ends]))
        plot.occupy(x[:1], np.array([high + HEADROOM * (high - low)]))
        if low < 0:
            draw_zero(plot)
        values = np.where(totals, ends, ends - starts)
        texts = list(_texts(plot, values, totals))
        bars = np.column_stack((x, starts, ends))
        plot.finishers.append(lambda: _write(plot, texts, bars))  # noqa: B023 -- the only series of its picture


def _draw_bars(
    plot: Plot, numbered: Numbered, bars: tuple[Floats, Floats, Floats], totals: Any
) -> None:
    number, series = numbered
    x, starts, ends = bars
    rise, fall, total = _colors(plot, numbered)
    looks: tuple[tuple[Any, dict[str, Any]], ...] = (
        (~totals & (ends >= starts), {"facecolor": rise}),
        (~totals & (ends < starts), {"facecolor": fall, "hatch": HATCH}),
        (totals, {"facecolor": total}),
    )
    edge = {"edgecolor": RC["axes.facecolor"], "linewidth": 0}
    for which, look in looks:
        at, begin, end = x[which], starts[which], ends[which]
        draw_rectangles(
            plot, at - FILLED / 2, begin, at + FILLED / 2, end,
            alpha=series.alpha, zorder=plot.depth(number), **edge | look,
        )  # fmt: skip
        low, high = np.minimum(begin, end), np.maximum(begin, end)
        plot.fill(at - FILLED / 2, low, at + FILLED / 2, high)
    plot.listed(series, Patch(facecolor=rise, linewidth=0))


def _colors(plot: Plot, numbered: Numbered) -> tuple[Any, Any, Any]:
    """Return the colours of rises, falls and totals; one that is insisted on is for all changes."""
    number, series = numbered
    rise = plot.color(number, series)
    fall = palette_color(number + 1) if series.color is None else rise
    return rise, fall, _between(RC["axes.facecolor"], RC["text.color"], TOTAL_PART)


def _between(ground: Any, ink: Any, part: float) -> Any:
    """Mix two colours, so that no grid line shines through."""
    pairs = zip(to_rgb(ground), to_rgb(ink), strict=True)
    return tuple(one + (other - one) * part for one, other in pairs)


def _join(plot: Plot, x: Floats, ends: Floats) -> None:
    """Draw a line from each bar's end to the next bar."""
    known = np.flatnonzero(np.isfinite(ends))
    before, after = known[:-1], known[1:]
    draw_segments(
        plot, x[before] + FILLED / 2, ends[before], x[after] - FILLED / 2, ends[before],
        color=RC["axes.edgecolor"], linewidth=max(float(RC["axes.linewidth"]), 0.6), zorder=1.9,
    )  # fmt: skip


def _texts(plot: Plot, values: Floats, totals: Any) -> Iterator[str]:
    """Yield every value as the y axis writes it, rises with their sign; a gap as nothing."""
    writing = NumberWriting(plot.y.format, plot.text(plot.y.prefix), plot.text(plot.y.suffix))
    known = np.isfinite(values)
    written = iter(writing.write(values[known].tolist()))
    for value, is_total, is_known in zip(values, totals, known, strict=True):
        text = next(written) if is_known else ""
        yield f"+{text}" if is_known and value > 0 and not is_total else text


def _write(plot: Plot, texts: list[str], bars: Floats) -> None:
    """Write each value above or below its bar, if all of them fit."""
    style = TextStyle(plot.style("xtick.labelsize").size)
    places = _places(plot, texts, bars, style)
    if places is None:
        plot.notes.add("the values of the bars are left out: there is no room for them")
        return
    size = plot.figure.bbox
    for text, place in zip(texts, places, strict=True):
        if place is None:
            continue
        plot.written.append(place)
        x, y = (place.left + place.right) / 2, (place.bottom + place.top) / 2
        plot.figure.text(
            x / size.width, y / size.height, text, color=RC["text.color"], fontsize=style.size,
            ha="center", va="center",
        )  # fmt: skip


def _places(
    plot: Plot, texts: list[str], bars: Floats, style: TextStyle
) -> list[Box | None] | None:
    """Return the room of each value; None where one is too wide, or would leave the axes."""
    frame = plot.axes.get_window_extent()
    axes = Box(frame.x0, frame.y0, frame.x1, frame.y1)
    pitch = axes.width / max(len(bars), 1)
    places: list[Box | None] = []
    for text, bar in zip(texts, bars, strict=True):
        width, height = plot.ruler.block(text, style)
        if width > MOST_WRITTEN * pitch:
            return None
        place = _place(plot, bar, (width, height), axes) if text else None
        if text and place is None:
            return None
        places.append(place)
    return places


def _place(plot: Plot, bar: Floats, size: tuple[float, float], axes: Box) -> Box | None:
    """Return the room beyond the end of a bar, else beyond its begin."""
    at, start, end = bar
    (x, low), (_, high) = plot.axes.transData.transform([(at, start), (at, end)])
    rises, gap = high >= low, plot.ruler.pixels(GAP)
    above, below = max(low, high) + gap, min(low, high) - gap - size[1]
    for bottom in (above, below) if rises else (below, above):
        place = Box(0, 0, *size).at(x - size[0] / 2, bottom)
        if axes.grown(1).holds(place):
            return place
    return None
