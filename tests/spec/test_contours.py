"""Contours: matrices over numbers or times, with levels."""

from typing import Any

import pytest

from specs import Faults, faults_of, full_spec, numbers, times

Z = [[1, 2, 3], [4, 5, 6]]


def contour(**members: Any) -> dict[str, Any]:
    """Return a spec of one contour of two rows and three columns."""
    return {"series": [{"kind": "contour", "z": Z, **members}]}


def test_a_contour_has_areas_unless_it_has_lines() -> None:
    """Its cells are sorted like a heatmap's; areas are the default."""
    series = full_spec(contour(x=[3, 2, 1], y=["1970-01-03", "1970-01-02"])).series[0]
    assert (series.x, series.y) == (numbers(1, 2, 3), times(1, 2))
    assert series.cells == [[6, 5, 4], [3, 2, 1]]
    assert series.filled
    lines = full_spec(contour(filled=False, levels=[2.5], color="red", linewidth=1)).series[0]
    assert (lines.filled, lines.levels, lines.color) == (False, [2.5], "red")


def test_a_contour_pivots_one_value_per_point() -> None:
    """Three columns of equal length become cells."""
    spec = {"kind": "contour", "x": [1, 2, 1, 2], "y": [5, 5, 6, 6], "z": [1, 2, 3, None]}
    assert full_spec(spec).series[0].cells == [[1, 2], [3, None]]


def test_a_wide_table_is_a_contour() -> None:
    """The first column is y, the names of the others are x."""
    spec = {"kind": "contour", "data": {"depth": [0, 10], "1": [5, 6], "2.5": [7, 8]}}
    series = full_spec(spec).series[0]
    assert (series.x, series.y) == (numbers(1, 2.5), numbers(0, 10))
    assert series.cells == [[5, 7], [6, 8]]


def test_a_contour_may_stand_on_log_axes() -> None:
    """Its axes are of the type that is asked for."""
    axis = full_spec(contour(x=[1, 10, 100]) | {"axes": {"x": {"type": "log"}}}).x_axis
    assert axis is not None
    assert axis.type == "log"


NO_NAMES = "a contour stands on numbers or times; on categories draw a heatmap"

RULES: dict[str, tuple[dict[str, Any], Faults]] = {
    "levels fall": (
        contour(levels=[1, 3, 3]),
        [("series[0].levels[2]", "3 is not above 3: levels rise")],
    ),
    "one level": (
        contour(levels=[1]),
        [("series[0].levels", "is one level: areas lie between two or more")],
    ),
    "lines of areas": (
        contour(color="red", linestyle="--", linewidth=2),
        [
            ("series[0].color", "is for lines: set filled to false"),
            ("series[0].linestyle", "is for lines: set filled to false"),
            ("series[0].linewidth", "is for lines: set filled to false"),
        ],
    ),
    "categories": (contour(x=["a", "b", "c"]), [("series[0].x", NO_NAMES)]),
    "categories in a table": (
        {"kind": "contour", "data": {"day": ["Mo", "Tu"], "1": [1, 2], "2": [3, 4]}},
        [("y", NO_NAMES)],
    ),
    "names of columns": (
        {"kind": "contour", "data": {"depth": [1, 2], "am": [1, 2], "pm": [3, 4]}},
        [("x", NO_NAMES)],
    ),
    "asked for categories": (
        contour() | {"axes": {"y": {"type": "category"}}},
        [("series[0].y", NO_NAMES)],
    ),
    "one row": (
        contour(z=[[1, 2]]),
        [
            (
                "series[0].z",
                "is 1 × 2 values: a contour needs two rows and two columns at least",
            )
        ],
    ),
    "log axis": (
        contour(x=[-1, 1, 2]) | {"axes": {"x": {"type": "log"}}},
        [("series[0].x", "-1 has no place on a log axis: give numbers above 0")],
    ),
    "one z per point": (
        {"kind": "contour", "z": [1, 2]},
        [("", "a contour of one z per point needs x and y; without them z is a list of rows")],
    ),
    "company": (
        {"series": [{"kind": "contour", "z": Z}, {"y": [1]}]},
        [("series[1]", "a line cannot share a picture with a contour: draw two")],
    ),
    "of another kind": (
        {"series": [{"y": [1], "levels": 3, "filled": True}]},
        [
            ("series[0].levels", "only a contour has levels"),
            ("series[0].filled", "only a contour has filled"),
        ],
    ),
}


@pytest.mark.parametrize("case", RULES)
def test_each_rule_names_its_place_and_its_mend(case: str) -> None:
    """A contour that breaks a rule is refused at its place."""
    spec, faults = RULES[case]
    assert faults_of(spec) == faults
