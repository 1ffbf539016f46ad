"""Waterfalls: changes that add up, with bars for the sums."""

import math
from collections.abc import Sequence

import msgspec

from plotkiln.documents import nearest
from plotkiln.spec.axes import full_axis
from plotkiln.spec.columns import category_text, number_column, typed_column
from plotkiln.spec.drafts import Draft
from plotkiln.spec.faults import Faults, shown
from plotkiln.spec.full import FullColumn, FullSeries
from plotkiln.spec.limits import Limits
from plotkiln.spec.models import Axes, Spec
from plotkiln.spec.pictures import Picture, check_lengths, full_series
from plotkiln.spec.sources import Source

__all__ = ["waterfall_picture"]

#: What the sum is called that is added where the user marks none.
_TOTAL = "Total"
#: A total that is given may differ from the sum by this part of it: it was rounded.
_ROUNDING = 1e-6


class _Bars(msgspec.Struct, frozen=True):
    """The bars of a waterfall, in order."""

    names: list[str]
    #: What each adds; a total's value where one was given; None for a gap.
    changes: list[float | None]
    #: Which bars show the sum of all before.
    totals: list[bool]


def waterfall_picture(
    drafts: list[Draft], spec: Spec, limits: Limits, faults: Faults
) -> Picture | None:
    """Settle a waterfall: bars on categories, each from the sum of all before it."""
    axes, draft = spec.axes or Axes(), drafts[0]
    if axes.x and axes.x.type not in {None, "category"}:
        faults.add("axes.x.type", "a waterfall stands on categories: leave the type out")
    if axes.y and axes.y.type not in {None, "linear"}:
        faults.add("axes.y.type", "a waterfall adds up: its axis is linear")
    y_axis = full_axis("axes.y", axes.y, "linear", [], limits, faults)
    if draft.x is None or draft.y is None or not check_lengths(draft, faults):
        return None
    names = _names(draft.x, faults)
    changes = number_column(draft.y, "y", faults)
    if names is None or changes is None:
        return None
    bars = _bars(draft, names, changes, faults)
    x_axis = full_axis("axes.x", axes.x, "category", bars.names, limits, faults)
    return Picture([_series(draft, draft.y, bars, faults)], x_axis, y_axis)


def _names(source: Source, faults: Faults) -> list[str] | None:
    """Return the names of the bars; note the first that is a gap or comes twice."""
    column = typed_column(source, "category", faults)
    names: list[str] = []
    for index, name in enumerate(column.values if column else []):
        if not isinstance(name, str) or name in names:
            what = "is a gap" if name is None else f"{shown(source.values[index])} comes twice"
            faults.add(source.at(index), f"{what}: every bar has a name of its own")
            return None
        names.append(name)
    return names or None


def _bars(draft: Draft, names: list[str], column: FullColumn, faults: Faults) -> _Bars:
    """Find which bars are totals: those that are named, else the gaps, else one more at the end."""
    changes = [None if isinstance(value, str) else value for value in column.values]
    if draft.sent.totals is not None:
        marked = _marked(draft, names, draft.sent.totals, faults)
        return _Bars(names, changes, [name in marked for name in names])
    if None in changes:
        return _Bars(names, changes, [change is None for change in changes])
    _warn_of_sum(draft, changes, faults)
    if _TOTAL in names:
        return _Bars(names, changes, [False] * len(names))
    return _Bars([*names, _TOTAL], [*changes, None], [False] * len(names) + [True])


def _marked(
    draft: Draft, names: list[str], totals: Sequence[float | str], faults: Faults
) -> set[str]:
    marked = [category_text(total) for total in totals]
    for index, name in enumerate(marked):
        if name not in names:
            path = f"{draft.at('totals')}[{index}]"
            message = f"{shown(totals[index])} is no bar of this waterfall{nearest(name, names)}"
            faults.add(path, message)
    return set(marked)


def _warn_of_sum(draft: Draft, changes: list[float | None], faults: Faults) -> None:
    """Warn of a last change that equals the sum of all before: it may well be the total."""
    *before, last = [change or 0.0 for change in changes]
    if draft.y and len(before) > 1 and last and _is_near(last, math.fsum(before)):
        message = "is the sum of all before, and drawn as a change: name it in totals if it is one"
        faults.warn(draft.y.at(len(before)), message)


def _series(draft: Draft, source: Source, bars: _Bars, faults: Faults) -> FullSeries:
    """Return where every bar begins and ends."""
    starts: list[float | None] = []
    ends: list[float | str | None] = []
    added: list[float] = []
    for index, (change, is_total) in enumerate(zip(bars.changes, bars.totals, strict=True)):
        level = math.fsum(added)
        if is_total and index and change is not None and not _is_near(change, level):
            sum_before = f"but all before add up to {shown(round(level, 9))}"
            message = f"{shown(change)} is a total, {sum_before}: leave it null"
            faults.add(source.at(index), message)
        if change is not None and (not is_total or not index):
            added.append(change)  # a total at the very beginning is what is started from
        starts.append(0.0 if is_total else None if change is None else level)
        ends.append(None if change is None and not is_total else math.fsum(added))
    x, y = FullColumn("category", [*bars.names]), FullColumn("number", ends)
    series = full_series(draft, x=x, y=y)
    return msgspec.structs.replace(series, starts=starts, totals=bars.totals)


def _is_near(value: float, total: float) -> bool:
    return abs(value - total) <= _ROUNDING * max(abs(value), abs(total))
