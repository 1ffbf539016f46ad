"""Specs written out in full: what each short form and each kind becomes."""

import json
from typing import Any

import pytest

from plotkiln.spec import FullSpec, Limits, ParsedSpec, parse_spec
from plotkiln.spec.full import FullAnnotation, FullAxis, FullColumn, FullSeries


def parsed(spec: dict[str, Any]) -> ParsedSpec:
    """Parse a spec that must be good."""
    return parse_spec(json.dumps(spec).encode(), Limits())


def full(spec: dict[str, Any]) -> FullSpec:
    """Return a good spec in full."""
    return parsed(spec).full


def numbers(*values: float | None) -> FullColumn:
    """Make a column of numbers."""
    return FullColumn("number", list(values))


def texts(*values: str | None) -> FullColumn:
    """Make a column of categories."""
    return FullColumn("category", list(values))


def x_axis(spec: dict[str, Any]) -> FullAxis:
    """Return the x axis of a good spec."""
    axis = full(spec).x_axis
    assert axis is not None
    return axis


def test_the_shortest_spec_is_a_line() -> None:
    """Two lists are one line on linear axes, and everything else is left to the style."""
    series = FullSeries(kind="line", x=numbers(1, 2, 3), y=numbers(4, 1, 7))
    linear = FullAxis(type="linear")
    assert full({"x": [1, 2, 3], "y": [4, 1, 7]}) == FullSpec(
        series=[series], x_axis=linear, y_axis=linear
    )


def test_x_counts_where_it_is_missing() -> None:
    """Without x the values stand at 0, 1, 2, …."""
    assert full({"kind": "bar", "y": [5, None, 6]}).series[0].x == numbers(0, 1, 2)


DATA = {"month": ["2024-01", "2024-02"], "rain": [1, None], "sun": [3, 4], "note": ["a", None]}
RECORDS = [
    {"month": "2024-01", "rain": 1, "sun": 3, "note": "a"},
    {"sun": 4, "month": "2024-02"},
]
LONG: dict[str, Any] = {
    "series": [
        {"x": ["2024-01", "2024-02"], "y": [1, None], "name": "rain"},
        {"x": ["2024-01", "2024-02"], "y": [3, 4], "name": "sun"},
    ]
}


@pytest.mark.parametrize(
    "short",
    [
        {"data": DATA},
        {"data": RECORDS},
        {"data": DATA, "x": "month"},
        {"data": DATA, "x": "month", "y": ["rain", "sun"]},
        {"data": DATA, "x": ["2024-01", "2024-02"], "y": ["rain", "sun"]},
        {"data": RECORDS, "series": [{"x": "month", "y": "rain"}, {"x": "month", "y": "sun"}]},
    ],
)
def test_tables_equal_lists(short: dict[str, Any]) -> None:
    """Columns, records, names and lists of names are other ways to say the same."""
    assert full(short) == full(LONG)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ({"kind": "step", "y": [1]}, {"series": [{"kind": "step", "y": [1]}]}),
        ({"kind": "bar", "y": [1]}, {"kind": "bar", "series": [{"y": [1]}]}),
        (
            {"kind": "scatter", "x": [1], "y": [2], "z": [3]},
            {"series": [{"kind": "scatter", "x": [1], "y": [2], "z": [3]}]},
        ),
        (
            {"kind": "histogram", "y": [1, 2], "bins": 4},
            {"series": [{"kind": "histogram", "x": [1, 2], "bins": 4}]},
        ),
        (
            {"kind": "histogram", "data": {"a": [1, 2], "b": [3, 4]}, "bins": [0, 2, 4]},
            {
                "kind": "histogram",
                "series": [
                    {"x": [1, 2], "name": "a", "bins": [0, 2, 4]},
                    {"x": [3, 4], "name": "b", "bins": [0, 2, 4]},
                ],
            },
        ),
        (
            {"kind": "histogram", "data": {"a": [1, 2], "b": [3, 4]}, "x": "b"},
            {"kind": "histogram", "series": [{"x": [3, 4], "name": "b"}]},
        ),
        (
            {"kind": "box", "data": {"a": [1, 2], "b": [3, 4]}},
            {"kind": "box", "series": [{"y": [1, 2], "name": "a"}, {"y": [3, 4], "name": "b"}]},
        ),
        (
            {"kind": "violin", "data": {"a": [1, 2], "b": [3, 4]}},
            {"kind": "violin", "series": [{"y": [1, 2], "name": "a"}, {"y": [3, 4], "name": "b"}]},
        ),
        (
            {"kind": "pie", "data": {"who": ["a", "b"], "share": [1, 2]}},
            {"series": [{"kind": "pie", "x": ["a", "b"], "y": [1, 2], "name": "share"}]},
        ),
        (
            {"data": {"only": [3, 4]}},
            {"series": [{"y": [3, 4], "name": "only"}]},
        ),
        (
            {"kind": "heatmap", "data": {"day": ["Mo", "Tu"], "am": [1, 2], "pm": [3, None]}},
            {"kind": "heatmap", "x": ["am", "pm"], "y": ["Mo", "Tu"], "z": [[1, 3], [2, None]]},
        ),
    ],
)
def test_shorthand_equals_the_full_form(short: dict[str, Any], long: dict[str, Any]) -> None:
    """A short form expands to just what its long form does."""
    assert full(short) == full(long)


