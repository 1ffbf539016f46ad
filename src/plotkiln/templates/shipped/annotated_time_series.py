"""A line over time with what happened, each event named where there is room for its name."""

import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import matplotlib as mpl
import msgspec
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator
from msgspec import Meta

from plotkiln.errors import Fault, RuleError
from plotkiln.spec.times import days_since_epoch
from plotkiln.templates import template
from plotkiln.templates.shipped import _sheet as sheet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Event", "Label", "annotated_time_series", "arranged"]

Text = Annotated[str, Meta(max_length=200)]

#: Names of events take at most this part of the height below the heading.
MOST_HEIGHT = 0.4
#: A name wider than this part of the picture is cut.
WIDEST_NAME = 0.3


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What happened, and when."""

    #: ISO 8601.
    time: str
    #: A few words.
    label: Text


#: Where an event is, how wide its name, between which limits, how many lanes, how far apart.
Spot = tuple[float, float, tuple[float, float], int, float]


class Label(NamedTuple):
    """Where the name of an event stands: pixels across, lanes up from the axes."""

    left: float
    right: float
    lane: int
    #: Where its line goes up.
    at: float

    def meets(self, other: "Label") -> bool:
        """Tell whether the two names meet, or one's line and the other's name."""
        if self.lane == other.lane:
            return self.left < other.right and other.left < self.right
        low, high = sorted((self, other), key=lambda label: label.lane)
        return low.left < high.at < low.right


#: Yields the places of a name, low ones first.
Side = Callable[[float, float, tuple[float, float], int, float], Iterator[Label]]


@template("annotated-time-series")
def annotated_time_series(
    figure: "Figure",
    *,
    #: Days or moments in ISO 8601, in any order.
    times: Annotated[list[str], Meta(min_length=2)],
    #: One number for each time; null is a gap.
    values: list[float | None],
    #: What happened; names never overlap.
    events: Annotated[list[Event], Meta(max_length=100)] = [],  # noqa: B006 -- copied for each call
    #: Above the drawing.
    title: Text = "",
    #: Below the title.
    subtitle: Text = "",
    #: Put after each number.
    unit: Annotated[str, Meta(max_length=20)] = "",
    #: Whether the area between the line and zero is filled.
    fill: bool = False,
) -> None:
    """Draw a line over time, and name what happened along it."""
    days, heights = _points(times, values)
    axes: Any = figure.add_axes((0, 0, 1, 1))
    _draw_line(axes, days, heights, fill=fill)
    _scale(axes, days, heights, unit, from_zero=fill)
    last = sheet.number(_rounded(heights[np.isfinite(heights)][-1], heights), unit)
    right = sheet.extent(figure, last, fontweight="bold")[0] + sheet.margin(figure) * 0.4
    top = sheet.heading(figure, title, subtitle)
    box = sheet.fit(figure, axes, top=top, right=right)
    labels = _labels(figure, axes, events, box, MOST_HEIGHT * (figure.bbox.height - top))
    lane = _lane(figure)
    used = max((label.lane for _, _, label in labels), default=-1) + 1
    room = (used + 0.5) * lane if used else 0
    box = sheet.fit(figure, axes, top=top + room, right=right)
    for day, text, label in labels:
        _draw_event(figure, axes, (day, float(_height_at(day, days, heights))), text, label)
    _draw_last(axes, days, heights, last)


def _points(times: list[str], values: list[float | None]) -> tuple[Any, Any]:
    """Return date numbers and heights in the order of time; raises `RuleError`."""
    if len(times) != len(values):
        counts = f"has {len(values)} values, params.times has {len(times)}"
        raise RuleError(faults=[Fault("params.values", f"{counts}: they must be as many")])
    days = _days(times, "params.times[{}]")
    heights = np.array([np.nan if value is None else value for value in values])
    if not np.isfinite(heights).any():
        raise RuleError(faults=[Fault("params.values", "has nothing but gaps")])
    order = np.argsort(days, kind="stable")
    return days[order], heights[order]


def _days(times: Sequence[str], path: str) -> Any:
    """Return ISO 8601 times as Matplotlib's date numbers; raises `RuleError` with every fault."""
    days, faults = [], []
    for index, time in enumerate(times):
        try:
            days.append(days_since_epoch(time))
        except ValueError:
            message = "is not a time: write it as 2026-03-01 or 2026-03-01T12:30:00Z"
            faults.append(Fault(path.format(index), message))
    if faults:
        raise RuleError(faults=faults[:100])
    return np.array(days, dtype=float)


