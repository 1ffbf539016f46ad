from typing import Any

import matplotlib as mpl
import pytest

from drawings import PROVENANCE, drawn, full, restyled
from pixels import differing, pixels_of
from plotkiln.errors import DrawingFailed
from plotkiln.render import draw
from plotkiln.spec.full import FullAxis, FullColumn, FullSeries, FullSpec
from plotkiln.style.builtin import BUILTIN

SMALL = {"width": 240, "height": 150, "dpi": 50}

SPECS: dict[str, dict[str, Any]] = {
    "line": {"y": [1, 3, 2], "title": "$x^2$ and more", "size": SMALL},
    "bars": {"x": ["a", "b"], "y": [1, 2], "kind": "bar", "stack": True, "size": SMALL},
    "heatmap": {"z": [[1, 2], [3, 4]], "kind": "heatmap", "size": SMALL},
    "contour": {"z": [[1, 2], [3, 5]], "kind": "contour", "size": SMALL},
    "hexbin": {"x": [1, 2, 2], "y": [3, 4, 4], "kind": "hexbin", "size": SMALL},
    "waterfall": {"x": ["a", "b"], "y": [3, -4], "kind": "waterfall", "size": SMALL},
    "polar": {"x": [0, 90], "y": [3, 4], "kind": "polar", "size": SMALL},
    "radar": {"x": ["a", "b", "c"], "y": [3, 4, 1], "kind": "radar", "size": SMALL},
    "two axes": {"series": [{"y": [1, 2]}, {"y": [100, 90], "axis": "y2"}], "size": SMALL},
    "facets": {"y": [1, 2, 3, 4], "facets": {"by": ["a", "b", "a", "b"]}, "size": SMALL},
    "pie": {"x": ["a", "b"], "y": [1, 2], "kind": "pie", "size": SMALL},
    "log": {"y": [1, 100, 1000], "axes": {"y": {"type": "log"}}, "size": SMALL},
    "candles": {
        "series": [{"kind": "candlestick", "open": [1], "high": [3], "low": [0], "close": [2]}],
        "size": SMALL,
    },
    "errors": {
        "series": [{"kind": "errorbar", "y": [1, 2], "error": 1, "x_error": 1}],
        "size": SMALL,
    },
}

LOUD = restyled(
    rc={"lines.linewidth": 9.0, "mathtext.default": "regular", "axes.xmargin": 0.4},
    font={"size": 15.0, "family": ["DejaVu Serif"]},
    palette=["#FF0000", "#00FF00"],
    watermark={"text": "Secret"},
)


@pytest.mark.parametrize("between", list(SPECS))
@pytest.mark.parametrize("name", ["line", "pie"])
def test_regression_nothing_leaks_from_one_drawing_to_the_next(name: str, between: str) -> None:
    """A drawing gives the same bytes and warnings after any other, in any style."""
    first = drawn(**SPECS[name])
    drawn(LOUD, **SPECS[between])
    second = drawn(**SPECS[name])
    assert first.data == second.data
    assert first.warnings == second.warnings


def test_regression_a_failed_drawing_leaves_nothing_behind() -> None:
    """After a refused drawing the rcParams are as before, and so are the bytes."""
    first, params = drawn(**SPECS["line"]), dict.copy(mpl.rcParams)
    broken = FullSpec(
        series=[FullSeries(kind="line", y=FullColumn("number", [1.0]), color="no colour")],
        x_axis=FullAxis(type="linear"),
        y_axis=FullAxis(type="linear"),
    )
    with pytest.raises(DrawingFailed, match="no colour"):
        draw(broken, LOUD, format="png", provenance=PROVENANCE)
    assert dict.copy(mpl.rcParams) == params
    assert drawn(**SPECS["line"]).data == first.data


def test_the_user_s_rcparams_have_no_effect() -> None:
    """What a matplotlibrc has set in this process does not show in a picture."""
    plain = drawn(**SPECS["line"])
    with mpl.rc_context({"lines.linewidth": 20, "axes.facecolor": "red", "font.size": 30}):
        assert drawn(**SPECS["line"]).data == plain.data


def test_rc_that_cannot_be_drawn_is_left_out_with_a_warning() -> None:
    """A style's rc never breaks a drawing."""
    style = restyled(rc={"axes.xmargin": float("nan")})
    rendering = drawn(style, **SPECS["line"])
    assert rendering.data == drawn(**SPECS["line"]).data
    assert any("rc" in warning for warning in rendering.warnings)


def test_rc_that_matplotlib_does_not_know_is_left_out_with_a_warning() -> None:
    """The rest of a style's rc serves all the same."""
    style = restyled(rc={"no.such": 1, "figure.dpi": 300, "lines.linewidth": 8.0})
    rendering = drawn(style, **SPECS["line"])
    alike = drawn(restyled(lines={"linewidth": 8.0}), **SPECS["line"])
    assert rendering.data == alike.data
    assert [warning for warning in rendering.warnings if "no.such" in warning]
    assert [warning for warning in rendering.warnings if "figure.dpi" in warning]


def test_rc_comes_last() -> None:
    """What rc says beats what a section says."""
    said = restyled(lines={"linewidth": 1.0}, rc={"lines.linewidth": 6.0})
    assert (
        drawn(said, **SPECS["line"]).data
        == drawn(restyled(lines={"linewidth": 6.0}), **SPECS["line"]).data
    )


