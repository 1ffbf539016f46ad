"""Facets: one panel for each value of a column, all drawn alike."""

from collections.abc import Callable

import msgspec

from plotkiln.spec.bounds import check_text
from plotkiln.spec.columns import typed_column
from plotkiln.spec.drafts import Draft, Finder
from plotkiln.spec.errorbars import ErrorSource
from plotkiln.spec.faults import Faults, counted
from plotkiln.spec.full import FullPanel
from plotkiln.spec.limits import Limits
from plotkiln.spec.models import Axes, AxisType, Spec
from plotkiln.spec.pictures import Picture
from plotkiln.spec.sources import Source, Table, Value

__all__ = ["Faceted", "facet_picture"]

#: Families of kinds that panels can hold.
_FAMILIES = {"plane", "box", "violin"}

Draw = Callable[[list[Draft], Spec, Limits, Faults], Picture | None]


class Faceted(msgspec.Struct, frozen=True):
    """All panels, on axes that were settled from all of their data."""

    picture: Picture
    panels: list[FullPanel]


def facet_picture(
    drafts: list[Draft], spec: Spec, draw: Draw, limits: Limits, faults: Faults
) -> Faceted | None:
    """Part the rows of all series into panels; note faults of the facets and of the whole."""
    _check_company(drafts, faults)
    if any(draft.rule.family not in _FAMILIES for draft in drafts):
        return None
    rows = _rows(spec, limits, faults)
    before = faults.count
    own = Faults()  # its warnings are told by the panels that they are about
    whole = draw(drafts, msgspec.structs.replace(spec, stack=False), limits, own)
    _tell(own, faults)
    _check_lengths(drafts, rows, faults)
    if whole is None or not rows or faults.count > before:
        return None
    panels = []
    for name, places in rows.items():
        panel = _panel(name, [_part(draft, places) for draft in drafts], spec, draw, limits, faults)
        if panel is None:
            faults.warn("facets.by", f"{name} has no values, and no panel")
        else:
            panels.append(panel)
    if not panels:
        faults.add("facets.by", "no panel has values: part by another column")
    return Faceted(whole, panels)


def _tell(own: Faults, faults: Faults) -> None:
    for fault in own.found:
        faults.add(fault.path, fault.message)


def _check_company(drafts: list[Draft], faults: Faults) -> None:
    for draft in drafts:
        if draft.rule.family not in _FAMILIES:
            faults.add(
                "facets", f"panels stand on two axes, and {draft.rule.noun} does not: draw one"
            )
        if draft.sent.axis == "y2":
            faults.add(draft.at("axis"), "panels have one upright axis: leave it out")
        if draft.z is not None:
            faults.add(draft.at("z"), "panels have no colour bar: leave it out")


def _rows(spec: Spec, limits: Limits, faults: Faults) -> dict[str, list[int]]:
    """Return which rows are in which panel, by name, in order of appearance."""
    facets = spec.facets
    table = None if spec.data is None else Table(spec.data)
    found = Finder(("facets",), table, faults).source("by", facets.by) if facets else None
    column = typed_column(found, "category", faults) if found else None
    rows: dict[str, list[int]] = {}
    for index, name in enumerate(column.values if column else []):
        if isinstance(name, str):
            rows.setdefault(name, []).append(index)
    if len(rows) > limits.panels:
        message = f"{len(rows)} panels, at most {limits.panels} are drawn: group the rare ones"
        faults.add("facets.by", message)
        return {}
    for name in rows:
        check_text("facets.by", name, limits, faults)
    missing = column.values.count(None) if column else 0
    if missing:
        faults.warn("facets.by", f"{counted(missing, 'row')} without a value left out")
    return rows


def _check_lengths(drafts: list[Draft], rows: dict[str, list[int]], faults: Faults) -> None:
    """Note series that have other rows than the column of panels."""
    last = max((place for places in rows.values() for place in places), default=-1)
    for draft in drafts:
        count = len(next(iter(draft.sources.values())).values)
        if count <= last:
            message = f"has {counted(count, 'value')}, facets.by has more: one for each"
            faults.add(draft.path, message)


def _part(draft: Draft, places: list[int]) -> Draft:
    """Return a series with some of its rows."""

    def taken(source: Source | float | None) -> Source | float | None:
        if not isinstance(source, Source):
            return source
        values = [source.values[at] for at in places]
        return Source(source.parts, values, source.column, places)

    parts = {name: taken(getattr(draft, name)) for name in ("x", "y", "z", "size")}
    errors = {
        name: error and ErrorSource(taken(error.below), taken(error.above))  # type: ignore[arg-type]  # of the same type
        for name, error in (("error", draft.error), ("x_error", draft.x_error))
    }
    prices = {name: taken(source) for name, source in draft.prices.items()}
    return msgspec.structs.replace(draft, **parts, **errors, prices=prices)


def _panel(
    name: str, drafts: list[Draft], spec: Spec, draw: Draw, limits: Limits, faults: Faults
) -> FullPanel | None:
    """Settle one panel; series without a point in it are left out, and keep their number."""
    numbers = [at for at, draft in enumerate(drafts) if _has_point(draft, spec.axes or Axes())]
    if not numbers:
        return None
    own = Faults()
    picture = draw([drafts[at] for at in numbers], spec, limits, own)
    _tell(own, faults)
    faults.warnings += [text for text in own.warnings if text not in faults.warnings]
    if picture is None:
        return FullPanel(name=name, series=[], numbers=[])
    share = spec.facets.share if spec.facets else "both"
    x_axis = None if share in {"both", "x"} else picture.x_axis
    return FullPanel(name=name, series=picture.series, numbers=numbers, x_axis=x_axis)


def _has_point(draft: Draft, axes: Axes) -> bool:
    """Tell whether a row lacks nothing that makes a point on these axes."""
    types = {"x": axes.x.type if axes.x else None, "y": axes.y.type if axes.y else None}
    needed = {"x": draft.x, "y": draft.y, **draft.prices}
    columns = [
        _known(source.values, types.get(name, types["y"]))
        for name, source in needed.items()
        if source is not None
    ]
    return any(map(all, zip(*columns, strict=True)))


def _known(values: list[Value], axis_type: AxisType | None) -> list[bool]:
    """Tell of each value whether an axis shows it."""
    if axis_type == "log":
        return [isinstance(value, float) and value > 0 for value in values]
    return [value is not None for value in values]
