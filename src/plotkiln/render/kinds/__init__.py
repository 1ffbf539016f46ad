"""How each kind of series is drawn."""

from collections.abc import Callable, Mapping, Sequence

from plotkiln.render.kinds.areas import draw_areas
from plotkiln.render.kinds.bars import draw_bars
from plotkiln.render.kinds.boxes import draw_boxes
from plotkiln.render.kinds.candlesticks import draw_candlesticks
from plotkiln.render.kinds.contours import draw_contours
from plotkiln.render.kinds.errorbars import draw_errorbars
from plotkiln.render.kinds.heatmaps import draw_heatmaps
from plotkiln.render.kinds.hexbins import draw_hexbins
from plotkiln.render.kinds.histograms import draw_histograms
from plotkiln.render.kinds.lines import draw_lines, draw_steps
from plotkiln.render.kinds.pies import draw_pies
from plotkiln.render.kinds.rounds import draw_polars, draw_radars
from plotkiln.render.kinds.scatters import draw_scatters
from plotkiln.render.kinds.violins import draw_violins
from plotkiln.render.kinds.waterfalls import draw_waterfalls
from plotkiln.render.plot import Numbered, Plot
from plotkiln.spec.models import Kind

__all__ = ["KINDS", "draw_series"]

#: Each draws all series of its kind together: bars share their room, histograms their bins.
KINDS: Mapping[Kind, Callable[[Plot, Sequence[Numbered]], None]] = {
    "line": draw_lines,
    "step": draw_steps,
    "scatter": draw_scatters,
    "bar": draw_bars,
    "area": draw_areas,
    "errorbar": draw_errorbars,
    "candlestick": draw_candlesticks,
    "histogram": draw_histograms,
    "box": draw_boxes,
    "violin": draw_violins,
    "heatmap": draw_heatmaps,
    "contour": draw_contours,
    "hexbin": draw_hexbins,
    "waterfall": draw_waterfalls,
    "polar": draw_polars,
    "radar": draw_radars,
    "pie": draw_pies,
}


def draw_series(plot: Plot) -> None:
    """Draw all series; they are numbered in the spec's order, the first at the back."""
    for one in plot.both:
        groups: dict[Kind, list[Numbered]] = {}
        for number, series in plot.numbered:
            if series.axis == one.side:
                groups.setdefault(series.kind, []).append((number, series))
        for kind, group in groups.items():
            KINDS[kind](one, group)
    order = {plot.named(series): number for number, series in plot.numbered if series.name}
    plot.entries.sort(key=lambda entry: order.get(entry.name, len(order)))