def test_columns_that_are_left_out_are_told() -> None:
    """A column of text among the series is left out with a warning."""
    assert parsed({"data": DATA}).warnings == ("data.note: is left out: it holds no numbers",)


def test_types_are_found_from_the_values() -> None:
    """Times become days, other texts categories, gaps are gaps of any type."""
    assert full({"x": ["1970-01-02", None], "y": [1, 2]}).series[0].x == FullColumn(
        "time", [1.0, None]
    )
    assert full({"x": ["2023", "2024"], "y": [1, 2]}).series[0].x == texts("2023", "2024")
    assert x_axis({"x": ["2024-01", None], "y": [1, 2]}).type == "time"


def test_an_axis_of_categories_takes_everything() -> None:
    """Asked for categories, numbers and times are texts: 1.0 is 1."""
    spec = {
        "axes": {"x": {"type": "category"}},
        "series": [{"x": [1.0, 2.5, "a"], "y": [1, 1, 1]}, {"y": [1]}],
    }
    series = full(spec).series
    assert (series[0].x, series[1].x) == (texts("1", "2.5", "a"), texts("0"))
    assert x_axis(spec).categories == ["1", "2.5", "a", "0"]


def test_categories_come_in_order_of_appearance() -> None:
    """All series together make the categories, each once."""
    spec = {"series": [{"x": ["b", None, "a"], "y": [1, 2, 3]}, {"x": ["c", "b"], "y": [1, 2]}]}
    assert x_axis(spec).categories == ["b", "a", "c"]


def test_limits_are_numbers_on_the_axis() -> None:
    """Times become days, and an end that is null is left to the data."""
    spec = {
        "x": ["2024-01", "2024-02"],
        "y": [1, 2],
        "axes": {"x": {"limits": ["1970-01-11", None]}, "y": {"limits": [None, 9]}},
    }
    axis = x_axis(spec)
    assert (axis.low, axis.high) == (10.0, None)
    assert full(spec).y_axis == FullAxis(type="linear", high=9.0)


def test_a_log_axis_leaves_out_what_it_cannot_show() -> None:
    """Values of 0 or less become gaps, and a warning counts them."""
    spec = {"x": [0, 1, 10], "y": [5, -1, 3], "axes": {"x": {"type": "log"}, "y": {"type": "log"}}}
    found = parsed(spec)
    assert found.full.series[0].x == numbers(None, 1, 10)
    assert found.full.series[0].y == numbers(5, None, 3)
    assert found.warnings == (
        "x: 1 value of 0 or less left out, which a log axis cannot show",
        "y: 1 value of 0 or less left out, which a log axis cannot show",
    )


