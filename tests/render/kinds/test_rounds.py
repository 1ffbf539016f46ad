"""Webs, and what stands on them."""

import math
from typing import Any

import numpy as np
import pytest
from matplotlib.patches import Circle, Polygon

from drawings import built, drawn, full, restyled, texts_of

RADAR: dict[str, Any] = {"kind": "radar", "x": ["a", "b", "c", "d"], "y": [1, 2, 3, 4]}


def test_a_radar_has_a_corner_at_each_category() -> None:
    """Clockwise from the top, as far from the centre as its value; the centre is zero."""
    with built(full(**RADAR)) as plot:
        centre, radius = np.array(plot.web.disc.centre), plot.web.disc.radius
        corners = (plot.axes.lines[0].get_xydata() - centre) / radius
        expected = [[0.0, 0.25], [0.5, 0.0], [0.0, -0.75], [-1.0, 0.0], [0.0, 0.25]]
        np.testing.assert_allclose(corners, expected, atol=1e-9)
        assert (plot.web.low, plot.web.high) == (0, 4)
        assert sum(isinstance(patch, Polygon) for patch in plot.axes.patches) == 2


def test_a_radar_with_a_gap_is_open() -> None:
    """A corner that is missing breaks the outline, and nothing is filled."""
    with built(full(**RADAR | {"y": [1, None, 3, 4]})) as plot:
        assert sum(isinstance(patch, Polygon) for patch in plot.axes.patches) == 1
        assert np.isnan(plot.axes.lines[0].get_ydata()).sum() == 1


@pytest.mark.parametrize(("reverse", "right"), [(False, 90), (True, 270)])
def test_degrees_go_clockwise_from_the_top(reverse: bool, right: int) -> None:
    """As on a compass, unless the axis is reversed."""
    spec = full(kind="polar", x=[0, right], y=[1, 1], axes={"x": {"reverse": reverse}})
    with built(spec) as plot:
        centre, radius = np.array(plot.web.disc.centre), plot.web.disc.radius
        points = (plot.axes.lines[0].get_xydata() - centre) / radius
        np.testing.assert_allclose(points, [[0.0, 1.0], [1.0, 0.0]], atol=1e-9)
        ground = plot.axes.patches[0]
        assert isinstance(ground, Circle)


def test_the_centre_may_be_below_zero() -> None:
    """Negative values reach outward from a round value below all of them."""
    with built(full(kind="polar", x=[0, 90, 180], y=[-21, -5, -0.5])) as plot:
        assert plot.web.low <= -21
        assert plot.web.high == 0
    limits = {"y": {"limits": [-10, 0]}}
    with built(full(kind="polar", x=[0, 90, 180], y=[-21, -5, -0.5], axes=limits)) as plot:
        assert (plot.web.low, plot.web.high) == (-10, 0)
        assert math.isnan(plot.axes.lines[0].get_ydata()[0])


def test_angles_are_written_in_degrees() -> None:
    """Numbers around the centre have a degree sign unless they have a suffix."""
    with built(full(kind="polar", x=[0, 90], y=[1, 2])) as plot:
        assert {"0°", "90°", "315°"} <= {text.get_text() for text, _ in texts_of(plot)}


def test_a_style_may_leave_out_the_web_s_lines() -> None:
    """Without grid there are no rings and spokes, with it in one direction only those."""
    counts = {}
    for said in ({"grid": False}, {"grid_axis": "x"}, {"grid_axis": "y"}, {"grid_axis": "both"}):
        with built(full(**RADAR), restyled(axes=said)) as plot:
            counts[str(said)] = len(plot.axes.collections[0].get_segments())
    rings = counts["{'grid_axis': 'y'}"]
    assert rings > 1
    assert list(counts.values()) == [0, 4, rings, rings + 4]


def test_labels_without_room_are_told() -> None:
    """Many corners are thinned, long ones cut, and a small picture has none."""
    many: dict[str, Any] = {"x": [f"Category {n}" for n in range(60)], "y": [1] * 60}
    assert any("one of" in text for text in drawn(kind="radar", **many).warnings)
    long: dict[str, Any] = {"x": [f"{n} " + "long words " * 20 for n in range(3)], "y": [1] * 3}
    assert any("are cut" in text for text in drawn(kind="radar", **long).warnings)
    size = {"width": 120, "height": 90, "dpi": 100}
    small = drawn(**RADAR | {"x": ["alpha", "beta", "gamma", "delta"]}, size=size).warnings
    assert any("too small for labels" in text for text in small)


@pytest.mark.parametrize("values", [[1e300, -1e300, 0], [1e-300, 2e-300, 0], [5] * 3, [0] * 3])
@pytest.mark.parametrize("kind", ["polar", "radar"])
def test_extreme_values_are_drawn(kind: str, values: list[float]) -> None:
    """The largest, the smallest and the flattest values have a picture."""
    assert drawn(kind=kind, x=["a", "b", "c"], y=values).data.startswith(b"\x89PNG")
