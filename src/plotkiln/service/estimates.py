"""How long a drawing will take: estimated from the spec, known from what it took before."""

from collections import OrderedDict, deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple

from plotkiln.service.plans import Plan
from plotkiln.spec.full import FullSeries, FullSpec
from plotkiln.spec.models import Format, Kind
from plotkiln.style.models import Style
from plotkiln.style.sizes import picture_size

__all__ = ["Estimates", "KnownTimes", "TemplateTimes", "estimated_seconds"]


class _Cost(NamedTuple):
    """What one thing costs in each family of formats."""

    raster: float
    svg: float
    pdf: float


# All costs are processor time on one core of an x86-64 server (Python 3.11, Matplotlib 3.11), as
# bench/bench_estimates.py measures it; run it to compare. What an element costs depends on data,
# by a factor of five or so: a noisy line costs more than a smooth one, and so do noisy contours.

#: Milliseconds for a picture with next to nothing in it.
_BASE = _Cost(28, 20, 60)

#: Microseconds for a point, a cell, a bar of a series; behind each the seconds that were measured,
#: of PNG where nothing else is said.
_ELEMENT: Mapping[Kind, _Cost] = {
    "line": _Cost(1.5, 0.4, 1.5),  # a million: 0.27 s smooth, 1.4 s noisy
    "step": _Cost(1.5, 0.4, 1.5),  # 300 000: 0.95, SVG 0.11
    "area": _Cost(2.5, 1, 3.5),  # a million 0.83; 300 000 noisy 2.1, SVG 0.34
    "scatter": _Cost(0.6, 7, 8),  # 300 000: 0.20, SVG 1.9
    "bar": _Cost(5.5, 27, 24),  # 100 000: 0.43 to 0.58, SVG 2.9, PDF 2.4
    "errorbar": _Cost(7, 55, 44),  # 50 000: 0.45, SVG 2.8
    "candlestick": _Cost(11, 91, 75),  # 30 000: 0.36, SVG 2.8, PDF 2.7
    "histogram": _Cost(0.05, 0.05, 0.05),  # a million: 0.08
    "box": _Cost(0.1, 0.1, 0.1),  # 100 000: 0.03
    "violin": _Cost(0.1, 0.1, 0.1),  # 300 000: 0.06
    "heatmap": _Cost(0.3, 0.3, 0.5),  # a million: 0.33
    "contour": _Cost(4, 4, 4),  # 250 000: 0.1 smooth, 2.7 noise, 6.2 lines of noise
    "hexbin": _Cost(0.2, 0.2, 0.3),  # 300 000: 0.10, SVG 0.11
    "waterfall": _Cost(290, 230, 300),  # 1 000: 0.32, SVG 0.25
    "polar": _Cost(4, 8, 8.5),  # 100 000: 0.29 to 0.44, SVG 0.88
    "radar": _Cost(500, 600, 700),  # 1 000: 0.52, SVG 0.64
    "pie": _Cost(1_000, 750, 1_000),  # 1 000: 1.0, SVG 0.74
}

#: Microseconds for a scatter's point that has a size or a colour of its own. 200 000: SVG 9.0 s.
_VARIED = _Cost(3.1, 42, 54)

#: Microseconds for a cell of a heatmap that is a path of its own in SVG and PDF; more of them than
#: these are one image.
_PATH = _Cost(0.5, 35, 45)
_MOST_PATHS = 10_000

#: Milliseconds for each series, and for the name of one in the legend. 200: 0.12 s, named 0.43 s.
_SERIES, _LEGEND = 0.5, 1.6

#: Milliseconds for each panel, each category of an axis, each remark. 36 panels: 0.39 s; 1 000 bars
#: over categories: 0.38 to 0.43 s; 200 remarks: 0.22 to 0.26 s.
_PANEL, _CATEGORY, _REMARK = 10.0, 0.4, 1.0

#: Nanoseconds for each pixel. 25 million: PNG 0.5 s, WebP 0.8 to 1.3 s, JPEG 0.2 s.
_PIXEL: Mapping[Format, float] = {"png": 18, "webp": 50, "jpeg": 9, "svg": 0, "pdf": 0}

#: Seconds from which the time of a drawing is worth remembering.
_REMEMBERED = 1.0

#: How much longer than its budget a drawing is thought to take that has spent it.
_BEYOND = 1.5

#: Seconds that a drawing is estimated at from which it tells how fast this machine is, and how many
#: of them it takes to judge by.
_TELLING, _FEW = 0.2, 5


def estimated_seconds(
    full: FullSpec,
    style: Style,
    format: Format,  # noqa: A002 -- the field's word
) -> float:
    """Estimate the processor time of a chart, from its kinds, elements, texts, panels and pixels.

    0 for what a template draws: nobody can tell by its parameters.
    """
    if full.template is not None:
        return 0.0
    width, height, _ = picture_size(full, style)
    elements = sum(_elements(one, format) for one in _all_series(full))
    around = _BASE[_family(format)] + _around(full)
    return around / 1e3 + elements / 1e6 + width * height * _PIXEL[format] / 1e9


