"""Panels side by side: on axes that reach as far, with one heading, one legend, and labels once."""

from dataclasses import replace
from typing import Any

import msgspec

from plotkiln.render.annotations import draw_annotations
from plotkiln.render.boxes import Box
from plotkiln.render.frames import Frame, label_gap, label_styles
from plotkiln.render.grids import draw_grid
from plotkiln.render.kinds import draw_series
from plotkiln.render.layout import legend_side, picture, place, place_outside, take_room
from plotkiln.render.limits import Limits, set_limits
from plotkiln.render.notes import Notes
from plotkiln.render.panels import (
    Sheet,
    best_columns,
    fit_bare,
    fit_panels,
    title_gap,
    title_style,
)
from plotkiln.render.plot import Plot
from plotkiln.render.rcparams import RC
from plotkiln.render.surroundings import draw_ticks
from plotkiln.render.ticks import Ticks
from plotkiln.render.titles import draw_heading
from plotkiln.render.wrapping import Fitted, fit
from plotkiln.spec.full import FullPanel, FullSpec

__all__ = ["draw_facets"]

#: An axis's label takes at most this part of the room along it: the other one's needs the rest.
MOST_LABEL = 0.8
#: A label of less than so many em says nothing.
LEAST_LABEL_EM = 4.0


def draw_facets(plot: Plot) -> None:
    """Draw every panel, then all that stands around them."""
    sheet = _sheet(plot)
    room = take_room(plot, _side(plot), headed=True)
    labels = _fit_labels(plot, room.body)
    body = _less_labels(plot, room.body, labels)
    sheet.columns = plot.spec.columns or best_columns(len(sheet.panels), body)
    sheet.columns = min(sheet.columns, len(sheet.panels))
    sheet.limits = [_limits(sheet, panel) for panel in sheet.panels]
    boxes = _draw_panels(sheet, body)
    around = _around(boxes)
    draw_heading(plot, room.heading, picture(plot), around)
    _write_labels(plot, labels, room.body, around)
    if room.legend:
        place_outside(plot, room, room.legend, around)
    for finish in plot.finishers:
        finish()
    for panel, box in zip(sheet.panels, boxes, strict=True):
        draw_annotations(panel, box, panel.written)


def _sheet(plot: Plot) -> Sheet:
    """Draw the series of all panels, each into axes of its own."""
    panels = [_panel(plot, panel) for panel in plot.spec.panels]
    if plot.spec.share in {"both", "x"}:
        for panel in panels:
            panel.peers = [one for other in plot.spec.panels for one in other.series]
    for panel in panels:
        draw_series(panel)
    plot.axes = panels[0].axes
    seen = {entry.name: entry for panel in panels for entry in reversed(panel.entries)}
    order = {panel.named(one): number for panel in panels for number, one in panel.numbered}
    plot.entries = sorted(seen.values(), key=lambda entry: order.get(entry.name, 0))
    series = [one for panel in plot.spec.panels for one in panel.series]
    merged = Plot(
        msgspec.structs.replace(plot.spec, series=series, panels=[]),
        plot.figure, plot.axes, plot.ruler, plot.notes,
        points=[rows for panel in panels for rows in panel.points],
        fills=[rows for panel in panels for rows in panel.fills],
        tight_x=all(panel.tight_x for panel in panels),
        tight_y=all(panel.tight_y for panel in panels),
    )  # fmt: skip
    names = [plot.text(panel.name) for panel in plot.spec.panels]
    return Sheet(plot, panels, names, merged)


def _panel(plot: Plot, panel: FullPanel) -> Plot:
    axes: Any = plot.figure.add_axes((0, 0, 1, 1), label=f"panel {panel.name}")
    axes.set_autoscale_on(False)
    spec: FullSpec = msgspec.structs.replace(
        plot.spec, series=panel.series, panels=[], x_axis=panel.x_axis or plot.spec.x_axis
    )
    return Plot(
        spec, plot.figure, axes, plot.ruler, plot.notes,
        numbers=panel.numbers, finishers=plot.finishers,
    )  # fmt: skip


def _side(plot: Plot) -> str:
    """Return where the legend stands: never within a panel."""
    side = legend_side(plot)
    return "right" if side == "best" else side


def _limits(sheet: Sheet, panel: Plot) -> tuple[Limits, Limits]:
    return set_limits(
        panel,
        across_of=sheet.merged if sheet.shares_across else None,
        upright_of=sheet.merged if sheet.shares_upright else None,
    )


def _draw_panels(sheet: Sheet, body: Box) -> list[Box]:
    """Place the panels with their ticks and titles; leave those out where there is no room."""
    fitted = fit_panels(sheet, body)
    if fitted is None:
        return _draw_bare(sheet, body)
    boxes, ticks = fitted
    for index, (panel, box) in enumerate(zip(sheet.panels, boxes, strict=True)):
        place(panel, box)
        across, upright = ticks[index]
        frame = Frame(box, across, upright, None, None, Notes())
        draw_grid(panel, frame)
        draw_ticks(panel, replace(frame, across=_across(sheet, index, across),
                                  upright=_upright(sheet, index, upright)))  # fmt: skip
    _write_names(sheet, boxes)
    return boxes


