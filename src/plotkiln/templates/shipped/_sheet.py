"""The sheet around a drawing: texts measured, wrapped and cut; axes that leave room for theirs."""

import math
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, num2date
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "color",
    "cut",
    "extent",
    "fit",
    "heading",
    "margin",
    "number",
    "set_date_ticks",
    "write",
]

#: Where a line may end: after a word, and after each ideograph.
_PIECES = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff]+\s*|\s+")

#: The subtitle's size, as a part of the title's.
_SUBTITLE = 0.72


def color(place: int = 0) -> Any:
    """Return a colour of the style's palette."""
    palette = mpl.rcParams["axes.prop_cycle"].by_key().get("color", ["#007ACC"])
    return palette[place % len(palette)]


def margin(figure: "Figure") -> float:
    """Return the pixels that stay free at each edge: as many as the text is high."""
    return float(mpl.rcParams["font.size"]) * figure.dpi / 72


def number(value: float, unit: str = "") -> str:
    """Write a number for people: digits in groups, six that count."""
    return f"{value:,.6g}{unit}".replace("-", "\u2212")


def extent(figure: "Figure", text: str, **font: Any) -> tuple[float, float]:
    """Return the width and the height of a text, in pixels."""
    artist = Text(0, 0, text, parse_math=False, **font)
    artist.set_figure(figure)
    canvas: Any = figure.canvas
    box = artist.get_window_extent(canvas.get_renderer())
    return float(box.width), float(box.height)


def cut(figure: "Figure", text: str, width: float, **font: Any) -> str:
    """Return a text, or as much of it as fits into so many pixels with an ellipsis."""
    text = " ".join(text.split())
    if extent(figure, text, **font)[0] <= width:
        return text
    low, high = 0, len(text)
    while low < high:  # the most characters that fit
        middle = (low + high + 1) // 2
        fits = extent(figure, f"{text[:middle].rstrip()}…", **font)[0] <= width
        low, high = (middle, high) if fits else (low, middle - 1)
    return f"{text[:low].rstrip()}…"


def write(figure: "Figure", x: float, y: float, text: str, **how: Any) -> Text:
    """Write a text at a place in pixels from the lower left corner; `$` means itself."""
    size = figure.bbox
    return figure.text(x / size.width, y / size.height, text, parse_math=False, **how)


def heading(figure: "Figure", title: str, subtitle: str = "") -> float:
    """Write title and subtitle as the style has them; return the pixels that they take."""
    edge, size = margin(figure), figure.bbox
    place = mpl.rcParams["axes.titlelocation"]
    x = {"left": edge, "center": size.width / 2, "right": size.width - edge}[place]
    large = FontProperties(size=mpl.rcParams["axes.titlesize"]).get_size_in_points()
    top = edge * 0.9
    for text, points, weight, ink in (
        (title, large, mpl.rcParams["axes.titleweight"], _title_color()),
        (subtitle, large * _SUBTITLE, "normal", mpl.rcParams["axes.labelcolor"]),
    ):
        font = {"fontsize": points, "fontweight": weight}
        shown = _wrapped(figure, text, size.width - 2 * edge, 2, font)
        if shown:
            write(figure, x, size.height - top, shown, ha=place, va="top", color=ink, **font)
            top += extent(figure, shown, **font)[1] + edge * 0.35
    return top + (edge * 0.5 if title or subtitle else 0)


def set_date_ticks(axes: Any, most: int) -> None:
    """Name round dates along the bottom, `most` of them at most, each as briefly as can be."""
    axes.set_xticks(*_dates(axes.get_xlim(), most))


@lru_cache(maxsize=16)  # many panels share one scale
def _dates(limits: tuple[float, float], most: int) -> tuple[list[float], list[str]]:
    concise: Any = ConciseDateFormatter
    locator, ticks = next(_date_ticks(limits, most))
    if len(ticks) == 1:  # of which the formatter shows the finest part alone
        return ticks, [_date(ticks[0])]
    return ticks, concise(locator, show_offset=False).format_ticks(ticks)


def _date(day: float) -> str:
    as_date: Any = num2date
    date = as_date(day)
    if (date.hour, date.minute) != (0, 0):
        return f"{date:%H:%M}"
    return f"{date:%d %b}" if date.day > 1 else f"{date:%b %Y}" if date.month > 1 else f"{date:%Y}"


def _date_ticks(limits: tuple[float, float], most: int) -> Iterator[tuple[Any, list[float]]]:
    """Yield locators with the ticks that they find, the finest first that are few enough.

    Ticks are never thinned out but for years: of every third month only the locator can choose
    those that need no year to be understood.
    """
    dates: Any = AutoDateLocator
    as_date: Any = num2date
    for finest in (*range(14, 1, -1), 1):
        locator = dates(minticks=1, maxticks=max(finest, 2))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # so few ticks that no interval suits
            values = locator.tick_values(*map(as_date, limits))
        ticks = [tick for tick in values if limits[0] <= tick <= limits[1]]
        if 0 < len(ticks) <= most:
            yield locator, ticks
    yield locator, ticks[:: max(math.ceil(len(ticks) / most), 1)]


def fit(figure: "Figure", axes: Any, *, top: float, right: float = 0) -> Any:
    """Place axes so that their ticks' labels stay within the margins; return their box in pixels.

    `top` and `right` pixels are left free besides.
    """
    size, edge = figure.bbox, margin(figure)
    canvas: Any = figure.canvas
    left, bottom = edge * 3, edge * 2
    for _ in range(2):  # other ticks may fit the second time
        across = max(size.width - left - right - edge, 1) / size.width
        up = max(size.height - bottom - top, 1) / size.height
        axes.set_position((left / size.width, bottom / size.height, across, up))
        whole, inner = axes.get_tightbbox(canvas.get_renderer()), axes.get_window_extent()
        left = edge * 0.8 + max(inner.x0 - whole.x0, 0)
        bottom = edge * 0.7 + max(inner.y0 - whole.y0, 0)
    across = max(size.width - left - right - edge, 1) / size.width
    up = max(size.height - bottom - top, 1) / size.height
    axes.set_position((left / size.width, bottom / size.height, across, up))
    return axes.get_window_extent().frozen()


def _title_color() -> Any:
    color = mpl.rcParams["axes.titlecolor"]
    return mpl.rcParams["text.color"] if color == "auto" else color


def _wrapped(figure: "Figure", text: str, width: float, lines: int, font: dict[str, Any]) -> str:
    """Break a text into so many lines at most; what is left over is cut."""
    rows = [""]
    pieces = _PIECES.findall(" ".join(text.split()))
    for index, piece in enumerate(pieces):
        if extent(figure, (rows[-1] + piece).rstrip(), **font)[0] <= width or not rows[-1]:
            rows[-1] += piece
        elif len(rows) < lines:
            rows.append(piece)
        else:
            rows[-1] += "".join(pieces[index:])
            break
    return "\n".join(cut(figure, row, width, **font) for row in rows if row.strip())
