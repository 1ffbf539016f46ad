"""The labels of a category axis: wrapped, rotated, cut or thinned until they stand apart."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from plotkiln.render.notes import Notes
from plotkiln.render.ruler import Ruler, TextStyle
from plotkiln.render.ticks.fitting import Ticks, centred
from plotkiln.render.wrapping import ellipsis, wrap

__all__ = ["CategoryScale", "fit_categories_across", "fit_categories_beside"]

#: Labels side by side keep so many em between them.
GAP_EM = 0.6
#: Labels under each other keep this distance, in their heights.
AIR = 1.08
#: Lines of a label that stands upright under its category.
MOST_LINES = 3
#: A slanted label needs its line height divided by sin 45°, and a little air.
SLANT = 45.0
SLANTED_PITCH = 1.55
UPRIGHT_PITCH = 1.15
#: Slanted labels reach to the left of the axis: none may be longer than this part of it.
MOST_REACH = 0.4


@dataclass(frozen=True, slots=True)
class CategoryScale:
    """An axis of categories at 0, 1, 2, …, shown from `low` to `high`."""

    low: float
    high: float
    names: Sequence[str]

    def shown(self) -> list[int]:
        """Return the positions within the axis."""
        return [at for at in range(len(self.names)) if self.low <= at <= self.high]

    def pitch(self, length: float) -> float:
        """Return the pixels from one category to the next on an axis of `length` pixels."""
        return length / max(self.high - self.low, 1e-9)

    def place(self, at: float, length: float) -> float:
        """Return how many pixels from the axis's begin a position stands."""
        return (at - self.low) * self.pitch(length)


def fit_categories_across(
    scale: CategoryScale, length: float, room: float, style: TextStyle, ruler: Ruler, notes: Notes
) -> Ticks:
    """Label categories from left to right, with labels at most `room` pixels high."""
    shown = scale.shown()
    pitch = scale.pitch(length)
    line = ruler.line_height(style)
    level = _wrapped(scale, shown, pitch - GAP_EM * ruler.pixels(style.size), style, ruler)
    if level:
        return _level_ticks(scale, shown, level, length, style, ruler)
    longest = max((ruler.width(scale.names[at], style) for at in shown), default=0)
    slanted = pitch >= SLANTED_PITCH * line and longest <= MOST_REACH * length
    if slanted or pitch >= UPRIGHT_PITCH * line:
        rotation = SLANT if slanted else 90.0
        return _turned_ticks(scale, shown, rotation, length, room, style, ruler, notes)
    step = -int(-UPRIGHT_PITCH * line // max(pitch, 1e-9))
    notes.add(f"there is room for one of {step} category labels only: the others are left out")
    return _turned_ticks(scale, shown[::step], 90.0, length, room, style, ruler, notes)


def fit_categories_beside(
    scale: CategoryScale, length: float, room: float, style: TextStyle, ruler: Ruler, notes: Notes
) -> Ticks:
    """Label categories from bottom to top, with labels at most `room` pixels wide."""
    names = [scale.names[at] for at in scale.shown()]
    tallest = max((ruler.block(_one_line(name), style)[1] for name in names), default=0) or 1.0
    step = max(math.ceil(AIR * tallest / max(scale.pitch(length), 1e-9)), 1)
    if step > 1:
        notes.add(f"there is room for one of {step} category labels only: the others are left out")
    shown = scale.shown()[::step]
    lines = min(max(int(scale.pitch(length) * step / (AIR * tallest)), 1), MOST_LINES)
    labels = [_within(scale.names[at], room, lines, style, ruler, notes) for at in shown]
    sizes = [ruler.block(label, style) for label in labels]
    places = [scale.place(at, length) for at in shown]
    return Ticks(
        [float(at) for at in shown],
        labels,
        length,
        centred(places, [height for _, height in sizes]),
        thickness=max((width for width, _ in sizes), default=0),
    )


def _one_line(name: str) -> str:
    return name.replace("\n", " ")


def _wrapped(
    scale: CategoryScale, shown: list[int], width: float, style: TextStyle, ruler: Ruler
) -> list[str] | None:
    """Wrap every label into `width` pixels without breaking a word; None where that fails."""
    labels = []
    for at in shown:
        name = scale.names[at]
        if any(ruler.width(word, style) > width for word in name.split()):
            return None
        lines = wrap(name, style, width, ruler)
        if len(lines) > MOST_LINES:
            return None
        labels.append("\n".join(lines))
    return labels


def _level_ticks(
    scale: CategoryScale,
    shown: list[int],
    labels: list[str],
    length: float,
    style: TextStyle,
    ruler: Ruler,
) -> Ticks:
    sizes = [ruler.block(label, style) for label in labels]
    places = [scale.place(at, length) for at in shown]
    return Ticks(
        [float(at) for at in shown],
        labels,
        length,
        centred(places, [width for width, _ in sizes]),
        thickness=max((height for _, height in sizes), default=0),
    )


def _turned_ticks(
    scale: CategoryScale,
    shown: list[int],
    rotation: float,
    length: float,
    room: float,
    style: TextStyle,
    ruler: Ruler,
    notes: Notes,
) -> Ticks:
    """Turn the labels; slanted ones end under their category and reach to the left of it."""
    line = ruler.line_height(style)
    slanted = rotation == SLANT
    most = room * 2**0.5 - line if slanted else room
    labels = [_within(scale.names[at], most, 1, style, ruler, notes) for at in shown]
    sizes = [ruler.block(label, style, rotation) for label in labels]
    places = [scale.place(at, length) for at in shown]
    if slanted:
        spans = [(at - width, at + line / 2) for at, (width, _) in zip(places, sizes, strict=True)]
    else:
        spans = centred(places, [width for width, _ in sizes])
    return Ticks(
        [float(at) for at in shown],
        labels,
        length,
        spans,
        rotation=rotation,
        thickness=max((height for _, height in sizes), default=0),
    )


def _within(
    name: str, width: float, lines: int, style: TextStyle, ruler: Ruler, notes: Notes
) -> str:
    """Wrap a label into `width` pixels and cut what exceeds `lines`, with one warning for all."""
    wrapped = wrap(name, style, width, ruler)
    if len(wrapped) <= lines:
        return "\n".join(wrapped)
    notes.add("category labels are cut: they are too long for the picture")
    kept = wrapped[:lines]
    kept[-1] = ellipsis(kept[-1] + " …", style, width, ruler)
    return "\n".join(kept)