def _draw_line(axes: Any, days: Any, heights: Any, *, fill: bool) -> None:
    if fill:
        axes.fill_between(days, heights, color=sheet.color(), alpha=0.15, linewidth=0)
    axes.plot(days, heights, color=sheet.color(), marker="none", zorder=3)


def _scale(axes: Any, days: Any, heights: Any, unit: str, *, from_zero: bool) -> None:
    """Set limits and ticks: few, round, numbers in groups."""
    low, high = float(np.nanmin(heights)), float(np.nanmax(heights))
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    room = (high - low or abs(high) or 1.0) * 0.08
    axes.set_ylim(
        low if from_zero and low == 0 else low - room,
        high if from_zero and high == 0 else high + room,
    )
    axes.set_xlim(days[0], days[-1] if days[-1] > days[0] else days[0] + 1)
    size = axes.figure.bbox
    space = sheet.margin(axes.figure)
    sheet.set_date_ticks(axes, max(1, int(size.width / space / 7)))
    axes.yaxis.set_major_locator(MaxNLocator(max(2, min(6, int(size.height / space / 4.5)))))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: sheet.number(value, unit)))
    axes.grid(visible=False, axis="x")


def _labels(
    figure: "Figure", axes: Any, events: list[Event], box: Any, height: float
) -> list[tuple[float, str, Label]]:
    """Find a place, `height` pixels high, for the names of events; warn of those without one."""
    low, high = axes.get_xlim()
    days = _days([event.time for event in events], "params.events[{}].time")
    named = sorted(zip(days.tolist(), (event.label for event in events), strict=True))
    inside = [(day, text) for day, text in named if low <= day <= high]
    _warn(len(named) - len(inside), "outside of the times")
    font = {"fontsize": mpl.rcParams["ytick.labelsize"]}
    most = WIDEST_NAME * figure.bbox.width
    texts = [sheet.cut(figure, text, most, **font) for _, text in inside]
    widths = [sheet.extent(figure, text, **font)[0] for text in texts]
    places = [box.x0 + (day - low) / (high - low) * box.width for day, _ in inside]
    lane, edge = _lane(figure), sheet.margin(figure) * 0.5
    lanes = max(int(height / lane), 1)
    found = arranged(places, widths, (edge, figure.bbox.width - edge), lanes, lane * 0.3)
    _warn(found.count(None), "without room for their names")
    days_and_texts = zip(inside, texts, found, strict=True)
    return [(day, text, label) for (day, _), text, label in days_and_texts if label]


def arranged(
    places: Sequence[float],
    widths: Sequence[float],
    limits: tuple[float, float],
    lanes: int,
    gap: float,
) -> list[Label | None]:
    """Find where each name stands, in pixels, beside its line, in as few lanes as will do.

    `places` rise; names stay between the `limits`, `gap` pixels from each other. None stands for a
    name that meets another wherever it is put.
    """
    found: list[Label | None] = [None] * len(places)
    for most in range(1, lanes + 1):
        for sides in ((_beyond, _before), (_before, _beyond)):
            spots = [
                (at, width, limits, most, gap) for at, width in zip(places, widths, strict=True)
            ]
            other = _arranged(spots, sides)
            if other.count(None) < found.count(None):
                found = other
        if None not in found:
            break
    return found


