import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawings import built, drawn, full, overlaps, restyled, strays, texts_of
from plotkiln.render.boxes import Box
from plotkiln.render.plot import Plot
from plotkiln.style.builtin import BUILTIN

LONG = "A label that is far too long for any picture and must be wrapped, shrunk or cut in the end"
DAYS = [f"2024-{month:02d}-{day:02d}" for month in range(1, 4) for day in range(1, 29)]
WORDS = ["auth", "search", "cart", "payments and everything that follows"]

CASES: dict[str, dict[str, Any]] = {
    "long_texts": {
        "title": LONG * 3,
        "subtitle": LONG * 2,
        "y": [1e6, 2.5e6, 4e6],
        "axes": {"x": {"label": LONG}, "y": {"label": LONG}},
    },
    "long_legend": {
        "title": "Stations",
        "series": [{"name": f"Station {n} {LONG[: n * 3]}", "y": [n, n + 1]} for n in range(25)],
    },
    "hundred_series": {"series": [{"name": f"S{n}", "y": [n, 1]} for n in range(100)]},
    "legend_bottom": {
        "series": [{"name": f"{WORDS[n % 4]} {n}", "y": [n, 3]} for n in range(9)],
        "legend": {"position": "bottom", "title": "Names"},
        "axes": {"x": {"label": "Label"}},
    },
    "legend_titled": {
        "series": [{"name": f"{WORDS[n % 4]} {n}", "y": [n, 3]} for n in range(4)],
        "legend": {"position": "right", "title": LONG},
    },
    "legend_top": {
        "title": "Title",
        "series": [{"name": f"series {n}", "y": [n, 3]} for n in range(4)],
        "legend": {"position": "top"},
    },
    "days": {"x": DAYS, "y": list(range(84)), "title": "Days"},
    "hours": {"x": [f"2024-03-05T{hour:02d}:30:00Z" for hour in range(24)], "y": [1] * 24},
    "instants": {"x": [f"2024-03-05T12:00:00.{n}00Z" for n in range(10)], "y": list(range(10))},
    "times_beside": {
        "kind": "bar", "orientation": "horizontal", "x": DAYS[:40], "y": list(range(40)),
    },
    "log": {"y": [1e-3, 1e9], "axes": {"y": {"type": "log", "label": "Log"}}},
    "narrow_log": {"y": [110, 190], "axes": {"y": {"type": "log"}}},
    "prefixes": {"y": [-5e5, 2e6], "axes": {"y": {"prefix": "€", "suffix": " million"}}},
    "many_categories": {
        "kind": "bar", "x": [f"Category {n}" for n in range(60)], "y": list(range(60)),
    },
    "long_categories": {
        "kind": "bar", "x": [f"{n} {LONG}" for n in range(6)], "y": list(range(6)),
    },
    "long_bars": {
        "kind": "bar", "orientation": "horizontal", "x": [f"{n} {LONG}" for n in range(12)],
        "y": list(range(12)), "axes": {"y": {"label": "Hours"}},
    },
    "many_bars": {
        "kind": "bar", "orientation": "horizontal", "x": [f"Bar {n}" for n in range(80)],
        "y": list(range(80)),
    },
    "errorbars": {
        "title": LONG,
        "series": [
            {
                "kind": "errorbar", "name": f"{n} {LONG}", "x": WORDS, "y": [n, 2, 3, 1],
                "error": [[n, 1e6], 2, 3, 4],
            }
            for n in range(3)
        ],
        "axes": {"y": {"label": LONG, "suffix": " units"}},
    },
    "violins": {
        "kind": "violin", "title": LONG, "orientation": "horizontal",
        "series": [
            {"name": f"{k} {LONG}", "x": WORDS * 5, "y": [(k + n * n) % 17 for n in range(20)]}
            for k in range(3)
        ],
        "axes": {"x": {"label": LONG}, "y": {"label": LONG}},
    },
    "candlesticks": {
        "title": LONG, "kind": "candlestick",
        "data": {
            "day": [day for n, day in enumerate(DAYS) if n % 7 < 5], "open": [3e6] * 60,
            "high": [9e6] * 60, "low": [1e6] * 60, "close": [4e6, 2e6] * 30,
        },
        "axes": {"y": {"label": LONG}, "x": {"label": LONG}},
    },
    "intraday": {
        "kind": "candlestick",
        "data": {
            "t": [f"2024-03-0{d}T{h:02d}:30Z" for d in (1, 4, 5) for h in range(9, 17)],
            "open": [3] * 24, "high": [9] * 24, "low": [1] * 24, "close": [4, 2] * 12,
        },
    },
    "heatmap": {
        "kind": "heatmap", "x": WORDS, "y": WORDS,
        "z": [[math.cos(row * column) for row in range(4)] for column in range(4)],
    },
    "contour": {
        "title": LONG, "kind": "contour",
        "z": [[1e6 * math.cos(row * column / 3) for row in range(8)] for column in range(6)],
        "axes": {"x": {"label": LONG}, "y": {"label": LONG}},
        "annotations": [{"type": "text", "x": 2, "y": n, "text": "Remark"} for n in range(4)],
    },
    "contour_lines": {
        "series": [
            {
                "kind": "contour", "filled": False, "levels": 30,
                "z": [[row**2 + column**3 for row in range(8)] for column in range(6)],
            }
        ],
        "annotations": [{"type": "text", "x": 2, "y": n, "text": "Remark"} for n in range(4)],
    },
    "hexbin": {
        "title": LONG, "kind": "hexbin", "x": [n % 7 for n in range(99)], "y": [0] * 90 + [5] * 9,
        "axes": {"x": {"label": LONG}, "y": {"label": LONG}},
    },
    "waterfall": {
        "title": LONG, "kind": "waterfall", "x": [f"{n} {LONG}" for n in range(6)],
        "y": [1e6, -2e6, 3e6, -4e5, None, 1], "axes": {"x": {"label": LONG}, "y": {"label": LONG}},
        "annotations": [{"type": "text", "x": f"1 {LONG}", "y": 1e6, "text": "Remark"}],
    },
    "long_waterfall": {
        "kind": "waterfall", "x": [f"Step {n}" for n in range(30)],
        "y": [(-1) ** n * n * 1000 for n in range(30)],
    },
    "radar": {
        "title": LONG, "kind": "radar",
        "series": [
            {"name": f"{n} {LONG}", "x": [f"{k} {LONG}" for k in range(7)], "y": [n + 1e6] * 7}
            for n in range(3)
        ],
    },
    "radar_of_many": {"kind": "radar", "x": [f"Corner {n}" for n in range(40)], "y": [9] * 40},
    "polar": {
        "kind": "polar", "x": list(range(0, 360, 5)), "y": [n * 1e4 for n in range(72)],
        "axes": {"y": {"suffix": " units"}},
    },
    "two_axes": {
        "title": LONG,
        "series": [
            {"name": f"{n} {LONG}", "x": WORDS, "y": [n, 1e6, 3e6, n], "axis": "y2" if n else "y"}
            for n in range(3)
        ],
        "axes": {"y": {"label": LONG}, "y2": {"label": LONG, "suffix": " units"}},
        "annotations": [{"type": "line", "y": 1e6, "text": "Remark"}],
    },
    "shades_and_two_axes": {
        "series": [
            {"kind": "scatter", "y": [1, 2], "z": [3e6, 4e6]}, {"y": [1e6, 2e6], "axis": "y2"},
        ],
    },
    "facets": {
        "title": LONG, "facets": {"by": [f"{n % 6} {LONG}" for n in range(24)]},
        "series": [
            {"name": f"{k} {LONG}", "x": [f"{n // 6} word" for n in range(24)], "y": [k * 1e6] * 24}
            for k in range(3)
        ],
        "axes": {"x": {"label": LONG}, "y": {"label": LONG}},
        "annotations": [{"type": "line", "y": 1e6, "text": "Remark"}],
    },
    "facets_own_axes": {
        "kind": "bar", "facets": {"by": [n % 5 for n in range(20)], "share": "none"},
        "x": [DAYS[n] for n in range(20)], "y": [10**(n % 5) for n in range(20)],
    },
    "many_facets": {
        "facets": {"by": [n % 30 for n in range(90)]}, "x": list(range(90)), "y": [1e6] * 90,
    },
    "shades": {"kind": "scatter", "y": [1, 2, 3], "z": [1e5, 2e6, 3e6], "title": "Shades"},
    "tiny_slices": {
        "kind": "pie", "x": ["A", "B", "C", "D tiny", "E tiny", "F tiny"],
        "y": [50, 30, 17, 1, 1, 1], "title": "Pie",
    },
    "long_slices": {"kind": "pie", "x": [f"{n} {LONG}" for n in range(5)], "y": [1] * 5},
    "many_slices": {
        "kind": "pie", "hole": 0.5, "x": [f"Country {n}" for n in range(30)], "y": [1] * 30,
    },
    "annotations": {
        "y": [10 + n / 2 + 3 * math.sin(n) for n in range(30)],
        "annotations": [
            {"type": "line", "y": 20, "text": "Target"},
            {"type": "band", "x": [10, 14], "text": "Freeze"},
            {"type": "text", "x": 29, "y": 24, "text": "Highest value of all so far"},
            {"type": "text", "x": 28.5, "y": 24, "text": "Another remark at the same place"},
            {"type": "line", "x": 25, "text": "Release"},
        ],
    },
}  # fmt: skip