def _draw_bare(sheet: Sheet, body: Box) -> list[Box]:
    """Place the panels without ticks, and without names where those would take most room."""
    boxes, named = fit_bare(sheet, body)
    what = "ticks" if named else "ticks and titles"
    sheet.plot.notes.add(f"the picture is too small for {what} of panels: left out")
    for panel, box in zip(sheet.panels, boxes, strict=True):
        place(panel, box)
        panel.axes.set_axis_off()
    if named:
        _write_names(sheet, boxes)
    return boxes


def _across(sheet: Sheet, index: int, ticks: Ticks) -> Ticks:
    """Return a panel's ticks along the bottom, labelled where no panel beneath has the same."""
    shown = not sheet.shares_across or sheet.is_lowest(index)
    return ticks if shown else replace(ticks, labels=[""] * len(ticks.positions))


def _upright(sheet: Sheet, index: int, ticks: Ticks) -> Ticks:
    """Return a panel's ticks on the left, labelled where no panel beside has the same."""
    shown = not sheet.shares_upright or sheet.cell(index)[1] == 0
    return ticks if shown else replace(ticks, labels=[""] * len(ticks.positions))


def _write_names(sheet: Sheet, boxes: list[Box]) -> None:
    """Write each panel's name above it; what is cut is a warning."""
    plot, style = sheet.plot, title_style(sheet)
    size, gap = plot.figure.bbox, title_gap(sheet)
    for name, box in zip(sheet.names, boxes, strict=True):
        fitted = fit(name, style, max(box.width, 1), 1, plot.ruler)
        if fitted.cut:
            plot.notes.add("titles of panels are cut: they are too long for the picture")
        plot.figure.text(
            (box.left + box.right) / 2 / size.width, (box.top + gap) / size.height, fitted.text,
            color=RC["text.color"], fontsize=fitted.style.size, fontweight=style.weight,
            ha="center", va="bottom",
        )  # fmt: skip


def _fit_labels(plot: Plot, body: Box) -> tuple[Fitted | None, Fitted | None]:
    """Fit the labels of both axes, which stand once under and beside all panels."""
    across = _fit_label(plot, plot.across.label, MOST_LABEL * body.width)
    high = _height(plot, across)
    upright = _fit_label(plot, plot.upright.label, MOST_LABEL * (body.height - high))
    if any(label and label.cut for label in (across, upright)):
        plot.notes.add("an axis label is cut: it is too long for the picture")
    return across, upright


def _fit_label(plot: Plot, text: str | None, length: float) -> Fitted | None:
    """Fit one label along so many pixels; it is left out where those are but a few letters."""
    style = label_styles(plot)[2]
    if not text or length < LEAST_LABEL_EM * plot.ruler.pixels(style.size):
        return None
    return fit(plot.text(text), style, length, 2, plot.ruler)


def _height(plot: Plot, label: Fitted | None) -> float:
    """Return the pixels that a label takes across its axis, with the gap to the panels."""
    if label is None:
        return 0.0
    return plot.ruler.block(label.text, label.style)[1] + label_gap(plot)


def _less_labels(plot: Plot, body: Box, labels: tuple[Fitted | None, Fitted | None]) -> Box:
    across, upright = labels
    return body.less(bottom=_height(plot, across), left=_height(plot, upright))


def _write_labels(
    plot: Plot, labels: tuple[Fitted | None, Fitted | None], body: Box, around: Box
) -> None:
    """Write the labels at the edges of `body`, centred on the panels, and clear of each other."""
    room = _less_labels(plot, body, labels)
    across, upright = labels
    if across:
        wide, high = plot.ruler.block(across.text, across.style)
        x = _centred((around.left + around.right) / 2, wide, room.left, room.right)
        _write_label(plot, across, (x, body.bottom + high / 2), rotation=0)
    if upright:
        wide, high = plot.ruler.block(upright.text, upright.style)
        y = _centred((around.bottom + around.top) / 2, wide, room.bottom, room.top)
        _write_label(plot, upright, (body.left + high / 2, y), rotation=90)


def _write_label(
    plot: Plot, label: Fitted, middle: tuple[float, float], *, rotation: float
) -> None:
    size = plot.figure.bbox
    plot.figure.text(
        middle[0] / size.width, middle[1] / size.height, label.text, color=RC["axes.labelcolor"],
        fontsize=label.style.size, fontweight=label.style.weight, rotation=rotation, ha="center",
        va="center", multialignment="center",
    )  # fmt: skip


def _centred(middle: float, size: float, low: float, high: float) -> float:
    """Return the middle moved so that what is so large lies between two ends."""
    return max(min(middle, high - size / 2), low + size / 2)


def _around(boxes: list[Box]) -> Box:
    """Return the rectangle around all panels."""
    return Box(
        min(box.left for box in boxes), min(box.bottom for box in boxes),
        max(box.right for box in boxes), max(box.top for box in boxes),
    )  # fmt: skip
