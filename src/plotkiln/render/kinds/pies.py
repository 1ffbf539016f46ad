"""Pies and donuts: labelled around their rim, or by a legend where there are many slices."""

import math
from collections.abc import Sequence
from functools import partial

from matplotlib.patches import Patch, Wedge

from plotkiln.render.kinds.slices import (
    Disc,
    Slice,
    label_room,
    labels_fit,
    write_labels,
    write_shares,
)
from plotkiln.render.palettes import palette_color
from plotkiln.render.plot import Entry, Numbered, Plot
from plotkiln.render.rcparams import RC
from plotkiln.spec.full import FullSeries

__all__ = ["draw_pies"]

#: More slices than this are explained by a legend.
MOST_LABELLED = 8


def draw_pies(plot: Plot, group: Sequence[Numbered]) -> None:
    """Draw the slices clockwise from the top, once the pie's place is known."""
    for _, series in group:
        slices = _slices(plot, series)
        named = any(one.name for one in slices)
        labelled = named and not plot.spec.legend and len(slices) <= MOST_LABELLED
        if named and not labelled and plot.spec.legend is not False:
            plot.entries.extend(_entry(one) for one in slices)
        plot.finishers.append(partial(_draw, plot, slices, series.alpha, labelled))


def _slices(plot: Plot, series: FullSeries) -> list[Slice]:
    shares = [float(value or 0) for value in series.y.values] if series.y else []
    names = series.x.values if series.x else [None] * len(shares)
    total, before, slices = math.fsum(shares) or 1.0, 0.0, []
    for number, (name, share) in enumerate(zip(names, shares, strict=True)):
        part = share / total
        turn, color = 2 * math.pi, palette_color(number)
        text = plot.text(str(name)) if name is not None else ""
        slices.append(Slice(text, part, (before + part / 2) * turn, part / 2 * turn, color))
        before += part
    return slices


def _entry(one: Slice) -> Entry:
    name = f"{one.name} · {one.percent}" if one.name else one.percent
    return Entry(Patch(facecolor=one.color, linewidth=0), name)


def _draw(plot: Plot, slices: list[Slice], alpha: float | None, labelled: bool) -> None:
    """Draw into axes whose units are pixels; labels that leave no room for the pie are left out."""
    disc = _disc(plot, slices, labelled=labelled)
    if labelled and not labels_fit(plot, slices, disc):
        plot.notes.add("the labels of the slices are left out: the picture is too small for them")
        labelled, disc = False, _disc(plot, slices, labelled=False)
    for one in slices:
        start, end = (90 - math.degrees(one.middle + sign * one.half) for sign in (1, -1))
        wedge = Wedge(
            disc.centre, disc.radius, start, end, width=disc.radius - disc.inner or None,
            facecolor=one.color, edgecolor=RC["axes.facecolor"], linewidth=1.2, alpha=alpha,
        )  # fmt: skip
        plot.axes.add_patch(wedge)
    write_shares(plot, slices, disc)
    if labelled:
        write_labels(plot, slices, disc)


def _disc(plot: Plot, slices: list[Slice], *, labelled: bool) -> Disc:
    """Return the largest disc that leaves room for its labels."""
    width, height = plot.axes.get_xlim()[1], plot.axes.get_ylim()[1]
    across, up = label_room(plot, slices) if labelled else (0.0, 0.0)
    radius = max(min(width / 2 - across, height / 2 - up), 1.0)
    return Disc((width / 2, height / 2), radius, radius * plot.spec.hole)
