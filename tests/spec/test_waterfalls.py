"""Waterfalls: changes that add up, and which bars are sums."""

from typing import Any

import pytest

from specs import Faults, faults_of, full_spec, numbers, parsed, texts


def waterfall(**members: Any) -> dict[str, Any]:
    """Return a spec of one waterfall of three bars."""
    spec = {"kind": "waterfall", "x": ["a", "b", "c"], "y": [5, -2, 4], **members}
    return {"series": [spec]}


def test_a_total_is_added_where_none_is_marked() -> None:
    """Each bar begins where the one before ended; the last shows the sum of all."""
    full = full_spec(waterfall())
    series = full.series[0]
    assert series.x == texts("a", "b", "c", "Total")
    assert series.starts == [0, 5, 3, 0]
    assert series.y == numbers(5, 3, 7, 7)
    assert series.totals == [False, False, False, True]
    assert full.x_axis is not None
    assert full.x_axis.categories == ["a", "b", "c", "Total"]


def test_gaps_are_totals_where_none_is_marked() -> None:
    """A bar without a change shows the sum so far, wherever it stands."""
    series = full_spec(waterfall(y=[5, None, 4])).series[0]
    assert (series.starts, series.y) == ([0, 0, 5], numbers(5, 5, 9))
    assert series.totals == [False, True, False]


@pytest.mark.parametrize("sum_so_far", [None, 3, 3.000000001])
def test_marked_totals_may_bring_their_sum(sum_so_far: float | None) -> None:
    """A total's value may be left out, or be the sum as it was rounded."""
    series = full_spec(waterfall(y=[5, -2, sum_so_far], totals=["c"])).series[0]
    assert (series.starts, series.y) == ([0, 5, 0], numbers(5, 3, 3))


def test_a_total_at_the_beginning_is_what_is_started_from() -> None:
    """Its value is the first sum."""
    series = full_spec(waterfall(totals=["a"])).series[0]
    assert (series.starts, series.y) == ([0, 5, 3], numbers(5, 3, 7))
    assert series.totals == [True, False, False]


def test_no_totals_leave_gaps() -> None:
    """With an empty list a bar without a change is left out, and nothing is added."""
    series = full_spec(waterfall(y=[5, None, 4], totals=[])).series[0]
    assert (series.starts, series.y) == ([0, None, 5], numbers(5, None, 9))
    assert series.totals == [False] * 3


def test_numbers_are_names_too() -> None:
    """Bars and totals are categories, whatever they were sent as."""
    series = full_spec(waterfall(x=[2023, 2024, 2025], y=[1, 2, None], totals=[2025])).series[0]
    assert series.x == texts("2023", "2024", "2025")
    assert series.totals == [False, False, True]


def test_sums_are_exact() -> None:
    """Ten tenths are one."""
    spec = {"kind": "waterfall", "x": list(range(10)), "y": [0.1] * 10}
    series = full_spec(spec).series[0]
    assert series.y is not None
    assert series.y.values[-1] == 1


def test_a_last_change_that_equals_the_sum_is_told() -> None:
    """It may well be the total, sent as a value."""
    warning = "is the sum of all before, and drawn as a change: name it in totals if it is one"
    assert parsed(waterfall(y=[5, -2, 3])).warnings == (f"series[0].y[2]: {warning}",)
    assert (
        parsed(waterfall(y=[5, -2, 3], x=["a", "b", "Total"])).full.series[0].totals == [False] * 3
    )


RULES: dict[str, tuple[dict[str, Any], Faults]] = {
    "needs": (
        {"series": [{"kind": "waterfall", "y": [1]}]},
        [("series[0]", "a waterfall needs x")],
    ),
    "unknown total": (
        waterfall(x=["Jan", "Feb", "Net"], totals=["Nett"]),
        [("series[0].totals[0]", '"Nett" is no bar of this waterfall (did you mean Net?)')],
    ),
    "wrong total": (
        waterfall(y=[5, -2, 4], totals=["c"]),
        [("series[0].y[2]", "4 is a total, but all before add up to 3: leave it null")],
    ),
    "twice": (
        waterfall(x=["a", "b", "a"]),
        [("series[0].x[2]", '"a" comes twice: every bar has a name of its own')],
    ),
    "gap": (
        waterfall(x=["a", None, "c"]),
        [("series[0].x[1]", "is a gap: every bar has a name of its own")],
    ),
    "axes": (
        waterfall() | {"axes": {"x": {"type": "time"}, "y": {"type": "log"}}},
        [
            ("axes.x.type", "a waterfall stands on categories: leave the type out"),
            ("axes.y.type", "a waterfall adds up: its axis is linear"),
        ],
    ),
    "of another kind": (
        {"series": [{"kind": "bar", "y": [1], "totals": ["a"]}]},
        [("series[0].totals", "only a waterfall has totals")],
    ),
}


@pytest.mark.parametrize("case", RULES)
def test_each_rule_names_its_place_and_its_mend(case: str) -> None:
    """A waterfall that breaks a rule is refused at its place."""
    spec, faults = RULES[case]
    assert faults_of(spec) == faults
