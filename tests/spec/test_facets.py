"""Facets: rows that are parted into panels."""

from typing import Any

import pytest

from plotkiln.spec import FullSpec, Limits
from specs import Faults, faults_of, full_spec, numbers, parsed, texts

DATA: dict[str, Any] = {
    "city": ["Rome", "Oslo", "Rome", "Oslo"], "month": ["Jan", "Jan", "Jul", "Jul"],
    "day": [12, -1, 31, 22], "night": [3, -7, None, 13],
}  # fmt: skip
SPEC: dict[str, Any] = {"data": DATA, "facets": {"by": "city"}}


def panels(full: FullSpec) -> list[tuple[str, list[int], int]]:
    """Return name, numbers, and count of series of every panel."""
    return [(panel.name, panel.numbers, len(panel.series)) for panel in full.panels]


def test_a_table_is_parted_into_panels() -> None:
    """Each value of the column has one, in order of appearance; the column is no series."""
    full = full_spec(SPEC)
    assert panels(full) == [("Rome", [0, 1], 2), ("Oslo", [0, 1], 2)]
    assert full.series == []
    assert full.panels[0].series[0].x == texts("Jan", "Jul")
    assert full.panels[0].series[1].y == numbers(3, None)
    assert full.panels[1].series[0].y == numbers(-1, 22)
    assert full.x_axis is not None
    assert full.x_axis.categories == ["Jan", "Jul"]


def test_a_column_of_numbers_parts_too() -> None:
    """Years are names of panels, and no series."""
    data = {"year": [2024, 2024, 2025], "x": [1, 2, 1], "y": [5, 6, 7]}
    full = full_spec({"data": data, "facets": {"by": "year", "columns": 1, "share": "x"}})
    assert panels(full) == [("2024", [0], 1), ("2025", [0], 1)]
    assert (full.columns, full.share) == (1, "x")


def test_lists_are_parted_by_a_list() -> None:
    """Without a table one value per row says which panel it is in; every member is parted."""
    series = [
        {"kind": "errorbar", "x": [1, 2, 3], "y": [4, 5, 6], "error": [[1, 2], [3, 4], [5, 6]]},
        {"kind": "scatter", "y": [7, 8, 9], "size": [1, 2, 3]},
        {"kind": "candlestick", "open": [1, 2, 3], "high": [4, 4, 4], "low": [0, 0, 0],
         "close": [3, 2, 1]},
    ]  # fmt: skip
    full = full_spec({"series": series, "facets": {"by": ["a", "b", "a"]}})
    first, second, third = full.panels[0].series
    assert (first.x, first.error) == (numbers(1, 3), [[1, 5], [2, 6]])
    assert (second.y, second.size) == (numbers(7, 9), [1, 3])
    assert (third.open, third.close) == ([1, 3], [3, 1])


def test_axes_are_those_of_all_panels() -> None:
    """Categories that one panel lacks have their place in it, unless panels share no x axis."""
    data = {"who": ["a", "b", "b"], "x": ["p", "q", "p"], "y": [1, 2, 3]}
    full = full_spec({"data": data, "facets": {"by": "who"}})
    assert full.x_axis is not None
    assert full.x_axis.categories == ["p", "q"]
    assert [panel.x_axis for panel in full.panels] == [None, None]
    own = full_spec({"data": data, "facets": {"by": "who", "share": "y"}})
    assert [panel.x_axis and panel.x_axis.categories for panel in own.panels] == [
        ["p"], ["q", "p"],
    ]  # fmt: skip


def test_series_without_values_in_a_panel_keep_their_number_elsewhere() -> None:
    """They are left out of it; a panel without any is left out with a warning."""
    data = {
        "by": ["a", "b", "c"], "x": [1, 2, 3], "one": [1, None, None], "two": [1, 2, None],
    }  # fmt: skip
    found = parsed({"data": data, "facets": {"by": "by"}})
    assert panels(found.full) == [("a", [0, 1], 2), ("b", [1], 1)]
    assert found.warnings == ("facets.by: c has no values, and no panel",)


