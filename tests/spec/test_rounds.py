"""Polars and radars: what goes around a centre, and outward from it."""

from typing import Any

import pytest

from specs import Faults, faults_of, full_spec, numbers, texts


def radar(**members: Any) -> dict[str, Any]:
    """Return a spec of one radar with three corners."""
    return {"kind": "radar", "x": ["a", "b", "c"], "y": [1, 2, 3], **members}


def test_a_radar_stands_on_categories() -> None:
    """Whatever x is, it names the corners; series share them in order of appearance."""
    full = full_spec({
        "kind": "radar",
        "series": [{"x": [1, 2], "y": [1, 2]}, {"x": [3, 1], "y": [3, None]}],
    })  # fmt: skip
    assert full.x_axis is not None
    assert (full.x_axis.type, full.x_axis.categories) == ("category", ["1", "2", "3"])
    assert full.series[1].x == texts("3", "1")


def test_a_polar_stands_at_degrees_or_at_categories() -> None:
    """Numbers are degrees; other texts, or all where it is asked for, are categories."""
    degrees = full_spec({"kind": "polar", "x": [0, 90], "y": [1, 2]})
    assert degrees.series[0].x == numbers(0, 90)
    names = full_spec({"kind": "polar", "x": ["N", "S"], "y": [1, 2]})
    assert names.series[0].x == texts("N", "S")
    asked = {"kind": "polar", "x": [2024, 2025], "y": [1, 2], "axes": {"x": {"type": "category"}}}
    assert full_spec(asked).series[0].x == texts("2024", "2025")


def test_a_table_is_a_radar() -> None:
    """The first column names the corners, every other is a polygon."""
    data = {"what": ["a", "b", "c"], "one": [1, 2, 3], "two": [3, 2, 1]}
    series = full_spec({"kind": "radar", "data": data}).series
    assert [one.name for one in series] == ["one", "two"]


NO_LABEL = "has no place on a round picture: use the subtitle"

RULES: dict[str, tuple[dict[str, Any], Faults]] = {
    "needs": (
        {"kind": "polar", "y": [1]},
        [("", "a polar needs x")],
    ),
    "few corners": (
        {"kind": "radar", "x": ["a", "b"], "y": [1, 2]},
        [("x", "2 categories are no polygon: a radar needs three at least")],
    ),
    "corner twice": (
        radar(x=["a", "b", "a"]),
        [("x[2]", '"a" comes twice: a polygon has it once')],
    ),
    "times": (
        {"kind": "polar", "x": ["2024-01", "2024-02"], "y": [1, 2]},
        [("x", "holds times: give angles in degrees, or set the axis type to category")],
    ),
    "axes": (
        radar(
            axes={
                "x": {"label": "l", "type": "log", "limits": [0, 1]},
                "y": {"label": "l", "type": "log"},
            }
        ),
        [
            ("axes.x.label", NO_LABEL),
            ("axes.y.label", NO_LABEL),
            ("axes.x.limits", "angles go all around: remove it"),
            ("axes.x.type", "x goes around: choose linear for degrees, or category"),
            ("axes.y.type", "y goes outward from the centre: its axis is linear"),
            ("axes.x.limits", "a category axis has no limits: leave categories out instead"),
        ],
    ),
    "annotations": (
        radar(annotations=[{"type": "line", "y": 1}]),
        [("annotations", "remarks have no place on a round picture: remove them")],
    ),
    "mixed": (
        {"series": [
            {"kind": "polar", "x": [1, 2, 3], "y": [1, 2, 3]}, {"kind": "radar", **radar()},
        ]},
        [
            (
                "series[1].x",
                "holds categories, but series[0].x holds numbers: one axis has one type",
            )
        ],
    ),
    "company": (
        {"series": [{"y": [1]}, {"kind": "radar", **radar()}]},
        [("series[1]", "a radar cannot share a picture with a line: draw two")],
    ),
    "no point": (
        {"kind": "polar", "x": [1, None], "y": [None, 1]},
        [("", "has no point with both x and y: fill some of the gaps")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", RULES)
def test_each_rule_names_its_place_and_its_mend(case: str) -> None:
    """A round picture that breaks a rule is refused at its place."""
    spec, faults = RULES[case]
    assert faults_of(spec) == faults
