"""What each kind draws, in numbers."""

from typing import Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection, PolyCollection, QuadMesh
from matplotlib.patches import Wedge

from drawings import built, drawn, full, texts_of
from plotkiln.render.kinds import KINDS
from plotkiln.render.plot import Floats, Plot
from plotkiln.spec import KINDS as SPEC_KINDS


def _rectangles(plot: Plot) -> list[tuple[float, float, float, float]]:
    """Return left, bottom, right, top of every rectangle, rounded."""
    found: list[tuple[float, float, float, float]] = []
    for collection in plot.axes.collections:
        if isinstance(collection, PolyCollection):
            for path in collection.get_paths():
                corners = np.round(np.asarray(path.vertices, dtype=np.float64), 6)
                (left, bottom), (right, top) = corners.min(axis=0), corners.max(axis=0)
                found.append((float(left), float(bottom), float(right), float(top)))
    return found


def _line(plot: Plot) -> Floats:
    data: Floats = np.asarray(plot.axes.lines[0].get_xydata(), dtype=np.float64)
    return data


def test_every_kind_of_the_spec_is_drawn() -> None:
    """The table of kinds here has those of the spec."""
    assert set(KINDS) == set(SPEC_KINDS)


def test_a_line_has_its_points_and_a_gap_breaks_it() -> None:
    """A null is a point that is not there."""
    with built(full(x=[1, 2, 4], y=[3, None, 5])) as plot:
        np.testing.assert_array_equal(_line(plot), [[1, 3], [2, np.nan], [4, 5]])


def test_a_line_on_categories_stands_at_their_places() -> None:
    """Series with different categories share one axis in order of appearance."""
    series = [{"x": ["b", "a"], "y": [1, 2]}, {"x": ["a", "c"], "y": [3, 4]}]
    with built(full(series=series)) as plot:
        places = [line.get_xdata().tolist() for line in plot.axes.lines]
        assert places == [[0, 1], [1, 2]]


@pytest.mark.parametrize("where", ["pre", "post", "mid"])
def test_a_step_rises_where_the_spec_says(where: str) -> None:
    """Before, after or midway between its points."""
    with built(full(series=[{"kind": "step", "where": where, "y": [1, 2]}])) as plot:
        assert plot.axes.lines[0].get_drawstyle() == f"steps-{where}"


def test_a_scatter_has_areas_and_shades() -> None:
    """Each point has its own area, and a colour that the colour bar explains."""
    series = [{"kind": "scatter", "y": [1, 2, 3], "size": [10, 20, 30], "z": [5, 6, 7]}]
    with built(full(series=series)) as plot:
        points = next(c for c in plot.axes.collections if isinstance(c, PathCollection))
        assert points.get_sizes().tolist() == [10, 20, 30]
        assert points.get_clim() == (5, 7)
        assert len(plot.figure.axes) == 2


def test_grouped_bars_share_their_room() -> None:
    """Two series stand side by side around their category; a gap leaves a bar out."""
    series = [{"kind": "bar", "x": ["a", "b"], "y": y} for y in ([1, 2], [3, None])]
    with built(full(series=series)) as plot:
        assert _rectangles(plot) == [(-0.4, 0, 0, 1), (0.6, 0, 1.0, 2), (0, 0, 0.4, 3)]


def test_stacked_bars_stand_on_each_other() -> None:
    """Values above zero stack upward, those below downward."""
    series = [{"kind": "bar", "x": ["a", "b"], "y": y} for y in ([1, -2], [3, -1], [-1, 5])]
    with built(full(series=series, stack=True)) as plot:
        ends = [(bottom, top) for _, bottom, _, top in _rectangles(plot)]
        assert ends == [(0, 1), (-2, 0), (1, 4), (-3, -2), (-1, 0), (0, 5)]


def test_lying_bars_have_their_categories_on_the_left() -> None:
    """A horizontal bar reaches to the right."""
    spec = full(kind="bar", orientation="horizontal", x=["a", "b"], y=[1, 2])
    with built(spec) as plot:
        assert _rectangles(plot) == [(0, -0.4, 1, 0.4), (0, 0.6, 2, 1.4)]


