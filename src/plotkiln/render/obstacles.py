"""What is drawn in the axes, so that texts can keep clear of it."""

from dataclasses import dataclass

import numpy as np

from plotkiln.render.boxes import Box
from plotkiln.render.plot import Floats, Plot

__all__ = ["Obstacles"]

#: Between two points of a line so many more are looked at; not on lines of more points than this.
BETWEEN = 12
MOST_SPARSE = 2_000


@dataclass(frozen=True, slots=True)
class Obstacles:
    """Points and filled rectangles, in pixels."""

    #: Rows of x, y.
    points: Floats
    #: Rows of x, y, x, y: two opposite corners.
    fills: Floats

    @classmethod
    def of(cls, plot: Plot) -> "Obstacles":
        """Gather what the series have drawn; the axes have their place and their limits."""
        with np.errstate(all="ignore"):  # the logarithm of a bar's begin at zero
            points = [
                _dense(one.axes.transData.transform(rows))
                for one in plot.both
                for rows in one.points
                if rows.size
            ]
            fills = [
                one.axes.transData.transform(rows.reshape(-1, 2)).reshape(-1, 4)
                for one in plot.both
                for rows in one.fills
                if rows.size
            ]
        return cls(
            np.concatenate(points) if points else np.empty((0, 2)),
            np.concatenate(fills) if fills else np.empty((0, 4)),
        )

    def covered_by(self, box: Box) -> int:
        """Return how much is drawn within a rectangle: points, and filled rectangles."""
        x, y = self.points.T
        points = (x > box.left) & (x < box.right) & (y > box.bottom) & (y < box.top)
        one, other = self.fills[:, :2], self.fills[:, 2:]
        low, high = np.fmin(one, other), np.fmax(one, other)
        across = (low[:, 0] < box.right) & (high[:, 0] > box.left)
        fills = across & (low[:, 1] < box.top) & (high[:, 1] > box.bottom)
        return int(points.sum() + fills.sum())


def _dense(points: Floats) -> Floats:
    """Add points between each two, so that no straight piece passes unnoticed."""
    if len(points) > MOST_SPARSE:
        return points
    parts = np.linspace(0, 1, BETWEEN, endpoint=False)[:, None, None]
    between = points[None, :-1] * (1 - parts) + points[None, 1:] * parts
    dense: Floats = np.concatenate((between.reshape(-1, 2), points))
    return dense
