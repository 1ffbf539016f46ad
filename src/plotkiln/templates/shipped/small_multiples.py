"""Many small panels of one scale, from one table: each shows its own among all."""

import math
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator
from msgspec import Meta

from plotkiln.documents import nearest
from plotkiln.errors import Fault, RuleError
from plotkiln.spec.times import days_since_epoch, looks_like_time
from plotkiln.templates import template
from plotkiln.templates.shipped import _sheet as sheet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["small_multiples"]

Text = Annotated[str, Meta(max_length=200)]
Cell = float | str | None
Table = dict[str, list[Cell]] | list[dict[str, Cell]]

#: More panels than this are no longer small but invisible.
MOST_PANELS = 64
#: The proportions that a panel should come near to: width to height.
PROPORTION = 1.5


class Panel(NamedTuple):
    """One panel's points, in the order of x."""

    name: str
    x: Any
    y: Any


class Scale(NamedTuple):
    """What x is: numbers, times as date numbers, or categories by their places."""

    kind: str
    categories: list[str]


@template("small-multiples")
def small_multiples(
    figure: "Figure",
    *,
    #: A table: columns by name, or records.
    data: Table,
    #: The column along the bottom: numbers, ISO 8601 times, or categories.
    x: str,
    #: The column of heights; null is a gap.
    y: str,
    #: The column that says which panel a row belongs to.
    panel: str,
    #: Panels by name, by their last value (the largest first), or as they come.
    order: Literal["data", "name", "value"] = "data",
    #: Panels to point out; the others step back.
    highlight: list[str] = [],  # noqa: B006 -- copied for each call
    #: Panels in a row; as many as suit the picture where it is missing.
    columns: Annotated[int, Meta(ge=1, le=16)] | None = None,
    #: Above the drawing.
    title: Text = "",
    #: Below the title.
    subtitle: Text = "",
    #: Put after each number.
    unit: Annotated[str, Meta(max_length=20)] = "",
) -> None:
    """Draw one small panel for each name in a column, all on the same scale."""
    table = _table(data, {"x": x, "y": y, "panel": panel})
    scale, xs = _positions(table[x])
    panels = _ordered(_panels(xs, table[y], table[panel]), order)
    _check_highlight(highlight, panels)
    top = sheet.heading(figure, title, subtitle)
    grid = _grid(figure, len(panels), columns, top)
    shared = _limits(panels)
    axes = [_draw(figure, index, panels, highlight) for index in range(len(panels))]
    for one in axes:
        one.set(xlim=shared[0], ylim=shared[1])
        _ticks(one, scale, unit, grid)
    _place(figure, axes, panels, grid, top)


def _table(data: Table, wanted: dict[str, str]) -> dict[str, list[Cell]]:
    """Return the columns by name; raises `RuleError` for those that are missing or differ."""
    if isinstance(data, list):
        names = dict.fromkeys(key for record in data for key in record)
        data = {name: [record.get(name) for record in data] for name in names}
    faults = [
        Fault(f"params.{member}", f"data has no column {name}{nearest(name, data)}")
        for member, name in wanted.items()
        if name not in data
    ]
    lengths = {len(data[name]) for name in wanted.values() if name in data}
    if len(lengths) > 1:
        faults.append(Fault("params.data", "its columns differ in length: fill with null"))
    elif lengths == {0}:
        faults.append(Fault("params.data", "has no rows"))
    if faults:
        raise RuleError(faults=faults)
    return data


def _positions(values: list[Cell]) -> tuple[Scale, Any]:
    """Return what x is, and where each value stands on it; NaN for a gap."""
    types = {type(value) for value in values} - {NoneType}
    if types <= {float, int}:
        numbers = [np.nan if value is None else value for value in values]
        return Scale("number", []), np.array(numbers, dtype=float)
    texts = [None if value is None else str(value) for value in values]
    if all(looks_like_time(text) for text in texts if text is not None):
        return Scale("time", []), np.array([_day(text, at) for at, text in enumerate(texts)])
    places = {text: at for at, text in enumerate(dict.fromkeys(filter(None, texts)))}
    at = [np.nan if text is None else places.get(text, np.nan) for text in texts]
    return Scale("category", list(places)), np.array(at, dtype=float)


def _day(text: str | None, index: int) -> float:
    try:
        return np.nan if text is None else days_since_epoch(text)
    except ValueError:
        message = f"{text} names no day or hour of the calendar, in row {index + 1}"
        raise RuleError(faults=[Fault("params.data", message)]) from None


def _panels(xs: Any, heights: list[Cell], names: list[Cell]) -> list[Panel]:
    """Part the rows into panels; raises `RuleError` for heights that are text, and for too many."""
    if any(isinstance(height, str) for height in heights):
        raise RuleError(faults=[Fault("params.y", "names a column of text: heights are numbers")])
    ys = np.array([np.nan if height is None else height for height in heights], dtype=float)
    rows: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        if name is not None and np.isfinite(xs[index]):
            rows.setdefault(_name(name), []).append(index)
    if not rows or len(rows) > MOST_PANELS:
        message = f"makes {len(rows)} panels: 1 to {MOST_PANELS} can be drawn"
        raise RuleError(faults=[Fault("params.panel", message)])
    panels = []
    for name, found in rows.items():
        order = sorted(found, key=lambda index: xs[index])
        panels.append(Panel(name, xs[order], ys[order]))
    if not any(np.isfinite(panel.y).any() for panel in panels):
        raise RuleError(faults=[Fault("params.y", "names a column with nothing but gaps")])
    return panels


