"""Boxes and violins: values summarised by group, or by series."""

from plotkiln.spec.axes import all_categories, full_axis, without_nonpositive
from plotkiln.spec.columns import number_column, typed_column
from plotkiln.spec.drafts import Draft
from plotkiln.spec.faults import Faults, shown
from plotkiln.spec.full import FullColumn, FullSeries
from plotkiln.spec.limits import Limits
from plotkiln.spec.models import Axes, AxisType, Spec
from plotkiln.spec.pictures import (
    Picture,
    check_lengths,
    check_points,
    full_series,
    number_axis_type,
)

__all__ = ["box_picture"]

_PLURALS = {"box": "boxes", "violin": "violins"}


def box_picture(drafts: list[Draft], spec: Spec, limits: Limits, faults: Faults) -> Picture | None:
    """Settle boxes or violins.

    Their x axis is always one of categories: the groups, or else the series.
    """
    axes = spec.axes or Axes()
    if axes.x and axes.x.type not in {None, "category"}:
        plural = _PLURALS[drafts[0].kind]
        faults.add("axes.x.type", f"{plural} stand on categories: leave the type out")
    y_type = number_axis_type("axes.y", axes.y.type if axes.y else None, faults)
    y_axis = full_axis("axes.y", axes.y, y_type, [], limits, faults)
    before = faults.count
    drawn = [_series(draft, y_type, faults) for draft in drafts if check_lengths(draft, faults)]
    series = [one for one in drawn if one is not None]
    categories = _categories(drafts, series, faults)
    if faults.count > before:
        return None
    x_axis = full_axis("axes.x", axes.x, "category", categories, limits, faults)
    return Picture(series, x_axis, y_axis)


def _series(draft: Draft, y_type: AxisType, faults: Faults) -> FullSeries | None:
    groups = typed_column(draft.x, "category", faults) if draft.x else None
    values = number_column(draft.y, "y", faults) if draft.y else None
    if values is None or draft.y is None:
        return None
    if y_type == "log":
        values = without_nonpositive(draft.y.path, values, faults)
    if groups is not None:
        check_points(draft, groups, values, faults)
    return full_series(draft, x=groups, y=values)


def _categories(drafts: list[Draft], series: list[FullSeries], faults: Faults) -> list[str]:
    """Return the groups of all series; without groups, the names of the series."""
    grouped: list[FullColumn] = [one.x for one in series if one.x is not None]
    if not grouped:
        return _names(drafts, faults)
    for draft in drafts:
        if draft.x is None:
            plural = _PLURALS[draft.kind]
            faults.add(draft.path, f"needs x, the groups, as the other {plural} have")
    return all_categories(grouped)


def _names(drafts: list[Draft], faults: Faults) -> list[str]:
    """Name each box after its series; the nameless are numbered, a single one stays without."""
    single = len(drafts) == 1
    names: list[str] = []
    for number, draft in enumerate(drafts, start=1):
        name = draft.name or ("" if single else str(number))
        if name in names:
            plural = _PLURALS[draft.kind]
            faults.add(draft.at("name"), f"{shown(name)} names two {plural}: one name each")
        names.append(name)
    return names
