"""The axis at the right: its scale, its ticks, what lies in front, and who is told of it."""

from typing import Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection

from drawings import built, drawn, full, texts_of
from plotkiln.render.obstacles import Obstacles

TWO: list[dict[str, Any]] = [
    {"name": "left", "kind": "bar", "y": [1, 2, 3]},
    {"name": "right", "x": [0, 1, 5], "y": [100, 500, 300], "axis": "y2"},
]


def test_each_series_stands_on_its_own_axis() -> None:
    """Both share what lies along the bottom."""
    with built(full(series=TWO)) as plot:
        assert plot.twin is not None
        assert plot.axes.get_ylim()[1] < 4
        assert plot.twin.axes.get_ylim()[1] > 500
        assert plot.axes.get_xlim() == plot.twin.axes.get_xlim()
        assert plot.axes.get_xlim()[1] > 5
        assert plot.axes.get_position().bounds == plot.twin.axes.get_position().bounds


def test_the_legend_tells_both_axes() -> None:
    """An arrow leads to the axis at the right, and colours go on from one axis to the other."""
    with built(full(series=TWO)) as plot:
        assert plot.twin is not None
        assert [entry.name for entry in plot.entries] == ["left", "right →"]
        bars: Any = plot.axes.collections[0]
        assert plot.twin.axes.lines[0].get_color() != tuple(bars.get_facecolor()[0])


def test_the_axis_at_the_right_has_ticks_and_a_label_of_its_own() -> None:
    """They stand to the right of the axes."""
    axes = {"y2": {"label": "Right", "suffix": " kg", "limits": [0, 1000]}, "y": {"label": "Left"}}
    with built(full(series=TWO, axes=axes)) as plot:
        edge = plot.axes.get_window_extent().x1
        places = {text.get_text(): box.left for text, box in texts_of(plot)}
        assert places["Right"] > edge
        assert places["1000 kg"] > edge
        assert places["Left"] < edge


@pytest.mark.parametrize("first", ["y", "y2"])
def test_the_first_series_lies_behind(first: str) -> None:
    """With its axis goes the ground, and the grid behind both."""
    series = TWO if first == "y" else TWO[::-1]
    with built(full(series=series)) as plot:
        assert plot.twin is not None
        back, front = plot.axes, plot.twin.axes
        if first == "y2":
            back, front = front, back
        assert back.get_zorder() < front.get_zorder()
        assert back.patch.get_visible()
        assert not front.patch.get_visible()
        grids = [c for c in back.collections if isinstance(c, LineCollection)]
        assert len(grids) == 1


def test_the_right_axis_has_grid_lines_where_the_spec_asks() -> None:
    """Only then, so that the lines of two axes do not mingle."""
    counts = []
    for grid in (None, True):
        axes = {"x": {"grid": False}, "y2": {"grid": grid}, "y": {"grid": False}}
        with built(full(series=TWO, axes=axes)) as plot:
            grids = [c for c in plot.axes.collections if isinstance(c, LineCollection)]
            counts.append(sum(len(c.get_segments()) for c in grids))
    assert counts[0] == 0
    assert counts[1] > 2


def test_a_reversed_log_axis_may_stand_at_the_right() -> None:
    """Its greatest value comes first."""
    with built(full(series=TWO, axes={"y2": {"type": "log", "reverse": True}})) as plot:
        assert plot.twin is not None
        low, high = plot.twin.axes.get_ylim()
        assert low > high > 0
        assert plot.twin.axes.get_yscale() == "log"


def test_texts_keep_clear_of_both_axes_series() -> None:
    """What stands at the right is an obstacle where it is seen."""
    with built(full(series=TWO)) as plot:
        assert plot.twin is not None
        seen = plot.twin.axes.transData.transform([[1, 500]])[0]
        assert np.isclose(Obstacles.of(plot).points, seen).all(axis=1).any()


def test_a_colour_bar_stands_beyond_the_right_axis() -> None:
    """Neither covers the other."""
    series = [{"kind": "scatter", "y": [1, 2], "z": [3, 4]}, {"y": [1e6, 2e6], "axis": "y2"}]
    with built(full(series=series)) as plot:
        bar = plot.figure.axes[-1].get_window_extent()
        labels = [box for text, box in texts_of(plot) if "000,000" in text.get_text()]
        assert labels
        assert max(box.right for box in labels) < bar.x0


@pytest.mark.parametrize("size", [(16, 16), (60, 40), (120, 90)])
def test_the_smallest_pictures_are_drawn(size: tuple[int, int]) -> None:
    """Both axes give up what has no room."""
    sizes = {"width": size[0], "height": size[1], "dpi": 100}
    assert drawn(series=TWO, size=sizes).data.startswith(b"\x89PNG")