def test_bars_at_one_place_are_told() -> None:
    """A position that comes twice draws one bar over another, with a warning."""
    warnings = parsed({"kind": "bar", "x": ["a", "a"], "y": [1, 2]}).warnings
    assert warnings == ("x: has positions that come twice, where one bar hides another",)


def test_scatters_have_shades_and_sizes() -> None:
    """Z gives each point a colour value, size one area or one per point."""
    spec = {
        "series": [
            {"kind": "scatter", "y": [1, 2], "z": [3, None], "size": [4, None]},
            {"kind": "scatter", "y": [1], "size": 9, "marker": "s", "alpha": 0.5},
        ]
    }
    one, two = full(spec).series
    assert (one.shade, one.size) == ([3.0, None], [4.0, None])
    assert (two.size, two.marker, two.alpha) == (9.0, "s", 0.5)


def test_boxes_stand_on_groups_or_on_their_names() -> None:
    """Groups are categories whatever they are; without them the series' names are."""
    grouped = {"kind": "box", "x": [2023, 2024, 2023], "y": [1, 2, 3]}
    assert full(grouped).series[0].x == texts("2023", "2024", "2023")
    assert x_axis(grouped).categories == ["2023", "2024"]
    named = {"kind": "box", "series": [{"y": [1], "name": "A"}, {"y": [2]}]}
    assert x_axis(named).categories == ["A", "2"]
    assert x_axis({"kind": "box", "y": [1, 2]}).categories == [""]
    assert [one.x for one in full(named).series] == [None, None]


def test_pies_leave_gaps_out() -> None:
    """A share that is a gap goes with its label; labels are texts."""
    pie = full({"kind": "pie", "x": [1, "b", "c"], "y": [3, None, 1], "hole": 0.6})
    assert (pie.series[0].x, pie.series[0].y) == (texts("1", "c"), numbers(3, 1))
    assert (pie.x_axis, pie.y_axis, pie.hole) == (None, None, 0.6)


def test_heatmaps_are_in_rising_order() -> None:
    """Rows and columns at numbers or times are sorted with their cells; categories stay."""
    heatmap = {"kind": "heatmap", "x": ["b", "a"], "y": [20, 10], "z": [[1, 2], [3, None]]}
    series = full(heatmap).series[0]
    assert (series.x, series.y) == (texts("b", "a"), numbers(10, 20))
    assert series.cells == [[3.0, None], [1.0, 2.0]]
    assert full({"kind": "heatmap", "z": [[1, 2]]}).series[0].x == numbers(0, 1)


def test_heatmaps_pivot_one_value_per_point() -> None:
    """Three columns of equal length become cells; what is not there is a gap."""
    spec = {
        "kind": "heatmap",
        "data": [
            {"hour": 2, "day": "Mo", "load": 1},
            {"hour": 1, "day": "Tu", "load": 2},
            {"hour": 1, "day": "Mo", "load": 3},
            {"hour": None, "day": "Mo", "load": 4},
        ],
        "x": "hour",
        "y": "day",
        "z": "load",
    }
    series = full(spec).series[0]
    assert (series.x, series.y) == (numbers(1, 2), texts("Mo", "Tu"))
    assert series.cells == [[3.0, 1.0], [2.0, None]]


STACK: dict[str, Any] = {
    "kind": "area",
    "stack": True,
    "series": [{"x": [3, 1], "y": [30, 10]}, {"x": [1, 2], "y": [1, None]}],
}


