"""As many ticks as an axis has room for, so that no label touches another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from plotkiln.render.ruler import Ruler, TextStyle

__all__ = ["Scale", "Ticks", "centred", "fit_horizontal", "fit_vertical"]

#: More ticks than this are a ruler, not a chart.
MOST_HORIZONTAL = 10
MOST_VERTICAL = 8
#: Between two labels side by side at least so many em; between two lines so many line heights.
GAP_EM = 0.9
VERTICAL_PITCH = 2.1


class Scale(Protocol):
    """What an axis measures: where round values lie on it, and how they are written."""

    @property
    def low(self) -> float:
        """The value at the axis's begin."""

    @property
    def high(self) -> float:
        """The value at the axis's end."""

    def positions(self, most: int) -> list[float]:
        """Return about `most` round values within the axis."""

    def minor(self, positions: Sequence[float]) -> list[float]:
        """Return the values of the minor ticks."""

    def labels(self, positions: Sequence[float]) -> list[str]:
        """Write each value."""

    def fraction(self, value: float) -> float:
        """Return where a value stands on the axis, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Ticks:
    """The ticks of one axis, and the room that their labels take."""

    positions: Sequence[float]
    labels: Sequence[str]
    #: The axis's length, in pixels.
    length: float
    #: Where each label begins and ends along the axis, in pixels from the axis's begin.
    spans: Sequence[tuple[float, float]]
    minor: Sequence[float] = ()
    #: Degrees.
    rotation: float = 0
    #: Pixels that the labels take across the axis.
    thickness: float = 0

    @property
    def before(self) -> float:
        """Pixels by which the labels reach beyond the axis's begin."""
        return max((-start for start, _ in self.spans), default=0.0)

    @property
    def after(self) -> float:
        """Pixels by which the labels reach beyond the axis's end."""
        return max((end - self.length for _, end in self.spans), default=0.0)

    def turned(self) -> "Ticks":
        """Return the ticks of the axis that runs the other way."""
        spans = [(self.length - end, self.length - start) for start, end in self.spans]
        return replace(self, spans=spans)


def centred(places: Sequence[float], sizes: Sequence[float]) -> list[tuple[float, float]]:
    """Return where labels of these sizes begin and end, each centred on its place."""
    return [(at - size / 2, at + size / 2) for at, size in zip(places, sizes, strict=True)]


def fit_horizontal(scale: Scale, length: float, style: TextStyle, ruler: Ruler) -> Ticks:
    """Return the most ticks whose labels stand apart on an axis of `length` pixels."""
    gap = GAP_EM * ruler.pixels(style.size)
    most = max(min(MOST_HORIZONTAL, int(length / (4 * gap))), 1)
    while True:
        positions = scale.positions(most)
        labels = scale.labels(positions)
        sizes = [ruler.block(label, style) for label in labels]
        places = [scale.fraction(at) * length for at in positions]
        if most <= 1 or _stand_apart(places, [width for width, _ in sizes], gap):
            break
        most -= 1
    if not _stand_apart(places, [width for width, _ in sizes], gap):
        positions, labels, sizes, places = positions[:1], labels[:1], sizes[:1], places[:1]
    return Ticks(
        positions,
        labels,
        length,
        centred(places, [width for width, _ in sizes]),
        scale.minor(positions),
        thickness=max((height for _, height in sizes), default=0),
    )


def fit_vertical(scale: Scale, length: float, style: TextStyle, ruler: Ruler) -> Ticks:
    """Return the most ticks whose labels stand apart on an axis of `length` pixels."""
    line = ruler.line_height(style)
    most = max(min(MOST_VERTICAL, int(length / (VERTICAL_PITCH * line)) + 1), 1)
    while True:
        positions = scale.positions(most)
        places = [scale.fraction(at) * length for at in positions]
        if most <= 1 or _stand_apart(places, [line] * len(places), 0.15 * line):
            break
        most -= 1
    if not _stand_apart(places, [line] * len(places), 0):
        positions, places = positions[:1], places[:1]
    labels = scale.labels(positions)
    return Ticks(
        positions,
        labels,
        length,
        centred(places, [line] * len(places)),
        scale.minor(positions),
        thickness=max((ruler.block(label, style)[0] for label in labels), default=0),
    )


def _stand_apart(places: Sequence[float], sizes: Sequence[float], gap: float) -> bool:
    pairs = zip(places, places[1:], sizes, sizes[1:], strict=False)
    return all(abs(b - a) >= (size_a + size_b) / 2 + gap for a, b, size_a, size_b in pairs)