def test_what_a_log_axis_cannot_show_is_no_value() -> None:
    """A panel of zeros has none."""
    data = {"by": ["a", "b"], "x": [1, 2], "y": [0, 5]}
    spec = {"data": data, "facets": {"by": "by"}, "axes": {"y": {"type": "log"}}}
    assert panels(full_spec(spec)) == [("b", [0], 1)]


def test_rows_without_a_panel_are_told() -> None:
    """A gap in the column leaves its row out."""
    found = parsed({"y": [1, 2, 3], "facets": {"by": ["a", None, "a"]}})
    assert found.full.panels[0].series[0].y == numbers(1, 3)
    assert found.warnings == ("facets.by: 1 row without a value left out",)


def test_panels_are_stacked_each_by_itself() -> None:
    """What comes twice in the table comes once in each panel."""
    spec = {"kind": "bar", "stack": True, **SPEC}
    full = full_spec(spec)
    assert full.panels[0].series[1].y == numbers(3, 0)
    assert parsed(spec).warnings == ()


def test_candles_of_all_panels_make_the_sessions() -> None:
    """Panels share the axis on which only candles take room."""
    data = {
        "share": ["a", "b"], "date": ["1970-01-02", "1970-01-05"], "open": [1, 1], "high": [2, 2],
        "low": [0, 0], "close": [1, 1],
    }  # fmt: skip
    full = full_spec({"kind": "candlestick", "data": data, "facets": {"by": "share"}})
    assert full.x_axis is not None
    assert full.x_axis.sessions == [1, 4]
    assert [panel.series[0].x for panel in full.panels] == [numbers(0), numbers(1)]


NO_COLUMN = (
    'data has no column "citi" (did you mean city?): its columns are city, month, day, night'
)
LIMIT = "3 panels, at most 2 are drawn: group the rare ones"

RULES: dict[str, tuple[dict[str, Any], Faults]] = {
    "no column": (
        {"data": DATA, "facets": {"by": "citi"}, "x": "month", "y": "day"},
        [
            ("facets.by", NO_COLUMN),
        ],
    ),
    "no data": (
        {"y": [1], "facets": {"by": "city"}},
        [("facets.by", "names a column, but there is no data: give a list, or data")],
    ),
    "too many": ({"y": [1, 2, 3], "facets": {"by": ["a", "b", "c"]}}, [("facets.by", LIMIT)]),
    "too few rows": (
        {"series": [{"y": [1]}], "facets": {"by": ["a", "b"]}},
        [("series[0]", "has 1 value, facets.by has more: one for each")],
    ),
    "a pie": (
        {"kind": "pie", "y": [1, 2], "facets": {"by": ["a", "b"]}},
        [("facets", "panels stand on two axes, and a pie does not: draw one")],
    ),
    "a heatmap": (
        {"kind": "heatmap", "z": [[1, 2]], "facets": {"by": ["a", "b"]}},
        [("facets", "panels stand on two axes, and a heatmap does not: draw one")],
    ),
    "second axis and colours": (
        {
            "series": [{"y": [1, 2]}, {"kind": "scatter", "y": [1, 2], "z": [1, 2], "axis": "y2"}],
            "facets": {"by": ["a", "b"]},
        },
        [
            ("series[1].axis", "panels have one upright axis: leave it out"),
            ("series[1].z", "panels have no colour bar: leave it out"),
        ],
    ),
    "all gaps": (
        {"y": [1, 2], "facets": {"by": [None, None]}},
        [("facets.by", "has no values: give at least one that is not null")],
    ),
    "twice in a stack": (
        {
            "kind": "bar", "stack": True, "facets": {"by": ["a", "a"]},
            "series": [{"x": ["p", "p"], "y": [1, 2]}, {"x": ["q", "r"], "y": [1, 2]}],
        },
        [("series[0].x[1]", '"p" comes twice: add its values up to stack them')],
    ),
    "a fault in a late row": (
        {"x": [1, 2, 3], "y": [1, "a", 3], "facets": {"by": ["a", "b", "a"]}},
        [("y[1]", '"a" is text: y must be numbers')],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", RULES)
def test_each_rule_names_its_place_and_its_mend(case: str) -> None:
    """Facets that break a rule are refused at their place."""
    spec, faults = RULES[case]
    assert faults_of(spec, Limits(panels=2)) == faults
