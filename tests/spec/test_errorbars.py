"""Errors of points: every form in which they are sent, and every fault."""

from typing import Any

import pytest

from plotkiln.spec import Limits
from specs import Faults, faults_of, full_spec, parsed


def errorbar(**members: Any) -> dict[str, Any]:
    """Return a spec of one errorbar of two points."""
    return {"series": [{"kind": "errorbar", "y": [5, 6], **members}]}


@pytest.mark.parametrize(
    ("sent", "below", "above"),
    [
        (0.5, [0.5, 0.5], [0.5, 0.5]),
        ([1, None], [1, None], [1, None]),
        ([[1, 2], [3, 4]], [1, 3], [2, 4]),
        ([[1, 2], 3], [1, 3], [2, 3]),
        ([[1, None], None], [1, None], [None, None]),
        ("low", [1, 2], [1, 2]),
        (["low", "high"], [1, 2], [3, 4]),
    ],
)
def test_errors_reach_below_and_above(sent: Any, below: list[Any], above: list[Any]) -> None:
    """A number, numbers, pairs and names of columns become two rows, one number per point."""
    data = {"low": [1, 2], "high": [3, 4]}
    series = full_spec({**errorbar(error=sent, x_error=sent), "data": data}).series[0]
    assert series.error == series.x_error == [below, above]


def test_bars_have_errors_too() -> None:
    """A bar takes the errors of its end."""
    series = full_spec({"series": [{"kind": "bar", "y": [5, 6], "error": 1}]}).series[0]
    assert (series.error, series.x_error) == ([[1, 1], [1, 1]], None)


NO_PAIR = "is no pair of numbers: give [below, above], how far the error reaches from the value"
NO_DISTANCE = "is no distance: an error is how far it reaches from the value, 0 or more"

RULES: dict[str, tuple[dict[str, Any], Faults]] = {
    "none": (errorbar(), [("series[0]", "an errorbar needs error or x_error")]),
    "negative": (errorbar(error=[1, -2]), [("series[0].error[1]", f"-2 {NO_DISTANCE}")]),
    "negative for all": (errorbar(x_error=-1), [("series[0].x_error", f"-1 {NO_DISTANCE}")]),
    "negative in a pair": (
        errorbar(error=[[1, 2], [3, -4]]),
        [("series[0].error[1][1]", f"-4 {NO_DISTANCE}")],
    ),
    "no pair": (errorbar(error=[[1, 2], [3]]), [("series[0].error[1]", NO_PAIR)]),
    "lengths": (
        errorbar(error=[1, 2, 3]),
        [("series[0]", "y has 2 values, error has 3: they must be as many")],
    ),
    "no data": (
        errorbar(error="sd"),
        [("series[0].error", "names a column, but there is no data: give numbers, or data")],
    ),
    "no column": (
        {**errorbar(error="sd"), "data": {"sdev": [1, 2]}},
        [("series[0].error", 'data has no column "sd" (did you mean sdev?): its columns are sdev')],
    ),
    "one column in a list": (
        {**errorbar(error=["sd"]), "data": {"sd": [1, 2]}},
        [("series[0].error", "takes the names of two columns: below and above")],
    ),
    "text in a column": (
        {**errorbar(error="sd"), "data": {"sd": [1, "a"]}},
        [("data.sd[1]", '"a" is text: error must be numbers')],
    ),
    "x_error on categories": (
        errorbar(x=["a", "b"], x_error=1),
        [("series[0].x_error", "goes with numbers, but the x axis holds categories")],
    ),
    "of another kind": (
        {"series": [{"y": [1], "error": 1}, {"kind": "bar", "y": [1], "x_error": 1}]},
        [
            ("series[0].error", "only a bar or an errorbar has error"),
            ("series[1].x_error", "only an errorbar has x_error"),
        ],
    ),
    "of stacked bars": (
        {"stack": True, "series": [{"kind": "bar", "y": [1], "error": 1}]},
        [("series[0].error", "stacked bars end at sums, not at values: remove it")],
    ),
}


@pytest.mark.parametrize("case", RULES)
def test_each_rule_names_its_place_and_its_mend(case: str) -> None:
    """Errors that break a rule are refused at their place."""
    spec, faults = RULES[case]
    assert faults_of(spec) == faults


def test_errors_count_as_points() -> None:
    """The values of errors are among those that are bounded."""
    spec = errorbar(error=[[1, 2], [3, 4]])
    assert parsed(spec, Limits(points=6))
    message = "6 points, at most 5 are drawn: aggregate first"
    assert faults_of(spec, Limits(points=5)) == [("", message)]