SIZES = [(1200, 720, 120), (600, 400, 100), (300, 200, 100), (1500, 260, 150), (260, 800, 96)]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", list(CASES))
def test_no_text_is_clipped_or_overlapped(name: str, size: tuple[int, int, float]) -> None:
    """Every text lies within the picture and beside every other."""
    width, height, dpi = size
    spec = full(**CASES[name], size={"width": width, "height": height, "dpi": dpi})
    with built(spec) as plot:
        assert strays(plot) == []
        assert overlaps(plot) == []


NAMES = st.text(
    st.characters(max_codepoint=0x17F, exclude_categories=["C", "Z"], include_characters=" "),
    min_size=1,
    max_size=60,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    title=NAMES,
    names=st.lists(NAMES, min_size=1, max_size=12, unique=True),
    kind=st.sampled_from(["line", "bar", "box", "pie"]),
    low=st.floats(-1e12, 1e12),
    span=st.floats(1e-6, 1e9),
    size=st.tuples(st.integers(120, 900), st.integers(90, 700), st.sampled_from([50, 72, 120])),
)
def test_whatever_the_texts_nothing_is_clipped_or_overlapped(
    title: str, names: list[str], kind: str, low: float, span: float, size: tuple[int, int, int]
) -> None:
    """Texts of any length, in pictures of any size, keep apart."""
    low = abs(low) if kind == "pie" else low
    spec = full(
        title=title,
        subtitle=title[::-1],
        kind=kind,
        x=names,
        y=[low + span * place / len(names) + (kind == "pie") for place in range(len(names))],
        size={"width": size[0], "height": size[1], "dpi": size[2]},
    )
    with built(spec) as plot:
        assert strays(plot) == []
        assert overlaps(plot) == []