def test_stacked_series_share_their_positions() -> None:
    """Stacked series get every position of all, in order, and zero where they lack one."""
    found = parsed(STACK)
    assert [one.x for one in found.full.series] == [numbers(1, 2, 3)] * 2
    assert [one.y for one in found.full.series] == [numbers(10, 0, 30), numbers(1, 0, 0)]
    assert found.warnings == (
        "series[0].y: 1 of 3 positions missing, stacked as 0",
        "series[1].y: 2 of 3 positions missing, stacked as 0",
    )


def test_stacked_bars_need_no_warning() -> None:
    """A bar that is not there is a bar of zero; categories keep the order of appearance."""
    series = [
        {"x": ["b", "a"], "y": [1, 2]},
        {"x": ["c"], "y": [3]},
        {"kind": "line", "x": ["a"], "y": [9]},
    ]
    found = parsed({"kind": "bar", "stack": True, "series": series})
    assert found.warnings == ()
    assert found.full.series[0].x == texts("b", "a", "c")
    assert found.full.series[1].y == numbers(0, 0, 3)
    assert found.full.series[2].x == texts("a")


def test_series_that_agree_are_stacked_as_they_are() -> None:
    """Equal positions stay in the order in which they were sent, twice or not."""
    series = [{"x": [2, 1, 1], "y": [1, None, 3]}] * 2
    found = full(STACK | {"series": series})
    assert (found.series[0].x, found.series[1].y) == (numbers(2, 1, 1), numbers(1, 0, 3))


def test_annotations_stand_on_the_axes() -> None:
    """Times are days, categories positions; a band of categories covers them wholly."""
    remarks = [
        {"type": "line", "x": "b", "text": "here", "color": "C1"},
        {"type": "band", "x": ["a", "b"]},
        {"type": "text", "x": "a", "y": 2, "text": "low"},
    ]
    found = full({"x": ["a", "b"], "y": [1, 2], "annotations": remarks}).annotations
    assert found == [
        FullAnnotation(type="line", x=[1.0], text="here", color="C1"),
        FullAnnotation(type="band", x=[-0.5, 1.5]),
        FullAnnotation(type="text", x=[0.0], y=[2.0], text="low"),
    ]
    band = {"type": "band", "x": ["1970-01-02", "1970-01-03T12:00Z"]}
    times = full({"x": ["2024-01", "2024-02"], "y": [1, 2], "annotations": [band]})
    assert times.annotations[0].x == [1.0, 2.5]


@pytest.mark.parametrize(
    ("legend", "shown", "position"),
    [
        (None, None, "best"),
        (True, True, "best"),
        (False, False, "best"),
        ({"position": "right"}, None, "right"),
        ({"position": "none"}, False, "none"),
    ],
)
def test_legends_are_shown_as_asked(legend: Any, shown: bool | None, position: str) -> None:
    """True and false decide; a position alone leaves it to the drawing, `none` hides it."""
    found = full({"y": [1], "legend": legend})
    assert (found.legend, found.legend_position) == (shown, position)


def test_size_and_words_are_handed_on() -> None:
    """What needs no settling arrives as it was sent."""
    spec = {
        "y": [1],
        "title": "中文标题",
        "subtitle": "s",
        "alt": "a",
        "size": {"width": 800, "height": 400, "dpi": 96},
        "axes": {"x": {"label": "l", "prefix": "€", "suffix": "!", "grid": False, "reverse": True}},
    }
    found = full(spec)
    assert (found.title, found.subtitle, found.alt) == ("中文标题", "s", "a")
    assert (found.width, found.height, found.dpi) == (800, 400, 96.0)
    assert found.x_axis == FullAxis(
        type="linear", label="l", prefix="€", suffix="!", grid=False, reverse=True
    )


@pytest.mark.parametrize("style", ["default", "Dark.2", "a@17", "a@sha256:" + "0" * 64])
def test_styles_may_be_pinned(style: str) -> None:
    """A style is a name, or a name at a version or a content; whether it exists is not asked."""
    assert parsed({"y": [1], "style": style}).spec.style == style
