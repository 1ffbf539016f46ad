"""Every fault of a spec, with its exact place and words."""

import json
from typing import Any

import pytest

from plotkiln.errors import InputError, MalformedError, RuleError, SchemaError
from plotkiln.spec import Limits, parse_spec

Faults = list[tuple[str, str]]

#: How a mixed column may be mended.
AS_TEXT = "(set the axis type to category to take all as text)"


def faults_of(spec: Any, limits: Limits | None = None) -> tuple[type[InputError], Faults]:
    """Parse a spec that must be refused; return the error's type and its faults."""
    data = spec if isinstance(spec, bytes) else json.dumps(spec).encode()
    with pytest.raises(InputError) as refused:
        parse_spec(data, limits or Limits())
    return type(refused.value), [(fault.path, fault.message) for fault in refused.value.faults]


RULES: dict[str, tuple[dict[str, Any], Faults]] = {
    "nothing": (
        {},
        [
            ("", "there is nothing to draw: give y, series, or data"),
        ],
    ),
    "no series": (
        {"series": []},
        [
            ("series", "is empty: give at least one"),
        ],
    ),
    "series beside shorthand": (
        {"series": [{"y": [1]}], "x": [1], "y": [1], "z": [1], "bins": 3},
        [
            ("x", "is given beside series: move it into the series it belongs to"),
            ("y", "is given beside series: move it into the series it belongs to"),
            ("z", "is given beside series: move it into the series it belongs to"),
            ("bins", "is given beside series: move it into the series it belongs to"),
        ],
    ),
    "style form": (
        {"y": [1], "style": "a/b"},
        [
            ("style", '"a/b" is no style\'s name: write name or name@version'),
        ],
    ),
    "member of another kind": (
        {
            "series": [
                {"y": [1], "bins": 3},
                {"kind": "bar", "y": [1], "marker": "o", "where": "mid"},
                {"kind": "line", "y": [1], "z": [1], "size": 3.0},
            ]
        },
        [
            ("series[0].bins", "only a histogram has bins"),
            ("series[1].where", "only a step has where"),
            ("series[1].marker", "a bar has no marker: remove it"),
            ("series[2].z", "only a scatter, a heatmap or a contour has z"),
            ("series[2].size", "only a scatter has size"),
        ],
    ),
    "needs": (
        {"series": [{"x": [1]}, {"kind": "histogram"}, {"kind": "histogram", "x": [1], "y": [1]}]},
        [
            ("series[0]", "a line needs y"),
            ("series[1]", "a histogram needs x or y"),
            ("series[2].y", "a histogram takes x or y, not both"),
        ],
    ),
    "pie needs": (
        {"kind": "pie", "x": ["a"]},
        [
            ("", "a pie needs y"),
        ],
    ),
    "colour": (
        {
            "series": [{"y": [1], "color": "bluish"}],
            "annotations": [{"type": "line", "x": 0, "color": "#12"}],
        },
        [
            (
                "series[0].color",
                '"bluish" is no colour: write #007ACC, a CSS name, or C0 of the palette',
            ),
            (
                "annotations[0].color",
                '"#12" is no colour: write #007ACC, a CSS name, or C0 of the palette',
            ),
        ],
    ),
    "lengths": (
        {
            "series": [
                {"x": [1, 2, 3], "y": [1, 2, 3, 4, 5]},
                {"kind": "scatter", "x": [1, 2], "y": [1], "z": [1, 2, 3], "size": [1]},
            ]
        },
        [
            ("series[0]", "x has 3 values, y has 5: they must be as many"),
            ("series[1]", "x has 2 values, y has 1, z has 3, size has 1: they must be as many"),
        ],
    ),
    "shorthand lengths": (
        {"x": [1, 2, 3], "y": [1, 2, 3, 4, 5]},
        [
            ("", "x has 3 values, y has 5: they must be as many"),
        ],
    ),
    "empty": (
        {"series": [{"y": []}, {"y": [None, None]}, {"x": [], "y": []}]},
        [
            ("series[0].y", "has no values: give at least one that is not null"),
            ("series[1].y", "has no values: give at least one that is not null"),
            ("series[2].x", "has no values: give at least one that is not null"),
        ],
    ),
    "no common point": (
        {"x": [1, None], "y": [None, 2]},
        [
            ("", "has no point with both x and y: fill some of the gaps"),
        ],
    ),
    "text in y": (
        {"y": [1, None, "2"]},
        [
            ("y[2]", '"2" is text: y must be numbers'),
        ],
    ),
    "texts as y": (
        {"series": [{"y": [1]}, {"y": ["a", "b"]}]},
        [
            ("series[1].y[0]", '"a" is text: y must be numbers'),
        ],
    ),
    "mixed numbers first": (
        {"x": [1, 2, 3, "four"], "y": [1, 2, 3, 4]},
        [
            (
                "x[3]",
                f'"four" is text among numbers: a column never mixes them {AS_TEXT}',
            ),
        ],
    ),
    "mixed text first": (
        {"x": ["a", 2], "y": [1, 2]},
        [
            (
                "x[1]",
                f"2 is a number among text: a column never mixes them {AS_TEXT}",
            ),
        ],
    ),
    "times among text": (
        {"x": ["2024-01-01", "later"], "y": [1, 2]},
        [
            (
                "x[1]",
                f'"later" is not a time, but others are: a column never mixes them {AS_TEXT}',
            ),
        ],
    ),
    "text among times": (
        {"x": ["Jan", "2024-02-01"], "y": [1, 2]},
        [
            (
                "x[1]",
                f'"2024-02-01" is a time, but others are not: a column never mixes them {AS_TEXT}',
            ),
        ],
    ),
    "no such day": (
        {"x": ["2024-02-30", "2024-02-28"], "y": [1, 2]},
        [
            ("x[0]", '"2024-02-30" names no day or hour of the calendar'),
        ],
    ),
    "axis types differ": (
        {
            "series": [
                {"x": [1, 2], "y": [1, 2]},
                {"x": ["a", "b"], "y": [1, 2]},
                {"x": ["2024-01", "2024-02"], "y": [1, 2]},
            ]
        },
        [
            (
                "series[1].x",
                "holds categories, but series[0].x holds numbers: one axis has one type",
            ),
            ("series[2].x", "holds times, but series[0].x holds numbers: one axis has one type"),
        ],
    ),
    "missing x beside times": (
        {"series": [{"x": ["2024-01"], "y": [1]}, {"y": [1]}]},
        [
            ("series[1].x", "is missing, and the x axis holds times: give them here too"),
        ],
    ),
    "missing x beside categories": (
        {"series": [{"x": ["a"], "y": [1]}, {"y": [1]}]},
        [
            ("series[1].x", "is missing, and the x axis holds categories: give them here too"),
        ],
    ),
    "forced linear": (
        {"x": ["a"], "y": [1], "axes": {"x": {"type": "linear"}}},
        [
            ("x[0]", '"a" is text: a linear axis needs numbers'),
        ],
    ),
    "forced time on numbers": (
        {"x": [1], "y": [1], "axes": {"x": {"type": "time"}}},
        [
            ("x[0]", "1 is a number, not a time: write it as 2024-03-01 or 2024-03-01T12:30:00Z"),
        ],
    ),
    "forced time on text": (
        {"x": ["a"], "y": [1], "axes": {"x": {"type": "time"}}},
        [
            ("x[0]", '"a" is not a time: write it as 2024-03-01 or 2024-03-01T12:30:00Z'),
        ],
    ),
    "y of categories": (
        {"y": [1], "axes": {"y": {"type": "category"}}},
        [
            ("axes.y.type", "this axis holds numbers: choose linear or log"),
        ],
    ),
    "log without positive": (
        {"y": [0, -1], "axes": {"y": {"type": "log"}}},
        [
            ("y", "has no value above 0: a log axis can show none of it"),
        ],
    ),
    "limits": (
        {"y": [1], "axes": {"x": {"limits": [3, 3]}, "y": {"type": "log", "limits": [0, "a"]}}},
        [
            ("axes.y.limits[0]", "0 has no place on a log axis: give a number above 0"),
            ("axes.y.limits[1]", '"a" is text, but the values of this axis are numbers'),
            (
                "axes.x.limits",
                "the first must be less than the second (set reverse to turn the axis round)",
            ),
        ],
    ),
    "limits of times": (
        {"x": ["2024-01"], "y": [1], "axes": {"x": {"limits": [5, "soon"]}}},
        [
            ("axes.x.limits[0]", "5 is not a time, as this axis has them: write 2024-03-01"),
            ("axes.x.limits[1]", '"soon" is not a time, as this axis has them: write 2024-03-01'),
        ],
    ),
    "limits of categories": (
        {"x": ["a"], "y": [1], "axes": {"x": {"limits": ["a", None]}}},
        [
            ("axes.x.limits", "a category axis has no limits: leave categories out instead"),
        ],
    ),
    "formats": (
        {"y": [1], "axes": {"x": {"format": "{:.1f}"}, "y": {"format": "%d %b"}}},
        [
            (
                "axes.y.format",
                "is no format of numbers: `,.1f` writes 1,234.5 and `.0%` writes 12%",
            ),
            (
                "axes.x.format",
                "is no format of numbers: `,.1f` writes 1,234.5 and `.0%` writes 12%",
            ),
        ],
    ),
    "format of times": (
        {"x": ["2024-01"], "y": [1], "axes": {"x": {"format": ",.1f"}}},
        [
            (
                "axes.x.format",
                "is no format of times: `%d %b` writes 05 Mar and `%Y-%m` writes 2024-03",
            ),
        ],
    ),
    "format of categories": (
        {"x": ["a"], "y": [1], "axes": {"x": {"format": "d", "prefix": "€"}}},
        [
            (
                "axes.x.format",
                "a category axis has no format: its labels are the categories themselves",
            ),
            ("axes.x.prefix", "goes with numbers only, and this axis has none"),
        ],
    ),
    "no data": (
        {"x": "a", "y": "b"},
        [
            ("x", "names a column, but there is no data: give a list, or data"),
            ("y", "names a column, but there is no data: give a list, or data"),
        ],
    ),
    "no column": (
        {"data": {"month": [1], "rain": [2]}, "x": "mouth", "y": "rain"},
        [
            ("x", 'data has no column "mouth" (did you mean month?): its columns are month, rain'),
        ],
    ),
    "no columns": (
        {"data": {"month": [1], "rain": [2]}, "x": "month", "y": ["rain", "snow"]},
        [
            ("y[1]", 'data has no column "snow": its columns are month, rain'),
        ],
    ),
    "empty data": (
        {"data": {}},
        [
            ("data", "has no columns"),
        ],
    ),
    "no number column": (
        {"data": {"a": ["x"], "b": ["y"]}},
        [
            ("data", "has no column of numbers to draw"),
        ],
    ),
    "ragged data": (
        {"data": {"a": [1, 2], "b": [1]}},
        [
            ("data.b", "has 1 value, data.a has 2: fill with null"),
        ],
    ),
    "value in data": (
        {"data": [{"a": 1, "b": 2}, {"a": "x", "b": 3}], "x": "a", "y": "b"},
        [
            (
                "data[1].a",
                f'"x" is text among numbers: a column never mixes them {AS_TEXT}',
            ),
        ],
    ),
    "company": (
        {
            "series": [
                {"kind": "pie", "y": [1]},
                {"kind": "line", "y": [1]},
                {"kind": "pie", "y": [1]},
            ]
        },
        [
            ("series[1]", "a line cannot share a picture with a pie: draw two"),
            ("series[2]", "a pie is the only series of its picture: draw two"),
        ],
    ),
    "two heatmaps": (
        {"kind": "heatmap", "series": [{"z": [[1]]}, {"z": [[1]]}]},
        [
            ("series[1]", "a heatmap is the only series of its picture: draw two"),
        ],
    ),
    "options of no kind": (
        {"y": [1], "stack": True, "orientation": "horizontal", "hole": 0.5},
        [
            ("stack", "only a bar or an area stacks: remove it"),
            ("orientation", "only a bar, a box or a violin can be horizontal, not a line"),
            ("hole", "only a pie has a hole"),
        ],
    ),
    "pie": (
        {"kind": "pie", "y": [1, -2], "axes": {"x": {}}, "annotations": [{"type": "line", "x": 1}]},
        [
            ("y[1]", "-2 is no share: give 0 or more"),
            ("axes", "a pie has no axes: remove it"),
            ("annotations", "a pie has no axes: remove it"),
        ],
    ),
    "zero pie": (
        {"kind": "pie", "y": [0, None, 0]},
        [
            ("y", "all shares are 0: at least one must be more"),
        ],
    ),
    "histogram of texts": (
        {"kind": "histogram", "x": ["a", "b"]},
        [
            ("x", "a histogram needs numbers or times: count texts and draw a bar"),
        ],
    ),
    "histogram edges": (
        {"kind": "histogram", "x": [1, 2], "bins": [0, 2, 2]},
        [
            ("bins[2]", "2 is not above 2: edges rise"),
        ],
    ),
    "histogram edges of times": (
        {"kind": "histogram", "x": ["2024-01"], "bins": [0, 2]},
        [
            ("bins", "edges are numbers, but the values are times: give a count"),
        ],
    ),
    "sizes": (
        {
            "series": [
                {"kind": "scatter", "y": [1, 2], "size": [3, -1]},
                {"kind": "scatter", "y": [1], "size": -5},
                {"kind": "scatter", "y": [1], "size": ["a"]},
            ]
        },
        [
            ("series[0].size[1]", "-1 is no marker area: give 0 to 1000000 square points"),
            ("series[1].size", "-5 is no marker area: give 0 to 1000000 square points"),
            ("series[2].size[0]", '"a" is text: size must be numbers'),
        ],
    ),
    "boxes": (
        {
            "kind": "box",
            "series": [{"y": [1], "x": ["a"]}, {"y": [1]}],
            "axes": {"x": {"type": "linear"}},
        },
        [
            ("series[1]", "needs x, the groups, as the other boxes have"),
            ("axes.x.type", "boxes stand on categories: leave the type out"),
        ],
    ),
    "box names": (
        {"kind": "box", "series": [{"y": [1], "name": "A"}, {"y": [1], "name": "A"}]},
        [
            ("series[1].name", '"A" names two boxes: one name each'),
        ],
    ),
    "violins": (
        {
            "kind": "violin",
            "series": [{"y": [1], "x": ["a"]}, {"y": [1]}],
            "axes": {"x": {"type": "time"}},
        },
        [
            ("series[1]", "needs x, the groups, as the other violins have"),
            ("axes.x.type", "violins stand on categories: leave the type out"),
        ],
    ),
    "a violin among boxes": (
        {"series": [{"kind": "box", "y": [1]}, {"kind": "violin", "y": [1]}]},
        [
            ("series[1]", "a violin cannot share a picture with a box: draw two"),
        ],
    ),
    "ragged rows": (
        {"kind": "heatmap", "z": [[1, 2], [3]]},
        [
            ("z[1]", "has 1 cell, z[0] has 2"),
        ],
    ),
    "row that is none": (
        {"kind": "heatmap", "z": [[1, 2], 3]},
        [
            ("z[1]", "is no list: z is rows of numbers, or one number per point"),
        ],
    ),
    "cells all gaps": (
        {"kind": "heatmap", "z": [[None]]},
        [
            ("z", "has no values: give at least one that is not null"),
        ],
    ),
    "heatmap labels": (
        {"kind": "heatmap", "z": [[1, 2], [3, 4]], "x": ["a", "a"], "y": [1, 2, 3]},
        [
            ("", "y has 3 values, z has 2 rows: one for each"),
            ("x[1]", '"a" comes twice: every row and column has a label of its own'),
        ],
    ),
    "heatmap label gap": (
        {"kind": "heatmap", "z": [[1, 2]], "x": ["a", None]},
        [
            ("x[1]", "is a gap: every row and column has a label of its own"),
        ],
    ),
    "heatmap log": (
        {"kind": "heatmap", "z": [[1]], "axes": {"x": {"type": "log"}}},
        [
            ("axes.x.type", "a heatmap has no log axis: its cells are of one size"),
        ],
    ),
    "heatmap points": (
        {"kind": "heatmap", "z": [1, 2], "x": ["a", "b"]},
        [
            ("", "a heatmap of one z per point needs x and y; without them z is a list of rows"),
        ],
    ),
    "heatmap twice": (
        {"kind": "heatmap", "z": [1, 2], "x": ["a", "a"], "y": [1, 1]},
        [
            ("z[1]", "is a second value for its x and y: aggregate first"),
        ],
    ),
    "stacked twice": (
        {
            "kind": "bar",
            "stack": True,
            "series": [{"x": ["a", "a"], "y": [1, 2]}, {"x": ["b"], "y": [1]}],
        },
        [
            ("series[0].x[1]", '"a" comes twice: add its values up to stack them'),
        ],
    ),
    "annotation members": (
        {
            "y": [1],
            "annotations": [
                {"type": "line"},
                {"type": "line", "x": 1, "y": 1},
                {"type": "line", "x": [1, 2]},
                {"type": "band", "x": 1},
                {"type": "band"},
                {"type": "text", "x": 1},
            ],
        },
        [
            ("annotations[0]", "a line stands at x or at y: give one of them"),
            ("annotations[1]", "a line stands at x or at y: give one of them"),
            ("annotations[2]", "a line has one position; a band goes from one to another"),
            ("annotations[3]", "a band goes from one position to another: give [from, to]"),
            ("annotations[4]", "a band spans x or y: give one of them, as [from, to]"),
            ("annotations[5].y", "text stands at one point: give one y"),
            ("annotations[5].text", "is missing: say what to write"),
        ],
    ),
    "annotation places": (
        {
            "x": ["Jan", "Feb"],
            "y": [1, 2],
            "annotations": [
                {"type": "line", "x": "Fev"},
                {"type": "line", "y": "a"},
                {"type": "band", "y": [2, 1]},
            ],
        },
        [
            (
                "annotations[0].x",
                '"Fev" is not among the categories of this axis (did you mean Feb?)',
            ),
            ("annotations[1].y", '"a" is text, but the values of this axis are numbers'),
            ("annotations[2].y", "the first must be less than the second"),
        ],
    ),
    "annotation times": (
        {
            "x": ["2024-01", "2024-02"],
            "y": [1, 2],
            "annotations": [{"type": "line", "x": 3}, {"type": "band", "x": ["2024-01", "never"]}],
        },
        [
            ("annotations[0].x", "3 is not a time, as this axis has them: write 2024-03-01"),
            (
                "annotations[1].x[1]",
                '"never" is not a time, as this axis has them: write 2024-03-01',
            ),
        ],
    ),
    "annotation on log": (
        {"y": [1], "axes": {"y": {"type": "log"}}, "annotations": [{"type": "line", "y": 0}]},
        [
            ("annotations[0].y", "0 has no place on a log axis: give a number above 0"),
        ],
    ),
    "control characters": (
        {"y": [1], "title": "a\x00b", "axes": {"x": {"label": "\x1b"}}},
        [
            ("title", "has the control character U+0000 at 1: remove it"),
            ("axes.x.label", "has the control character U+001B at 0: remove it"),
        ],
    ),
    "everything at once": (
        {
            "series": [
                {"y": [1, "a"], "color": "x"},
                {"x": [1], "y": [1, 2]},
                {"kind": "line", "y": [1], "bins": 2},
            ],
            "style": "a b",
            "axes": {"y": {"limits": [2, 1]}},
            "annotations": [{"type": "text", "x": 1, "y": 1}],
        },
        [
            (
                "series[0].color",
                '"x" is no colour: write #007ACC, a CSS name, or C0 of the palette',
            ),
            ("series[0].y[1]", '"a" is text: y must be numbers'),
            ("series[1]", "x has 1 value, y has 2: they must be as many"),
            ("series[2].bins", "only a histogram has bins"),
            (
                "axes.y.limits",
                "the first must be less than the second (set reverse to turn the axis round)",
            ),
            ("annotations[0].text", "is missing: say what to write"),
            ("style", '"a b" is no style\'s name: write name or name@version'),
        ],
    ),
}