def _placed(plot: Plot, text: str) -> Box:
    return next(box for artist, box in texts_of(plot) if artist.get_text() == text)


def test_texts_that_are_cut_are_told() -> None:
    """A title that does not fit ends in an ellipsis, and the rendering says so."""
    rendering = drawn(y=[1, 2], title=LONG * 5, size={"width": 400, "height": 300, "dpi": 100})
    assert "the title is cut: it is too long for the picture" in rendering.warnings


def test_a_title_that_fits_is_not_touched() -> None:
    """A short title keeps its size and its text, without a warning."""
    with built(full(y=[1, 2], title="Short")) as plot:
        artist = next(text for text, _ in texts_of(plot) if text.get_text() == "Short")
        assert artist.get_fontsize() == 16
        assert plot.notes.texts() == ()


@pytest.mark.parametrize("loc", ["left", "center", "right"])
def test_the_title_stands_where_the_style_says(loc: str) -> None:
    """It is flush with an edge of the picture, or centred over the axes."""
    with built(full(y=[1, 2], title="Title"), restyled(title={"loc": loc})) as plot:
        box, frame = _placed(plot, "Title"), plot.axes.get_window_extent()
        where = {
            "left": box.left < frame.x0,
            "center": abs((box.left + box.right) / 2 - (frame.x0 + frame.x1) / 2) < 1,
            "right": box.right > frame.x1 - 1,
        }
        assert where[loc]


def test_the_legend_covers_no_line() -> None:
    """A legend goes into a free corner, else beside the axes."""
    free = full(series=[{"name": "a", "y": [0, 0, 0, 9]}, {"name": "b", "y": [0, 0, 0, 8]}])
    full_house = full(
        series=[{"name": str(n), "y": [n, 5 - n] * 20} for n in range(6)], legend={"title": "N"}
    )
    for spec, inside in ((free, True), (full_house, False)):
        with built(spec) as plot:
            legend = plot.figure.legends[0].get_window_extent(plot.ruler.renderer)
            frame = plot.axes.get_window_extent(plot.ruler.renderer)
            assert bool(legend.x0 < frame.x1) is inside


