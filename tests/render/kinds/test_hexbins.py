"""Counts in hexagons."""

from typing import Any

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.transforms import Bbox

from drawings import built, full
from plotkiln.render.kinds.hexbins import _extent

POINTS = {"x": [1, 1, 1, 2, 5], "y": [1, 1, 1, 2, 5]}


def test_hexagons_count_every_point() -> None:
    """Those without points are left out; the colour bar counts from zero."""
    with built(full(kind="hexbin", **POINTS)) as plot:
        mappable: Any = plot.mappable
        assert sorted(np.asarray(mappable.get_array()).tolist()) == [1, 1, 3]
        assert mappable.get_clim() == (0, 3)
        assert len(plot.figure.axes) == 2


def test_hexagons_are_whole() -> None:
    """The axes end beyond the outermost hexagons, also on log axes."""
    for kind in ("linear", "log"):
        axes = {"x": {"type": kind}, "y": {"type": kind}}
        series = [{"kind": "hexbin", "gridsize": 3, "x": [1, 10, 99], "y": [1, 10, 99]}]
        with built(full(series=series, axes=axes)) as plot:
            drawn = Bbox(np.column_stack(_extent(plot.mappable)))
            assert plot.axes.viewLim.count_contains(drawn.corners()) == 4


def test_colours_may_follow_logarithms() -> None:
    """The colour bar then counts from one."""
    with built(full(series=[{"kind": "hexbin", "norm": "log", **POINTS}])) as plot:
        mappable: Any = plot.mappable
        assert isinstance(mappable.norm, LogNorm)
        assert mappable.get_clim() == (1, 3)