def _arranged(spots: Sequence[Spot], sides: Sequence[Side]) -> list[Label | None]:
    """Put every name on one side of its line, then those that found no place on the other."""
    found: list[Label | None] = [None] * len(spots)
    for side in sides:
        # Names beyond their lines keep apart when the last is lowest; those before, the first.
        order = range(len(spots))
        for index in reversed(order) if side is _beyond else order:
            if found[index] is None:
                taken = [label for label in found if label]
                free = (
                    label
                    for label in side(*spots[index])
                    if not any(label.meets(other) for other in taken)
                )
                found[index] = next(free, None)
    return found


def _beyond(
    at: float, width: float, limits: tuple[float, float], lanes: int, gap: float
) -> Iterator[Label]:
    """Yield the places of a name to the right of its line, low ones first."""
    if limits[0] <= at and at + width <= limits[1]:
        for lane in range(lanes):
            yield Label(at - gap / 2, at + width + gap / 2, lane, at)


def _before(
    at: float, width: float, limits: tuple[float, float], lanes: int, gap: float
) -> Iterator[Label]:
    """Yield the places of a name to the left of its line, and in the middle."""
    for lane in range(lanes):
        for left in (at - width, at - width / 2):
            if limits[0] <= left and left + width <= limits[1]:
                yield Label(left - gap / 2, left + width + gap / 2, lane, at)


def _draw_event(
    figure: "Figure", axes: Any, point: tuple[float, float], text: str, label: Label
) -> None:
    """Draw one event: its line through the axes up to its name, and a ring on the series."""
    size, box, lane = figure.bbox, axes.get_window_extent(), _lane(figure)
    color = mpl.rcParams["axes.labelcolor"]
    across = axes.transData.transform(point)[0]
    base = box.y1 + (label.lane + 0.35) * lane
    foot = axes.transData.transform(point)[1]
    stem = [foot / size.height, (base - lane * 0.12) / size.height]
    line = Line2D([across / size.width] * 2, stem, color=color, linewidth=0.9, alpha=0.5,
                  marker="none", linestyle="-", zorder=2)  # fmt: skip
    figure.add_artist(line)
    font = mpl.rcParams["ytick.labelsize"]
    middle = (label.left + label.right) / 2
    sheet.write(figure, middle, base, text, color=color, fontsize=font, ha="center", va="bottom")
    paper = mpl.rcParams["axes.facecolor"]
    axes.plot(*point, "o", markerfacecolor=paper, markeredgecolor=sheet.color(), zorder=4,
              markeredgewidth=1.6, clip_on=False)  # fmt: skip


def _draw_last(axes: Any, days: Any, heights: Any, text: str) -> None:
    """Mark the newest value."""
    at = np.flatnonzero(np.isfinite(heights))[-1]
    axes.plot(days[at], heights[at], "o", color=sheet.color(), zorder=5, clip_on=False)
    axes.annotate(
        text, (days[at], heights[at]), xytext=(0.5, 0), textcoords="offset fontsize",
        color=sheet.color(), fontweight="bold", va="center", annotation_clip=False,
        parse_math=False,
    )  # fmt: skip


def _rounded(value: float, heights: Any) -> float:
    """Round a value to a hundredth of the range that is shown: nobody can see more."""
    span = float(np.nanmax(heights) - np.nanmin(heights))
    return round(value, max(2 - math.floor(math.log10(span)), 0)) if span else value


def _height_at(day: float, days: Any, heights: Any) -> Any:
    known = np.isfinite(heights)
    return np.interp(day, days[known], heights[known])


def _lane(figure: "Figure") -> float:
    """Return the pixels from one lane of names to the next."""
    size = mpl.rcParams["ytick.labelsize"]
    return sheet.extent(figure, "Ág", fontsize=size)[1] * 1.3


def _warn(count: int, where: str) -> None:
    if count:
        warnings.warn(f"{count} of the events are {where}", stacklevel=2)