@pytest.mark.parametrize("case", RULES)
def test_each_rule_names_its_place_and_its_mend(case: str) -> None:
    """A spec that breaks rules is refused with all of its faults, in the order of the document."""
    spec, faults = RULES[case]
    assert faults_of(spec) == (RuleError, faults)


LIMITS = Limits(points=12, series=2, pixels=10_000, text=5, categories=3, annotations=1, depth=6)

BOUNDS: dict[str, tuple[dict[str, Any], Faults]] = {
    "points": (
        {"x": [1] * 7, "y": [1] * 7},
        [("", "14 points, at most 12 are drawn: aggregate first")],
    ),
    "points of a matrix": (
        {"kind": "heatmap", "z": [[1] * 7, [2] * 7]},
        [("", "14 points, at most 12 are drawn: aggregate first")],
    ),
    "points of records": (
        {"data": [{"a": 1, "b": 1}, {"c": 1, "d": 1}, {"e": 1}]},
        [("", "15 points, at most 12 are drawn: aggregate first")],
    ),
    "points of shared columns": (
        {"data": {"a": [1, 2, 3, 4]}, "series": [{"x": "a", "y": "a"}, {"x": "a", "y": "a"}]},
        [("", "16 points, at most 12 are drawn: aggregate first")],
    ),
    "cells of a pivot": (
        {"kind": "heatmap", "x": [1, 2, 3, 4], "y": [1, 2, 3, 4], "z": [1, 2, 3, 4]},
        [("", "x and y make cells: 16 points, at most 12 are drawn: aggregate first")],
    ),
    "series": (
        {"series": [{"y": [1]}] * 3},
        [("series", "3 series, at most 2 are drawn: leave some out")],
    ),
    "columns as series": (
        {"data": {"a": [1], "b": [1], "c": [1], "d": [1]}},
        [("", "3 series, at most 2 are drawn: leave some out")],
    ),
    "pixels": (
        {"y": [1], "size": {"width": 200, "height": 100}},
        [("size", "20000 pixels, at most 10000 are drawn: make it smaller")],
    ),
    "texts": (
        {
            "series": [{"y": [1], "name": "longer"}],
            "title": "longer",
            "axes": {"y": {"label": "longer"}},
            "annotations": [{"type": "text", "x": 0, "y": 0, "text": "longer"}],
            "legend": {"title": "longer"},
        },
        [
            (path, "6 characters, at most 5 are drawn: shorten it")
            for path in (
                "series[0].name",
                "title",
                "axes.y.label",
                "annotations[0].text",
                "legend.title",
            )
        ],
    ),
    "annotations": (
        {"y": [1], "annotations": [{"type": "line", "x": 0}] * 2},
        [("annotations", "2 annotations, at most 1 are drawn: leave some out")],
    ),
    "categories": (
        {"x": ["a", "b", "c", "d"], "y": [1, 2, 3, 4]},
        [("axes.x", "4 categories, at most 3 are drawn: group the rare ones")],
    ),
    "category texts": (
        {"x": ["longer"], "y": [1]},
        [("axes.x", "6 characters, at most 5 are drawn: shorten it")],
    ),
    "slices": (
        {"kind": "pie", "y": [1, 2, 3, 4]},
        [("y", "4 slices, at most 3 are drawn: group the small ones")],
    ),
    "depth": (
        {"y": [[[[[[1]]]]]]},
        [("", "7 levels of lists and objects, at most 6 are read: flatten it")],
    ),
}