def test_bars_on_numbers_are_as_wide_as_their_least_distance_allows() -> None:
    """No bar reaches its neighbour."""
    with built(full(kind="bar", x=[0, 10, 15], y=[1, 1, 1])) as plot:
        assert [right - left for left, _, right, _ in _rectangles(plot)] == [4, 4, 4]


@pytest.mark.parametrize("orientation", ["vertical", "horizontal"])
def test_errors_reach_from_the_ends_of_bars(orientation: str) -> None:
    """An error goes from below to above its value; a gap leaves it out; lying bars have it too."""
    series = [{"kind": "bar", "x": ["a", "b"], "y": [5, 6], "error": [[1, 2], None]}]
    with built(full(series=series, orientation=orientation)) as plot:
        (lines,) = (c for c in plot.axes.collections if isinstance(c, LineCollection))
        (piece,) = lines.get_segments()
        upright = [[0, 4], [0, 7]]
        assert np.asarray(piece).tolist() == [
            point if orientation == "vertical" else point[::-1] for point in upright
        ]
        assert max(plot.axes.get_ylim() + plot.axes.get_xlim()) > 7


def test_errors_on_a_log_axis_end_below_it() -> None:
    """An error that reaches zero goes down to the axis, however low that is."""
    series = [{"kind": "errorbar", "y": [10, 100], "error": [10, 50]}]
    with built(full(series=series, axes={"y": {"type": "log"}})) as plot:
        (lines,) = (c for c in plot.axes.collections if isinstance(c, LineCollection))
        ends = [float(np.asarray(piece)[0][1]) for piece in lines.get_segments()]
        assert 0 < ends[0] < 1e-300
        assert ends[1] == 50
        assert 1 <= plot.axes.get_ylim()[0] < 50


def test_errorbars_at_one_category_stand_side_by_side() -> None:
    """Several series on categories are moved apart, those on numbers are not."""
    for x, places in ((["a", "b"], [-0.1, 0.1]), ([0, 1], [0, 0])):
        series = [{"kind": "errorbar", "x": x, "y": [1, 2], "error": 1} for _ in range(2)]
        with built(full(series=series)) as plot:
            points = [line for line in plot.axes.lines if line.get_marker() == "o"]
            assert [line.get_xdata()[0] for line in points] == places


def test_bars_stand_on_their_axis() -> None:
    """There is no gap between zero and the axis."""
    with built(full(kind="bar", x=["a"], y=[3])) as plot:
        assert plot.axes.get_ylim()[0] == 0


def test_stacked_areas_reach_to_the_sum() -> None:
    """The upper edge of the last is the total."""
    series = [{"kind": "area", "y": [1, 2]}, {"kind": "area", "y": [3, 4]}]
    with built(full(series=series, stack=True)) as plot:
        assert plot.axes.lines[-1].get_ydata().tolist() == [4, 6]


def test_a_histogram_counts() -> None:
    """Given edges are honoured, and values outside them are told."""
    spec = full(kind="histogram", x=[1, 1, 2, 5, 50], bins=[0, 2, 4, 6])
    with built(spec) as plot:
        assert [top for *_, top in _rectangles(plot)] == [2, 1, 1]
        assert plot.notes.texts() == ("1 value lies outside the bins",)


@pytest.mark.parametrize("bins", [1, 7, None])
def test_a_histogram_counts_every_value(bins: int | None) -> None:
    """However many bins there are, they hold all values."""
    values = [n**1.5 for n in range(300)]
    spec = full(series=[{"kind": "histogram", "x": values, **({"bins": bins} if bins else {})}])
    with built(spec) as plot:
        rectangles = _rectangles(plot)
        assert sum(top for *_, top in rectangles) == 300
        assert bins is None or len(rectangles) == bins


def test_a_histogram_of_whole_numbers_has_a_bin_for_each() -> None:
    """Few whole numbers are counted one by one."""
    with built(full(kind="histogram", x=[1, 2, 2, 6])) as plot:
        assert [(left, top) for left, _, _, top in _rectangles(plot)][:2] == [(0.5, 1), (1.5, 2)]


def test_a_box_spans_its_quartiles() -> None:
    """The box reaches from the first to the third quartile, outliers stand beyond the whiskers."""
    values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100]
    with built(full(kind="box", y=values)) as plot:
        ((_, bottom, _, top),) = _rectangles(plot)
        assert (bottom, top) == (3.25, 7.75)
        assert _line(plot)[:, 1].tolist() == [100]