@pytest.mark.parametrize("position", ["right", "bottom", "top", "none"])
def test_the_legend_stands_where_the_spec_says(position: str) -> None:
    """It stands outside the axes on the side that is named, or is left out."""
    series = [{"name": name, "y": [1, 2]} for name in ("a", "b")]
    with built(full(series=series, legend={"position": position})) as plot:
        if position == "none":
            assert plot.figure.legends == []
            return
        legend = plot.figure.legends[0].get_window_extent(plot.ruler.renderer)
        frame = plot.axes.get_window_extent(plot.ruler.renderer)
        beyond = {
            "right": legend.x0 > frame.x1,
            "bottom": legend.y1 < frame.y0,
            "top": legend.y0 > frame.y1,
        }
        assert beyond[position]


def test_a_legend_needs_two_names_unless_it_is_asked_for() -> None:
    """One named series has a legend only when the spec says so, two unless it says no."""
    one, two = [{"name": "a", "y": [1]}], [{"name": "a", "y": [1]}, {"name": "b", "y": [2]}]
    for series, legend, shown in (
        (one, None, False), (one, True, True), (two, None, True), (two, False, False),
    ):  # fmt: skip
        spec = full(series=series, **({} if legend is None else {"legend": legend}))
        with built(spec) as plot:
            assert bool(plot.figure.legends) is shown


def test_legend_entries_without_room_are_told() -> None:
    """Of a hundred entries some are left out, and the rendering says how many."""
    rendering = drawn(**CASES["hundred_series"], size={"width": 500, "height": 300})
    assert any("of 100 legend entries are left out" in text for text in rendering.warnings)


def test_a_legend_without_room_is_told() -> None:
    """A picture too narrow for any entry has no legend, and says so."""
    series = [{"name": LONG, "y": [n, 1]} for n in range(3)]
    size = {"width": 120, "height": 300, "dpi": 150}
    warnings = drawn(series=series, legend={"position": "right"}, size=size).warnings
    assert any("legend" in warning for warning in warnings)


def test_a_stack_is_listed_from_its_top() -> None:
    """Beside stacked bars the legend reads in the order in which they lie."""
    series = [{"name": name, "kind": "bar", "y": [5, 5]} for name in ("low", "high")]
    with built(full(series=series, stack=True, legend={"position": "right"})) as plot:
        names = [text.get_text() for text in plot.figure.legends[0].get_texts()]
        assert names == ["high", "low"]


def test_years_have_no_thousands_separators_but_large_numbers_have() -> None:
    """2,019 is no year; 2,000,000 is easier to read than 2000000."""
    with built(full(x=[2019, 2020, 2021], y=[1e6, 2e6, 3e6], kind="bar")) as plot:
        texts = {text.get_text() for text, _ in texts_of(plot)}
        assert {"2019", "2020", "2021", "2,000,000"} <= texts


def test_thin_markers_are_left_out() -> None:
    """The style's markers are drawn where they stand apart, the spec's always."""
    sparse, dense = full(y=list(range(10))), full(y=list(range(2000)))
    insisted = full(series=[{"y": list(range(2000)), "marker": "o"}])
    for spec, shown in ((sparse, True), (dense, False), (insisted, True)):
        with built(spec) as plot:
            assert (plot.axes.lines[0].get_marker() != "None") is shown


def test_lone_points_of_a_dense_line_keep_their_markers() -> None:
    """A value between two gaps would be invisible without one."""
    values: list[float | None] = [math.sin(n / 50) for n in range(2000)]
    values[1000], values[1002] = None, None
    with built(full(y=values)) as plot:
        assert plot.axes.lines[0].get_markevery() == [1001]


def test_a_list_of_categories_reads_from_the_top() -> None:
    """The first of lying bars is the uppermost, unless the axis is reversed."""
    spec: dict[str, Any] = {
        "kind": "bar",
        "orientation": "horizontal",
        "x": ["a", "b"],
        "y": [1, 2],
    }
    for reverse in (False, True):
        with built(full(**spec, axes={"x": {"reverse": reverse}})) as plot:
            first, second = _placed(plot, "a"), _placed(plot, "b")
            assert (first.bottom > second.bottom) is not reverse


def test_small_pictures_tell_what_they_leave_out() -> None:
    """A thumbnail has no title, and says so."""
    size = {"width": 120, "height": 60, "dpi": 120}
    warnings = drawn(BUILTIN, y=[1, 2], title="Title", size=size).warnings
    assert any("too small for title" in warning for warning in warnings)