def _all_series(full: FullSpec) -> Iterator[FullSeries]:
    yield from full.series
    for panel in full.panels:
        yield from panel.series


def _around(full: FullSpec) -> float:
    """Return the milliseconds for all but the elements of series."""
    panels = max(len(full.panels), 1)
    series = list(_all_series(full))
    named = {one.name for one in series if one.name}
    legend = 0 if full.legend is False else len(named)
    axes = [full.x_axis, full.y_axis, *(panel.x_axis for panel in full.panels)]
    categories = sum(len(axis.categories or ()) for axis in axes if axis)
    remarks = len(full.annotations) * panels
    return (
        len(series) * _SERIES
        + legend * _LEGEND
        + len(full.panels) * _PANEL
        + categories * _CATEGORY
        + remarks * _REMARK
    )


def _elements(series: FullSeries, format: Format) -> float:  # noqa: A002
    """Return the microseconds for the elements of one series."""
    family = _family(format)
    if series.cells is not None:
        count = sum(map(len, series.cells))
        paths = series.kind == "heatmap" and count <= _MOST_PATHS
        return count * (_PATH if paths else _ELEMENT[series.kind])[family]
    column = series.x or series.y
    count = len(column.values) if column else 0
    varied = series.shade is not None or isinstance(series.size, list)
    return count * (_VARIED if varied else _ELEMENT[series.kind])[family]


def _family(format: Format) -> int:  # noqa: A002
    """Return which of a cost's numbers a format has."""
    return {"svg": 1, "pdf": 2}.get(format, 0)


class KnownTimes:
    """What single drawings took, in seconds; those unused for longest are forgotten."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, float] = OrderedDict()

    def get(self, key: Hashable) -> float | None:
        """Return how long a drawing took, None where nobody knows."""
        seconds = self._known.get(key)
        if seconds is not None:
            self._known.move_to_end(key)
        return seconds

    def put(self, key: Hashable, seconds: float) -> None:
        """Remember how long a drawing took, or a bound of it."""
        self._known[key] = seconds
        self._known.move_to_end(key)
        if len(self._known) > self._most:
            self._known.popitem(last=False)


class TemplateTimes:
    """What the last drawings of each template took, by its code."""

    def __init__(self, most: int = 1_000, drawings: int = 9) -> None:
        """Remember so many templates, and of each so many drawings."""
        self._most = most
        self._drawings = drawings
        self._taken: OrderedDict[Hashable, deque[float]] = OrderedDict()

    def seconds(self, template: Hashable) -> float:
        """Return what half of them took at most; 0 for one that has drawn nothing yet."""
        taken = self._taken.get(template)
        return _median(taken) if taken else 0.0

    def put(self, template: Hashable, seconds: float) -> None:
        """Note one more drawing."""
        taken = self._taken.setdefault(template, deque(maxlen=self._drawings))
        self._taken.move_to_end(template)
        taken.append(seconds)
        if len(self._taken) > self._most:
            self._taken.popitem(last=False)


class Estimates:
    """What this process expects of drawings; see `Expectations`.

    A drawing that took long, or spent its budget, is known by its spec, look and format. A template
    is judged by what it took before. Any other chart is estimated, times how slow this machine has
    shown to be.
    """

    def __init__(self) -> None:
        self._known = KnownTimes()
        self._templates = TemplateTimes()
        self._paces: deque[float] = deque(maxlen=31)

    @property
    def pace(self) -> float:
        """How many times as long as estimated the last drawings took, from 1 to 5."""
        return min(max(_median(self._paces), 1.0), 5.0) if len(self._paces) >= _FEW else 1.0

    def seconds(self, plan: Plan, full: FullSpec) -> float:
        """Return how long a drawing is thought to take; 0 where nobody can tell."""
        known = self._known.get(_drawing(plan))
        if known is not None:
            return known
        if plan.template is not None:
            return self._templates.seconds((plan.template.name, plan.template.key))
        return estimated_seconds(full, plan.look.style, plan.format) * self.pace

    def took(self, plan: Plan, full: FullSpec, seconds: float) -> None:
        """Note how long one took."""
        self._note(plan, seconds)
        estimate = estimated_seconds(full, plan.look.style, plan.format)
        if estimate >= _TELLING:
            self._paces.append(seconds / estimate)

    def spent(self, plan: Plan, budget: float) -> None:
        """Note that one was ended after so many seconds."""
        self._note(plan, budget * _BEYOND)

    def _note(self, plan: Plan, seconds: float) -> None:
        drawing = _drawing(plan)
        if seconds >= _REMEMBERED or self._known.get(drawing) is not None:
            self._known.put(drawing, seconds)
        if plan.template is not None:
            self._templates.put((plan.template.name, plan.template.key), seconds)


def _median(some: Sequence[float]) -> float:
    """Return the median, without `statistics`, which would cost each cold start a millisecond."""
    ordered, half = sorted(some), len(some) // 2
    return ordered[half] if len(some) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _drawing(plan: Plan) -> Hashable:
    """Return what a drawing takes its time by; not its digest, which a new release changes."""
    code = plan.template.key if plan.template else ""
    return (plan.spec_digest, plan.look.digest, plan.format, code)