def test_boxes_of_one_group_stand_side_by_side() -> None:
    """Each series has its own box at each group, and its line in the legend."""
    series = [{"kind": "box", "name": n, "x": ["g"] * 5, "y": [1, 2, 3, 4, 5]} for n in ("a", "b")]
    with built(full(series=series)) as plot:
        first, second = _rectangles(plot)
        assert first[2] <= second[0]
        assert len(plot.figure.legends[0].get_texts()) == 2


def test_a_heatmap_colours_its_cells() -> None:
    """Each cell has its value, a gap none, and few are written out."""
    with built(full(kind="heatmap", x=["a", "b"], y=["c", "d"], z=[[1, None], [3, 4]])) as plot:
        mesh = next(c for c in plot.axes.collections if isinstance(c, QuadMesh))
        values: Any = mesh.get_array()
        assert values.filled(-1).ravel().tolist() == [1, -1, 3, 4]
        assert {"1", "3", "4"} <= {text.get_text() for text, _ in texts_of(plot)}


def test_a_heatmap_of_numbers_is_as_wide_as_its_cells() -> None:
    """Cells reach halfway to their neighbours, the outer ones as far out."""
    with built(full(kind="heatmap", x=[0, 1, 3], y=[5], z=[[1, 2, 3]])) as plot:
        assert plot.axes.get_xlim() == (-0.5, 4)
        assert plot.axes.get_ylim() == (4.5, 5.5)


def test_a_large_heatmap_is_one_image_in_svg() -> None:
    """Ten thousand cells are not ten thousand paths."""
    cells = [[row * column for row in range(120)] for column in range(120)]
    data = drawn(format="svg", kind="heatmap", z=cells).data
    assert b"<image" in data
    assert len(data) < 200_000


def test_a_pie_has_its_shares() -> None:
    """Slices go clockwise from the top, each as wide as its share."""
    with built(full(kind="pie", x=["a", "b"], y=[3, 1])) as plot:
        slices = [patch for patch in plot.axes.patches if isinstance(patch, Wedge)]
        assert [(round(one.theta1), round(one.theta2)) for one in slices] == [
            (-180, 90),
            (-270, -180),
        ]
        assert {"a", "b", "75%", "25%"} == {text.get_text() for text, _ in texts_of(plot)}


def test_a_donut_has_its_hole() -> None:
    """The hole is a part of the radius."""
    with built(full(kind="pie", hole=0.4, y=[3, 1])) as plot:
        one = next(patch for patch in plot.axes.patches if isinstance(patch, Wedge))
        assert one.width is not None
        assert abs(one.width / one.r - 0.6) < 1e-9


def test_many_slices_are_explained_by_a_legend() -> None:
    """More slices than can be labelled have a legend with their shares."""
    with built(full(kind="pie", x=[f"s{n}" for n in range(20)], y=[1] * 20)) as plot:
        names = [text.get_text() for text in plot.figure.legends[0].get_texts()]
        assert names[0] == "s0 · 5.0%"
        assert len(names) == 20


def test_the_first_series_lies_at_the_back() -> None:
    """Whatever their kinds, series are drawn in the spec's order."""
    series = [{"y": [1, 2]}, {"kind": "bar", "y": [1, 2]}, {"kind": "scatter", "y": [1, 2]}]
    with built(full(series=series)) as plot:
        artists = [plot.axes.lines[0], *plot.axes.collections]
        depths = [artist.get_zorder() for artist in artists]
        assert depths == sorted(set(depths))


def test_annotations_widen_the_axes() -> None:
    """A target line beyond the data is seen."""
    with built(full(y=[1, 2], annotations=[{"type": "line", "y": 10}])) as plot:
        assert plot.axes.get_ylim()[1] > 10


def test_limits_are_honoured() -> None:
    """An end that is given is the axis's end; the other follows the data."""
    axes = {"y": {"limits": [0, None]}, "x": {"limits": [0.5, 1.5], "reverse": True}}
    with built(full(y=[1, 2], axes=axes)) as plot:
        assert plot.axes.get_ylim()[0] == 0
        assert plot.axes.get_ylim()[1] > 2
        assert plot.axes.get_xlim() == (1.5, 0.5)
