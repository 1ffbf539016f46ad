"""Where panels stand side by side: all of one size, with room for what is written around them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from plotkiln.render.boxes import Box
from plotkiln.render.frames import fit_ticks, label_styles, tick_reach
from plotkiln.render.limits import Limits
from plotkiln.render.notes import Notes
from plotkiln.render.plot import Plot
from plotkiln.render.ruler import TextStyle
from plotkiln.render.ticks import Ticks

__all__ = ["Sheet", "best_columns", "fit_bare", "fit_panels", "title_gap", "title_style"]

#: The width over the height that suits a panel, where the user says no number of columns.
SHAPE = 1.5
#: How much a place without a panel counts against such a choice.
EMPTY = 0.12
#: Between panels, in em of the tick labels; and above and below a panel's title, in em of its own.
GAP_EM, TITLE_EM = 1.1, 0.35
#: Margins settle in so many rounds, or only grow from then on.
ROUNDS = 4
#: Panels smaller than this part of their cell have no ticks.
LEAST_PANEL = 0.3
#: Without ticks, titles take at most this part of a cell's height, and so many points part panels.
MOST_TITLE = 0.5
BARE_GAP = 3.0

_Fit = tuple[list[Box], list[tuple[Ticks, Ticks]]]


@dataclass(frozen=True, slots=True)
class _Margins:
    """What stands around each panel, in pixels."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(slots=True)
