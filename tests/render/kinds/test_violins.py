"""Densities, and how violins show them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import LineCollection, PolyCollection

from drawings import built, full
from plotkiln.render.kinds.violins import density

VALUES = st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=60)


@given(values=VALUES)
def test_a_density_spans_its_values(values: list[float]) -> None:
    """It goes from the least to the greatest value, rising in level, and is 1 at its densest."""
    levels, widths = density(np.array(values))
    assert (levels[0], levels[-1]) == (min(values), max(values))
    assert (np.diff(levels) >= 0).all()
    assert widths.max() == 1
    assert (widths >= 0).all()


def test_a_density_is_that_of_a_gaussian_kernel() -> None:
    """It equals the sum of bells over the values, to two percent."""
    values = np.sin(np.arange(300.0) ** 2) + np.arange(300) % 2
    levels, widths = density(values)
    first, third = np.percentile(values, [25, 75])
    bandwidth = 0.9 * min(values.std(ddof=1), (third - first) / 1.34) * 300**-0.2
    bells = np.exp(-(((levels[:, None] - values[None]) / bandwidth) ** 2) / 2).sum(axis=1)
    np.testing.assert_allclose(widths, bells / bells.max(), atol=0.02)


@pytest.mark.parametrize("values", [[3.0], [2.0, 2.0, 2.0]])
def test_equal_values_are_dense_everywhere(values: list[float]) -> None:
    """One value, however often, has no shape: a line is drawn."""
    levels, widths = density(np.array(values))
    assert levels.tolist() == [values[0]] * 2
    assert widths.tolist() == [1, 1]


def test_a_violin_marks_its_quartiles() -> None:
    """The median and both quartiles are drawn across it, no wider than it is there."""
    with built(full(kind="violin", y=[1, 2, 3, 4, 5, 6, 7])) as plot:
        (shape,) = (c for c in plot.axes.collections if isinstance(c, PolyCollection))
        lines = [c for c in plot.axes.collections if isinstance(c, LineCollection)]
        levels = [float(np.asarray(piece)[0][1]) for one in lines for piece in one.get_segments()]
        assert levels == [2.5, 5.5, 4]
        outline = np.asarray(shape.get_paths()[0].vertices)
        assert (outline[:, 1].min(), outline[:, 1].max()) == (1, 7)
        widest = max(
            abs(float(np.asarray(piece)[0][0])) for one in lines for piece in one.get_segments()
        )
        assert widest <= np.abs(outline[:, 0]).max() + 1e-9


def test_grouped_violins_stand_side_by_side() -> None:
    """Two series share the room of each group, and the legend names them."""
    series = [
        {"kind": "violin", "name": name, "x": ["a", "b"] * 9, "y": list(range(18))}
        for name in ("one", "two")
    ]
    with built(full(series=series)) as plot:
        shapes = [c for c in plot.axes.collections if isinstance(c, PolyCollection)]
        edges = [np.asarray(shape.get_paths()[0].vertices)[:, 0] for shape in shapes]
        assert edges[0].max() <= edges[1].min()
        assert [entry.name for entry in plot.entries] == ["one", "two"]
