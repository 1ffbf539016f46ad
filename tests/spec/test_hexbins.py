"""Hexbins: points on two axes of numbers or times."""

from typing import Any

import pytest

from specs import Faults, faults_of, full_spec, numbers, parsed, times


def test_a_hexbin_has_points_and_a_grid() -> None:
    """Columns, grid and norm arrive as they were sent; the norm is linear where missing."""
    spec = {
        "series": [{"kind": "hexbin", "x": ["1970-01-02", "1970-01-03"], "y": [1, None]}],
    }
    series = full_spec(spec).series[0]
    assert (series.x, series.y) == (times(1, 2), numbers(1, None))
    assert (series.gridsize, series.norm) == (None, "linear")
    fine = {"series": [{"kind": "hexbin", "x": [1], "y": [1], "gridsize": 50, "norm": "log"}]}
    assert (full_spec(fine).series[0].gridsize, full_spec(fine).series[0].norm) == (50, "log")


def test_a_log_axis_leaves_out_what_it_cannot_show() -> None:
    """Points at 0 or less become gaps, with a warning."""
    found = parsed({"kind": "hexbin", "x": [0, 1], "y": [1, 2], "axes": {"x": {"type": "log"}}})
    assert found.full.series[0].x == numbers(None, 1)
    assert found.warnings == ("x: 1 value of 0 or less left out, which a log axis cannot show",)


RULES: dict[str, tuple[dict[str, Any], Faults]] = {
    "needs": ({"kind": "hexbin", "y": [1]}, [("", "a hexbin needs x")]),
    "categories": (
        {"kind": "hexbin", "x": ["a"], "y": [1]},
        [("x", "a hexbin stands on numbers or times: draw a heatmap of counts")],
    ),
    "lengths": (
        {"kind": "hexbin", "x": [1, 2], "y": [1]},
        [("", "x has 2 values, y has 1: they must be as many")],
    ),
    "no point": (
        {"kind": "hexbin", "x": [1, None], "y": [None, 2]},
        [("", "has no point with both x and y: fill some of the gaps")],
    ),
    "of another kind": (
        {"series": [{"y": [1], "gridsize": 3, "norm": "log"}]},
        [
            ("series[0].gridsize", "only a hexbin has gridsize"),
            ("series[0].norm", "only a hexbin has norm"),
        ],
    ),
}


@pytest.mark.parametrize("case", RULES)
def test_each_rule_names_its_place_and_its_mend(case: str) -> None:
    """A hexbin that breaks a rule is refused at its place."""
    spec, faults = RULES[case]
    assert faults_of(spec) == faults
