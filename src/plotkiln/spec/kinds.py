"""What each kind of series takes, needs and goes with: one table for the rules and for the docs."""

from typing import Literal

import msgspec

from plotkiln.spec.models import Kind

__all__ = ["KINDS", "KindRule", "kinds_with", "listed"]

#: Kinds of one family share a picture; those of two do not.
Family = Literal[
    "plane", "box", "violin", "heatmap", "contour", "hexbin", "waterfall", "round", "pie"
]

_LINE = ("color", "marker", "linestyle", "linewidth", "alpha")


class KindRule(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of series."""

    kind: Kind
    #: The kind in a sentence: `a line`.
    noun: str
    #: What it shows, and how its members are read.
    words: str
    #: Members of a series that it takes, beside `kind` and `name`.
    takes: tuple[str, ...]
    #: Members that must be there; of several in one tuple exactly one.
    needs: tuple[tuple[str, ...], ...]
    family: Family = "plane"
    #: Whether it must be the only series of its picture.
    alone: bool = False
    #: Whether `stack` puts its series on each other.
    stacks: bool = False
    #: Whether `orientation` may lay it on its side.
    lies: bool = False


KINDS: dict[Kind, KindRule] = {
    rule.kind: rule
    for rule in (
        KindRule(
            kind="line",
            noun="a line",
            words="Points (x, y) joined in the order of the data; a gap breaks the line.",
            takes=("x", "y", "axis", *_LINE),
            needs=(("y",),),
        ),
        KindRule(
            kind="step",
            noun="a step",
            words="Values that hold until the next one; `where` says at which end a step rises.",
            takes=("x", "y", "axis", "where", *_LINE),
            needs=(("y",),),
        ),
        KindRule(
            kind="scatter",
            noun="a scatter",
            words="Points (x, y) by themselves; z gives each a colour value, size an area.",
            takes=("x", "y", "axis", "z", "size", "color", "marker", "alpha"),
            needs=(("y",),),
        ),
        KindRule(
            kind="bar",
            noun="a bar",
            words="One bar per x; series stand side by side, or on each other with `stack`.",
            takes=("x", "y", "axis", "error", "color", "alpha"),
            needs=(("y",),),
            stacks=True,
            lies=True,
        ),
        KindRule(
            kind="area",
            noun="an area",
            words="The area between y and zero, or between one series and the next with `stack`.",
            takes=("x", "y", "axis", "color", "linestyle", "linewidth", "alpha"),
            needs=(("y",),),
            stacks=True,
        ),
        KindRule(
            kind="errorbar",
            noun="an errorbar",
            words="Points (x, y) with their errors; `linestyle` joins them.",
            takes=("x", "y", "axis", "error", "x_error", *_LINE),
            needs=(("y",),),
        ),
        KindRule(
            kind="candlestick",
            noun="a candlestick",
            words="Prices by period: hollow where they rose, filled where they fell.",
            takes=("x", "open", "high", "low", "close", "axis", "color", "alpha"),
            needs=(("open",), ("high",), ("low",), ("close",)),
        ),
        KindRule(
            kind="histogram",
            noun="a histogram",
            words="How many of the values in x (or in y) fall into each of the bins.",
            takes=("x", "y", "bins", "color", "alpha"),
            needs=(("x", "y"),),
        ),
        KindRule(
            kind="box",
            noun="a box",
            words="Quartiles of the values in y: one box per group in x, else one per series.",
            takes=("x", "y", "color", "alpha"),
            needs=(("y",),),
            family="box",
            lies=True,
        ),
        KindRule(
            kind="violin",
            noun="a violin",
            words="How densely the values in y lie: one violin per group in x, else per series.",
            takes=("x", "y", "color", "alpha"),
            needs=(("y",),),
            family="violin",
            lies=True,
        ),
        KindRule(
            kind="heatmap",
            noun="a heatmap",
            words="Coloured cells: z as rows, one per y, of cells, one per x; or one z per (x, y).",
            takes=("x", "y", "z", "alpha"),
            needs=(("z",),),
            family="heatmap",
            alone=True,
        ),
        KindRule(
            kind="contour",
            noun="a contour",
            words="Areas or lines of equal height over a matrix z; x and y are numbers or times.",
            takes=(
                "x",
                "y",
                "z",
                "levels",
                "filled",
                "color",
                "linestyle",
                "linewidth",
                "alpha",
            ),
            needs=(("z",),),
            family="contour",
            alone=True,
        ),
        KindRule(
            kind="hexbin",
            noun="a hexbin",
            words="How many points (x, y) fall into each hexagon; x and y are numbers or times.",
            takes=("x", "y", "gridsize", "norm", "alpha"),
            needs=(("x",), ("y",)),
            family="hexbin",
            alone=True,
        ),
        KindRule(
            kind="waterfall",
            noun="a waterfall",
            words="Changes y that add up over the categories x, with bars for the sums.",
            takes=("x", "y", "totals", "color", "alpha"),
            needs=(("x",), ("y",)),
            family="waterfall",
            alone=True,
        ),
        KindRule(
            kind="polar",
            noun="a polar",
            words="Points at x, degrees or categories, around a centre and y from it, joined.",
            takes=("x", "y", *_LINE),
            needs=(("x",), ("y",)),
            family="round",
        ),
        KindRule(
            kind="radar",
            noun="a radar",
            words="A polygon with a corner for each category x, as far from the centre as y.",
            takes=("x", "y", *_LINE),
            needs=(("x",), ("y",)),
            family="round",
        ),
        KindRule(
            kind="pie",
            noun="a pie",
            words="Shares y of a whole, labelled by x; `hole` makes it a donut.",
            takes=("x", "y", "alpha"),
            needs=(("y",),),
            family="pie",
            alone=True,
        ),
    )
}


def kinds_with(member: str) -> str:
    """Name the kinds that take a member: `a scatter or a heatmap`."""
    return listed([rule.noun for rule in KINDS.values() if member in rule.takes])


def listed(words: list[str]) -> str:
    """Join words as in speech: `a, b or c`."""
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
