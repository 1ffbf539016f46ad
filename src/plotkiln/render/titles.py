"""The title and the subtitle: wrapped, shrunk a little, and only then cut."""

from dataclasses import dataclass

from plotkiln.render.boxes import Box
from plotkiln.render.plot import Plot
from plotkiln.render.rcparams import RC
from plotkiln.render.wrapping import Fitted, fit

__all__ = ["Heading", "draw_heading", "fit_heading"]

#: Lines that each may take.
TITLE_LINES = 3
SUBTITLE_LINES = 3
#: The part of the picture's height that both may take together.
MOST_HEIGHT = 0.4
#: The subtitle's size, as a part of the title's; never above the text's own size.
SUBTITLE_SCALE = 0.78


@dataclass(frozen=True, slots=True)
class Heading:
    """The texts over the axes, and the pixels they take, with the gap beneath."""

    title: Fitted | None
    subtitle: Fitted | None
    height: float


def fit_heading(plot: Plot, width: float) -> Heading:
    """Fit title and subtitle into `width` pixels; what is cut is a warning."""
    for lines in (TITLE_LINES, 2, 1):
        heading = _fit(plot, width, lines)
        if heading.height <= MOST_HEIGHT * plot.figure.bbox.height:
            break
    for name, fitted in (("title", heading.title), ("subtitle", heading.subtitle)):
        if fitted and fitted.cut:
            plot.notes.add(f"the {name} is cut: it is too long for the picture")
    return heading


def draw_heading(plot: Plot, heading: Heading, body: Box, axes: Box) -> None:
    """Write the heading at the top of `body`, centred over the axes or flush with an edge."""
    texts = ((heading.title, _title_color()), (heading.subtitle, RC["text.color"]))
    shown = [(fitted, color) for fitted, color in texts if fitted]
    sizes = [plot.ruler.block(fitted.text, fitted.style) for fitted, _ in shown]
    place = _anchor(body, axes, max((width for width, _ in sizes), default=0))
    top, picture = body.top, plot.figure.bbox
    for (fitted, color), (_, height) in zip(shown, sizes, strict=True):
        plot.figure.text(
            place / picture.width, top / picture.height, fitted.text, color=color, va="top",
            ha=RC["axes.titlelocation"], fontsize=fitted.style.size,
            fontweight=fitted.style.weight,
        )  # fmt: skip
        top -= height + _gap(plot)


def _fit(plot: Plot, width: float, lines: int) -> Heading:
    style = plot.style("axes.titlesize", "axes.titleweight")
    title = (
        fit(plot.text(plot.spec.title), style, width, lines, plot.ruler)
        if plot.spec.title
        else None
    )
    subtitle = None
    if plot.spec.subtitle:
        least = min(style.size * SUBTITLE_SCALE, plot.ruler.size(RC["font.size"]))
        below = type(style)(least)
        subtitle = fit(
            plot.text(plot.spec.subtitle), below, width, min(lines, SUBTITLE_LINES), plot.ruler
        )
    shown = [fitted for fitted in (title, subtitle) if fitted]
    height = sum(plot.ruler.block(fitted.text, fitted.style)[1] for fitted in shown)
    gaps = _gap(plot) * max(len(shown) - 1, 0) + (_gap_below(plot) if shown else 0)
    return Heading(title, subtitle, height + gaps)


def _anchor(body: Box, axes: Box, width: float) -> float:
    """Return where texts of that width are anchored; centred ones stay within the picture."""
    alignment = RC["axes.titlelocation"]
    if alignment == "left":
        return body.left
    if alignment == "right":
        return body.right
    centre = (axes.left + axes.right) / 2
    return min(max(centre, body.left + width / 2), body.right - width / 2)


def _title_color() -> str:
    color: str = RC["axes.titlecolor"]
    return RC["text.color"] if color == "auto" else color


def _gap(plot: Plot) -> float:
    return plot.ruler.pixels(0.15 * plot.ruler.size(RC["axes.titlesize"]))


def _gap_below(plot: Plot) -> float:
    return plot.ruler.pixels(0.6 * plot.ruler.size(RC["axes.titlesize"]))