@pytest.mark.parametrize("case", BOUNDS)
def test_each_limit_says_what_it_bounds(case: str) -> None:
    """A spec past a limit is refused with the amount, the limit and what to do."""
    spec, faults = BOUNDS[case]
    assert faults_of(spec, LIMITS) == (RuleError, faults)


def test_ten_million_points_are_counted_without_decoding() -> None:
    """A flood of values is refused by its commas, before a list of them exists."""
    flood = b'{"title": "a,\\",b", "y": [' + b"1," * 9_999_999 + b"1]}"
    message = "10000001 points, at most 1000000 are drawn: aggregate first"
    assert faults_of(flood) == (RuleError, [("", message)])


def test_commas_in_texts_are_no_points() -> None:
    """Texts full of commas are held to the limit of texts alone."""
    spec = {"y": [1], "title": "," * 200_000}
    message = "200000 characters, at most 1000 are drawn: shorten it"
    assert faults_of(spec, Limits(points=10)) == (RuleError, [("title", message)])


def test_schema_faults_come_first_and_all_together() -> None:
    """What breaks the published schema is a SchemaError with every place."""
    kind, faults = faults_of({"y": [True], "kind": "donut", "axes": {"z": {}}})
    assert kind is SchemaError
    assert sorted(path for path, _ in faults) == ["axes.z", "kind", "y[0]"]


def test_infinities_are_faults_of_rule() -> None:
    """A number beyond a double is told with its place."""
    kind, faults = faults_of(b'{"series": [{"y": [1, 1e999]}]}')
    assert (kind, faults[0][0]) == (RuleError, "series[0].y[1]")


@pytest.mark.parametrize("data", [b"", b"{", b'{"y": [NaN]}', b'{"title": "\xff"}', b"[1] 2"])
def test_no_json_is_malformed(data: bytes) -> None:
    """What is not JSON is told apart from what breaks a rule."""
    assert faults_of(data)[0] is MalformedError


def test_a_hundred_faults_are_enough() -> None:
    """More than a hundred faults are cut, and the last line says so."""
    kind, faults = faults_of({"series": [{"x": [1]}] * 150})
    assert kind is RuleError
    assert len(faults) == 101
