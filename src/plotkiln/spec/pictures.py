"""What every family of kinds hands back, and what all of them check."""

import msgspec

from plotkiln.spec.drafts import Draft
from plotkiln.spec.faults import Faults, counted
from plotkiln.spec.full import FullAxis, FullColumn, FullSeries
from plotkiln.spec.models import AxisType

__all__ = ["Picture", "check_lengths", "check_points", "full_series", "number_axis_type"]


class Picture(msgspec.Struct, frozen=True):
    """Series with their axes; a pie has none."""

    series: list[FullSeries]
    x_axis: FullAxis | None = None
    y_axis: FullAxis | None = None
    y2_axis: FullAxis | None = None


def full_series(
    draft: Draft,
    *,
    x: FullColumn | None = None,
    y: FullColumn | None = None,
    cells: list[list[float | None]] | None = None,
    shade: list[float | None] | None = None,
    size: float | list[float | None] | None = None,
) -> FullSeries:
    """Join a draft's own members with its settled columns."""
    sent = draft.sent
    return FullSeries(
        kind=draft.kind,
        name=draft.name,
        x=x,
        y=y,
        cells=cells,
        shade=shade,
        size=size,
        axis=sent.axis or "y",
        bins=sent.bins,
        where=sent.where,
        color=sent.color,
        marker=sent.marker,
        linestyle=sent.linestyle,
        linewidth=sent.linewidth,
        alpha=sent.alpha,
    )


def check_lengths(draft: Draft, faults: Faults) -> bool:
    """Note columns of one series that differ in length: `x has 3 values, y has 5`."""
    lengths = {member: len(source.values) for member, source in draft.sources.items()}
    if len(set(lengths.values())) <= 1:
        return True
    (first, count), *others = lengths.items()
    counts = [f"{first} has {counted(count, 'value')}"]
    counts += [f"{member} has {count}" for member, count in others]
    faults.add(draft.path, f"{', '.join(counts)}: they must be as many")
    return False


def check_points(draft: Draft, x: FullColumn, y: FullColumn, faults: Faults) -> None:
    """Note a series whose gaps leave no point."""
    if None not in x.values and None not in y.values:
        return
    if all(at is None or to is None for at, to in zip(x.values, y.values, strict=True)):
        faults.add(draft.path, "has no point with both x and y: fill some of the gaps")


def number_axis_type(path: str, forced: AxisType | None, faults: Faults) -> AxisType:
    """Return the type of an axis that holds numbers; note a fault if another was asked for."""
    if forced in {"time", "category"}:
        faults.add(f"{path}.type", "this axis holds numbers: choose linear or log")
    return "log" if forced == "log" else "linear"