def _name(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _ordered(panels: list[Panel], order: str) -> list[Panel]:
    if order == "name":
        return sorted(panels, key=lambda panel: panel.name.casefold())
    if order == "value":
        return sorted(panels, key=lambda panel: -_newest(panel))
    return panels


def _newest(panel: Panel) -> float:
    known = panel.y[np.isfinite(panel.y)]
    return float(known[-1]) if known.size else -math.inf


def _check_highlight(names: list[str], panels: list[Panel]) -> None:
    known = [panel.name for panel in panels]
    faults = [
        Fault(f"params.highlight[{index}]", f"there is no panel {name}{nearest(name, known)}")
        for index, name in enumerate(names)
        if name not in known
    ]
    if faults:
        raise RuleError(faults=faults)


def _grid(figure: "Figure", count: int, columns: int | None, top: float) -> tuple[int, int]:
    """Return columns and rows: as asked, else those whose panels have the best proportions."""
    if columns is not None:
        columns = min(columns, count)
        return columns, math.ceil(count / columns)
    width, height = figure.bbox.width, max(figure.bbox.height - top, 1)

    def badness(columns: int) -> float:
        rows = math.ceil(count / columns)
        empty = (columns * rows - count) / count
        return abs(math.log(width / columns / (height / rows) / PROPORTION)) + empty

    best = min(range(1, count + 1), key=badness)
    return best, math.ceil(count / best)


def _limits(panels: list[Panel]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the limits that all panels share, a little beyond what is drawn."""
    xs = np.concatenate([panel.x for panel in panels])
    ys = np.concatenate([panel.y for panel in panels])
    return _around(xs, 0.03), _around(ys[np.isfinite(ys)], 0.1)


def _around(values: Any, part: float) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    room = (high - low) * part or abs(high) * 0.1 or 1.0
    return low - room, high + room


def _draw(figure: "Figure", index: int, panels: list[Panel], highlight: list[str]) -> Any:
    """Draw one panel: all others faintly, its own line above them, its newest value."""
    axes: Any = figure.add_axes((0, 0, 1, 1), label=str(index))
    panel = panels[index]
    faint = mpl.rcParams["axes.edgecolor"]
    for other in panels:
        if other is not panel:
            axes.plot(other.x, other.y, color=faint, alpha=0.22, linewidth=0.8, marker="none")
    stands_out = not highlight or panel.name in highlight
    color = sheet.color() if stands_out else faint
    axes.plot(panel.x, panel.y, color=color, marker="none", zorder=4)
    known = np.flatnonzero(np.isfinite(panel.y))
    if known.size:
        axes.plot(panel.x[known[-1]], panel.y[known[-1]], "o", color=color, zorder=5,
                  clip_on=False)  # fmt: skip
    return axes


def _ticks(axes: Any, scale: Scale, unit: str, grid: tuple[int, int]) -> None:
    """Set few ticks; panels are small."""
    size, space = axes.figure.bbox, sheet.margin(axes.figure)
    across = max(2, int(size.width / grid[0] / space / 4.5))
    up = max(1, min(5, int(size.height / grid[1] / space / 4)))
    axes.yaxis.set_major_locator(MaxNLocator(up))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: sheet.number(value, unit)))
    axes.grid(visible=False, axis="x")
    if scale.kind == "time":
        sheet.set_date_ticks(axes, max(1, int(size.width / grid[0] / space / 5)))
    elif scale.kind == "category":
        step = _step(axes.figure, scale.categories, size.width / grid[0] - space * 2)
        axes.xaxis.set_major_locator(FixedLocator(range(0, len(scale.categories), step)))
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda at, _: scale.categories[round(at)].replace("$", r"\$"))
        )
    else:
        axes.xaxis.set_major_locator(MaxNLocator(across))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: sheet.number(value)))


def _step(figure: "Figure", categories: list[str], width: float) -> int:
    """Return of how many categories one is named, so that the names fit side by side."""
    size = mpl.rcParams["xtick.labelsize"]
    widest = max(sheet.extent(figure, name, fontsize=size)[0] for name in categories)
    fit = max(int(width / (widest + sheet.margin(figure) * 0.8)), 1)
    return math.ceil(len(categories) / fit)


def _place(
    figure: "Figure", axes: list[Any], panels: list[Panel], grid: tuple[int, int], top: float
) -> None:
    """Place the panels below the heading, their names above them, numbers at the outer edges."""
    columns, rows = grid
    space, size = sheet.margin(figure), figure.bbox
    box = sheet.fit(figure, axes[0], top=top, right=space * 0.5)  # the room that tick labels take
    name = sheet.extent(figure, "Ág", fontweight="bold")[1] * 1.25
    gap = min(space * 1.9, box.width / columns * 0.16)
    below = min(space * 0.9, box.height / rows * 0.12)
    wide = (box.width - gap * (columns - 1)) / columns
    tall = max((box.height - (name + below) * rows + below) / rows, 1)
    for index, (one, panel) in enumerate(zip(axes, panels, strict=True)):
        column, row = index % columns, index // columns
        left = box.x0 + column * (wide + gap)
        bottom = box.y0 + (rows - 1 - row) * (tall + name + below)
        one.set_position((left / size.width, bottom / size.height, wide / size.width,
                          tall / size.height))  # fmt: skip
        last = index + columns >= len(panels)
        one.tick_params(labelleft=column == 0, labelbottom=last)
        shown = sheet.cut(figure, panel.name, wide, fontweight="bold")
        sheet.write(figure, left, bottom + tall + name * 0.2, shown, fontweight="bold",
                    va="bottom", ha="left")  # fmt: skip
