"""The colour bar: what the colours of cells, areas and points stand for."""

from dataclasses import dataclass

from matplotlib.colorbar import Colorbar

from plotkiln.render.boxes import Box
from plotkiln.render.frames import tick_reach
from plotkiln.render.plot import Plot
from plotkiln.render.rcparams import RC
from plotkiln.render.ticks import LinearScale, NumberWriting, Ticks, fit_vertical

__all__ = ["ColorBar", "draw_color_bar", "fit_color_bar"]

#: Its breadth, and the gap to the axes, in em of the tick labels.
BREADTH_EM = 1.1
GAP_EM = 1.3


@dataclass(frozen=True, slots=True)
class ColorBar:
    """The room that the colour bar takes at the right of the axes, in pixels."""

    gap: float
    breadth: float
    #: Of its tick labels, with their distance.
    labels: float

    @property
    def width(self) -> float:
        """All of it."""
        return self.gap + self.breadth + self.labels


def fit_color_bar(plot: Plot, height: float) -> ColorBar | None:
    """Return the room for the colour bar of axes of about that height; None where there is none."""
    if plot.mappable is None:
        return None
    em = plot.ruler.pixels(plot.style("ytick.labelsize").size)
    labels = _ticks(plot, height).thickness + tick_reach(plot, "ytick")
    return ColorBar(GAP_EM * em, BREADTH_EM * em, labels)


def draw_color_bar(plot: Plot, bar: ColorBar, axes: Box) -> None:
    """Draw the colour bar beside the axes, as high as they are."""
    if plot.mappable is None:
        return
    picture = plot.figure.bbox
    left = axes.right + bar.gap
    place = (left / picture.width, axes.bottom / picture.height,
             bar.breadth / picture.width, axes.height / picture.height)  # fmt: skip
    beside = plot.figure.add_axes(place)
    drawn = Colorbar(beside, plot.mappable, alpha=1, spacing="proportional")
    drawn.outline.set_visible(False)
    ticks = _ticks(plot, axes.height)
    beside.grid(visible=False)
    beside.yaxis.set_ticks(list(ticks.positions), labels=list(ticks.labels))
    beside.yaxis.set_ticks([], minor=True)
    beside.yaxis.set_tick_params(color=RC["ytick.color"], which="major")


def _ticks(plot: Plot, height: float) -> Ticks:
    scale = plot.shades or _range(plot)
    return fit_vertical(scale, max(height, 1), plot.style("ytick.labelsize"), plot.ruler)


def _range(plot: Plot) -> LinearScale:
    low, high = plot.mappable.get_clim() if plot.mappable else (None, None)
    low, high = (0.0, 1.0) if low is None or high is None else (float(low), float(high))
    if low == high:  # Matplotlib widens a single value into a range
        low, high = low - 0.1 * abs(low), high + 0.1 * abs(high)
    return LinearScale(low, high, NumberWriting())