class Sheet:
    """All panels of a picture."""

    plot: Plot
    panels: list[Plot]
    names: list[str]
    #: All panels as one drawing, which shared axes are scaled to.
    merged: Plot
    columns: int = 1
    limits: list[tuple[Limits, Limits]] | None = None

    @property
    def rows(self) -> int:
        """How many rows of panels there are."""
        return -(-len(self.panels) // self.columns)

    @property
    def shares_across(self) -> bool:
        """Whether what lies along the bottom reaches as far in all panels."""
        return self.plot.spec.share in {"both", "y" if self.plot.swapped else "x"}

    @property
    def shares_upright(self) -> bool:
        """Whether what stands on the left does."""
        return self.plot.spec.share in {"both", "x" if self.plot.swapped else "y"}

    def cell(self, index: int) -> tuple[int, int]:
        """Return the row, from the top, and the column of a panel."""
        return divmod(index, self.columns)

    def is_lowest(self, index: int) -> bool:
        """Tell whether no panel stands under this one."""
        return index + self.columns >= len(self.panels)


def best_columns(count: int, body: Box) -> int:
    """Return how many panels side by side come nearest to a good shape, with few empty places."""

    def badness(columns: int) -> float:
        rows = -(-count // columns)
        shape = (body.width / columns) / max(body.height / rows, 1)
        return abs(math.log(max(shape, 1e-3) / SHAPE)) + EMPTY * (rows * columns - count)

    return min(range(1, count + 1), key=badness)


def fit_panels(sheet: Sheet, body: Box) -> _Fit | None:
    """Return the panels' places and ticks; None where nothing is left of the panels."""
    line = sheet.plot.ruler.line_height(label_styles(sheet.plot)[0])
    margins = _Margins(3 * line, 1.5 * line, 0, 0)
    for attempt in range(2 * ROUNDS):
        gaps = _gaps(sheet, margins)
        boxes = list(_boxes(sheet, body, margins, gaps, title=_title_height(sheet)))
        if min(boxes[0].width, boxes[0].height) <= 1:
            return None
        notes = Notes()
        ticks = [_ticks(sheet, index, box, notes) for index, box in enumerate(boxes)]
        needed = _needed(sheet, ticks)
        pairs = [(getattr(needed, side), getattr(margins, side)) for side in needed.__slots__]
        if all(need <= have + 0.01 for need, have in pairs) and (
            attempt >= ROUNDS or all(have - need < 2 for need, have in pairs)
        ):
            if not _is_large(sheet, boxes[0], body):
                return None
            for text in notes.texts():
                sheet.plot.notes.add(text)
            return boxes, ticks
        widest = [max(pair) for pair in pairs]
        margins = needed if attempt < ROUNDS else _Margins(*widest)
    return None


def fit_bare(sheet: Sheet, body: Box) -> tuple[list[Box], bool]:
    """Return the panels' places without ticks, and whether there is room for their names."""
    gap, title = sheet.plot.ruler.pixels(BARE_GAP), _title_height(sheet)
    named = title <= MOST_TITLE * body.height / sheet.rows
    bare = _Margins(0, 0, 0, 0)
    return list(_boxes(sheet, body, bare, (gap, gap), title=title if named else 0.0)), named


def _is_large(sheet: Sheet, box: Box, body: Box) -> bool:
    wide = box.width >= LEAST_PANEL * body.width / sheet.columns
    return wide and box.height >= LEAST_PANEL * body.height / sheet.rows


def _gaps(sheet: Sheet, margins: _Margins) -> tuple[float, float]:
    """Return the pixels between panels side by side, and between those above each other."""
    gap = GAP_EM * sheet.plot.ruler.pixels(label_styles(sheet.plot)[0].size)
    beside = margins.left if not sheet.shares_upright else 0.0
    beneath = margins.bottom if not sheet.shares_across else 0.0
    return gap + beside + margins.right, gap + beneath


def _boxes(
    sheet: Sheet, body: Box, margins: _Margins, gaps: tuple[float, float], *, title: float
) -> Iterator[Box]:
    """Yield the place of every panel: all of one size, each with its title above it."""
    wide = body.width - margins.left - margins.right - gaps[0] * (sheet.columns - 1)
    high = body.height - margins.bottom - margins.top - gaps[1] * (sheet.rows - 1)
    wide, high = wide / sheet.columns, high / sheet.rows - title
    for index in range(len(sheet.panels)):
        row, column = sheet.cell(index)
        left = body.left + margins.left + column * (wide + gaps[0])
        top = body.top - margins.top - title - row * (high + gaps[1] + title)
        yield Box(left, top - high, left + wide, top)


def _ticks(sheet: Sheet, index: int, box: Box, notes: Notes) -> tuple[Ticks, Ticks]:
    """Return the ticks of one panel, alike on axes that are shared."""
    panel = sheet.panels[index]
    below, beside, _ = label_styles(sheet.plot)
    across, upright = sheet.limits[index] if sheet.limits else (Limits(0, 1), Limits(0, 1))
    one = sheet.merged if sheet.shares_across else panel
    other = sheet.merged if sheet.shares_upright else panel
    return (
        fit_ticks(one, one.across, across, box.width, below, notes),
        fit_ticks(other, other.upright, upright, box.height, beside, notes),
    )


def _needed(sheet: Sheet, ticks: list[tuple[Ticks, Ticks]]) -> _Margins:
    """Return the margins that the labels of all panels take."""
    plot = sheet.plot
    beside, beneath = tick_reach(plot, "ytick"), tick_reach(plot, "xtick")
    left = max(upright.thickness + beside for _, upright in ticks)
    bottom = max(across.thickness + beneath for across, _ in ticks)
    before = max(across.before for across, _ in ticks)
    least = plot.ruler.pixels(0.5)
    return _Margins(
        max(left, before),
        max(bottom, *(upright.before for _, upright in ticks)),
        max(*(across.after for across, _ in ticks), before if sheet.columns > 1 else 0, least),
        least,
    )


def title_style(sheet: Sheet) -> TextStyle:
    """Return how the names of panels are set."""
    return TextStyle(sheet.plot.style("axes.labelsize").size, "bold")


def _title_height(sheet: Sheet) -> float:
    return sheet.plot.ruler.line_height(title_style(sheet)) + 2 * title_gap(sheet)


def title_gap(sheet: Sheet) -> float:
    """Return the pixels above and below the name of a panel."""
    return TITLE_EM * sheet.plot.ruler.pixels(title_style(sheet).size)