def test_stages_are_told() -> None:
    """A rendering says how long building, drawing and encoding took."""
    stages = drawn(**SPECS["line"]).stages
    assert set(stages) == {"build", "draw", "encode"}
    assert all(stages[name] >= 0 for name in stages)


@pytest.mark.parametrize("size", [(16, 16), (16, 400), (400, 16), (40, 30), (90, 60)])
@pytest.mark.parametrize("name", list(SPECS))
def test_the_smallest_pictures_are_drawn(name: str, size: tuple[int, int]) -> None:
    """A picture with no room for texts shows its data, and says what it left out."""
    spec = SPECS[name] | {"size": {"width": size[0], "height": size[1], "dpi": 100}, "title": "T"}
    pixels = pixels_of(drawn(**spec).data)
    assert pixels.shape[:2] == (size[1], size[0])
    assert pixels.min() < 250


@pytest.mark.parametrize(
    "values",
    [
        [1e300, -1e300, 0],
        [1e-300, 2e-300],
        [5, 5, 5],
        [0, 0],
        [1e15, 1e15 + 1],
        [None, 3, None],
        [-1e9, 1e9],
    ],
)
@pytest.mark.parametrize(
    "kind", ["line", "bar", "scatter", "area", "step", "box", "violin", "histogram", "waterfall"]
)
def test_extreme_values_are_drawn(kind: str, values: list[float | None]) -> None:
    """The largest, the smallest and the flattest data have a picture."""
    spec: dict[str, Any] = {"kind": kind, "y": values, "size": SMALL}
    if kind == "waterfall":
        spec["x"] = [str(n) for n in range(len(values))]
    assert drawn(**spec).data.startswith(b"\x89PNG")


@pytest.mark.parametrize("values", [[1e300, -1e300, 0], [1e-300, 2e-300], [5, 5, 5], [None, 3]])
@pytest.mark.parametrize("norm", ["linear", "log"])
def test_extreme_points_are_counted(values: list[float | None], norm: str) -> None:
    """The largest, the smallest and the flattest points have a picture of hexagons."""
    series = [{"kind": "hexbin", "x": values, "y": values, "norm": norm}]
    assert drawn(series=series, size=SMALL).data.startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", ["line", "bar", "scatter", "area", "violin"])
def test_extreme_values_are_drawn_on_a_log_axis(kind: str) -> None:
    """A log axis shows three hundred powers of ten, and a single value."""
    for values in ([1e-300, 1e300], [7], [1e-5, 1], [1, 1.0000001]):
        spec: dict[str, Any] = {
            "kind": kind,
            "y": values,
            "axes": {"y": {"type": "log"}},
            "size": SMALL,
        }
        assert drawn(**spec).data.startswith(b"\x89PNG")


def test_the_spec_insists_against_the_style() -> None:
    """Colour, marker, line style, line width and opacity of a series beat the style's."""
    style = restyled(lines={"marker": "s", "linestyle": ":", "linewidth": 7.0})
    insisted = {
        "marker": "o",
        "linestyle": "-",
        "linewidth": BUILTIN.lines and BUILTIN.lines.linewidth,
        "color": "#007ACC",
        "alpha": 1.0,
    }
    series = [{"y": [1, 3, 2], **insisted}]
    plain = pixels_of(drawn(y=[1, 3, 2], size=SMALL).data)
    for other in (style, restyled(style, palette=["red"])):
        assert differing(pixels_of(drawn(other, series=series, size=SMALL).data), plain) == 0


def test_the_spec_s_grid_beats_the_style_s() -> None:
    """An axis with `grid` false has no lines across it, one with true has, whatever the style."""
    without = restyled(axes={"grid": False})
    both = {"x": {"grid": True}, "y": {"grid": True}}
    assert drawn(without, y=[1, 2], axes=both, size=SMALL).data == drawn(y=[1, 2], size=SMALL).data
    neither = {"x": {"grid": False}, "y": {"grid": False}}
    bare = drawn(without, y=[1, 2], size=SMALL).data
    assert drawn(y=[1, 2], axes=neither, size=SMALL).data == bare


def test_a_palette_colour_is_named_by_its_number() -> None:
    """C1 is the palette's second colour."""
    style = restyled(palette=["#FF0000", "#00FF00"])
    named = drawn(style, series=[{"y": [1, 2], "color": "C1"}], size=SMALL).data
    assert named == drawn(style, series=[{"y": [1, 2], "color": "#00FF00"}], size=SMALL).data


def test_a_full_spec_needs_no_axes() -> None:
    """Axes that are not given are linear."""
    spec = FullSpec(series=[FullSeries(kind="line", y=FullColumn("number", [1.0, 2.0]))])
    assert draw(spec, BUILTIN, format="png", provenance=PROVENANCE).data


def test_an_alternative_text_is_written_where_none_is_given() -> None:
    """The description names kind, axes and series."""
    spec = full(
        title="Sales", series=[{"name": "A", "y": [1]}], axes={"x": {"label": "Month"}}, size=SMALL
    )
    data = draw(spec, BUILTIN, format="svg", provenance=PROVENANCE).data.decode()
    assert ">Sales. Line chart: Month, showing A.</desc>" in data
