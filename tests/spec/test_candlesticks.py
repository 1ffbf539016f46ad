"""Candlesticks: prices by period, on an axis without holes."""

from typing import Any

import pytest

from plotkiln.spec import Limits
from specs import Faults, faults_of, full_spec, numbers, parsed, texts

PRICES: dict[str, Any] = {"open": [1, 2], "high": [3, 4], "low": [0, 1], "close": [2, 1]}


def candlestick(**members: Any) -> dict[str, Any]:
    """Return a spec of one candlestick of two candles."""
    return {"series": [{"kind": "candlestick", **PRICES, **members}]}


def test_a_candlestick_has_four_prices() -> None:
    """Each is a list as long as x, which counts where it is missing."""
    series = full_spec(candlestick(open=[1, None])).series[0]
    assert series.x == numbers(0, 1)
    assert (series.open, series.high, series.low, series.close) == (
        [1, None], [3, 4], [0, 1], [2, 1],
    )  # fmt: skip


def test_columns_of_prices_are_found_by_their_names() -> None:
    """In a table, in any case; the first column is x, and none names the series."""
    data = {"day": ["a", "b"], **{name.title(): values for name, values in PRICES.items()}}
    for spec in (
        {"kind": "candlestick", "data": data},
        {"data": data, "series": [{"kind": "candlestick", "x": "day"}]},
        {"data": data, "series": [{"kind": "candlestick", "x": "day", "open": "Open"}]},
    ):
        series = full_spec(spec).series
        assert len(series) == 1
        assert (series[0].x, series[0].open, series[0].name) == (texts("a", "b"), [1, 2], None)


def test_only_candles_take_room_on_a_time_axis() -> None:
    """Candles stand at 0, 1, 2, …; other times, limits and remarks between those around them."""
    days = ["1970-01-02", "1970-01-05"]
    spec = candlestick(x=days)
    spec["series"].append({"x": ["1970-01-01", "1970-01-03T12:00Z", "1970-01-08"], "y": [1, 2, 3]})
    spec["axes"] = {"x": {"limits": ["1970-01-01", None]}}
    spec["annotations"] = [
        {"type": "line", "x": "1970-01-05"},
        {"type": "band", "x": days},
        {"type": "line", "y": 1},
    ]
    full = full_spec(spec)
    assert full.x_axis is not None
    assert full.x_axis.sessions == [1, 4]
    assert (full.x_axis.type, full.x_axis.low, full.x_axis.high) == ("time", -1 / 3, None)
    assert full.series[0].x == numbers(0, 1)
    assert full.series[1].x == numbers(-1 / 3, 0.5, 2)
    assert [remark.x for remark in full.annotations] == [[1], [0, 1], None]


def test_other_axes_have_no_sessions() -> None:
    """Categories and numbers stand where they stood."""
    axis = full_spec(candlestick(x=["a", "b"])).x_axis
    assert axis is not None
    assert axis.sessions is None


def test_one_candle_is_a_session() -> None:
    """Around it a day is a step."""
    data = {"d": ["1970-01-02"], "open": [1], "high": [1], "low": [1], "close": [1]}
    remarks = [{"type": "line", "x": "1970-01-04"}]
    spec = {"kind": "candlestick", "data": data, "annotations": remarks}
    assert full_spec(spec).annotations[0].x == [2]


def test_candles_at_one_place_are_told() -> None:
    """A position that comes twice draws one candle over another, with a warning."""
    warnings = parsed(candlestick(x=["a", "a"])).warnings
    message = "has positions that come twice, where one candle hides another"
    assert warnings == (f"series[0].x: {message}",)


RULES: dict[str, tuple[dict[str, Any], Faults]] = {
    "needs": (
        {"series": [{"kind": "candlestick", "open": [1]}]},
        [
            ("series[0]", "a candlestick needs high"),
            ("series[0]", "a candlestick needs low"),
            ("series[0]", "a candlestick needs close"),
        ],
    ),
    "high": (
        candlestick(high=[3, 1.5]),
        [
            (
                "series[0].high[1]",
                "1.5 is below open or close: high is the greatest of the four",
            )
        ],
    ),
    "low": (
        candlestick(low=[0, 1.5]),
        [("series[0].low[1]", "1.5 is above open or close: low is the least of the four")],
    ),
    "no candle": (
        candlestick(open=[None, 1], close=[1, None]),
        [("series[0]", "has no candle with x, open, high, low and close: fill some gaps")],
    ),
    "lengths": (
        candlestick(close=[1]),
        [
            (
                "series[0]",
                "open has 2 values, high has 2, low has 2, close has 1: they must be as many",
            )
        ],
    ),
    "text": (
        candlestick(close=[1, "a"]),
        [("series[0].close[1]", '"a" is text: close must be numbers')],
    ),
    "members": (
        candlestick(y=[1, 2], marker="o"),
        [
            ("series[0].y", "a candlestick has no y: remove it"),
            ("series[0].marker", "a candlestick has no marker: remove it"),
        ],
    ),
}


@pytest.mark.parametrize("case", RULES)
def test_each_rule_names_its_place_and_its_mend(case: str) -> None:
    """A candlestick that breaks a rule is refused at its place."""
    spec, faults = RULES[case]
    assert faults_of(spec) == faults


def test_prices_count_as_points() -> None:
    """All four columns are among the values that are bounded."""
    message = "8 points, at most 7 are drawn: aggregate first"
    assert faults_of(candlestick(), Limits(points=7)) == [("", message)]
