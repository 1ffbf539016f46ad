"""Values by group: what boxes and violins summarise, and where each of them stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from plotkiln.render.plot import Floats, Numbered, Plot, positions

__all__ = ["Group", "Stand", "stands", "values_by_group"]

#: The parts of a group's room that are filled, by a single series and by several.
FILLED_ONE, FILLED = 0.5, 0.8
#: The part of its own room that each fills.
PART = 0.9


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one series in one group."""

    #: The group's position on its axis.
    place: float
    values: Floats


@dataclass(frozen=True, slots=True)
class Stand:
    """One series among those that stand side by side."""

    numbered: Numbered
    groups: list[Group]
    #: How far from the groups' positions it stands, and how wide it may be.
    shift: float
    width: float
    #: Whether the series needs a name in the legend, since the axis has those of the groups.
    listed: bool


def stands(plot: Plot, series: Sequence[Numbered]) -> Iterator[Stand]:
    """Yield where each series stands: side by side at each group; without groups one per place."""
    grouped = any(one.x is not None for _, one in series)
    parts = len(series) if grouped else 1
    width = (FILLED_ONE if parts == 1 else FILLED) / parts
    for place, numbered in enumerate(series):
        shift = (place - (parts - 1) / 2) * width if grouped else 0.0
        groups = values_by_group(plot, numbered, alone_at=place)
        yield Stand(numbered, groups, shift, width * PART, grouped)


def values_by_group(plot: Plot, numbered: Numbered, *, alone_at: int) -> list[Group]:
    """Return the known values of each group, in order; all in one place without groups."""
    _, series = numbered
    values = positions(series.y, plot.y) if series.y else np.empty(0)
    groups = positions(series.x, plot.x) if series.x else np.full(len(values), float(alone_at))
    known = np.isfinite(values)
    places = np.unique(groups[known & np.isfinite(groups)])
    return [Group(float(at), values[known & (groups == at)]) for at in places]
