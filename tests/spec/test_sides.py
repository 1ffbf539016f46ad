"""Series on the axis at the right."""

from typing import Any

import pytest

from plotkiln.spec.full import FullAxis
from specs import Faults, faults_of, full_spec, numbers, parsed


def twin(**members: Any) -> dict[str, Any]:
    """Return a spec of two lines, the second at the right."""
    return {"series": [{"y": [1, 2]}, {"y": [10, 0], "axis": "y2"}], **members}


def test_the_axis_at_the_right_has_its_own_rules() -> None:
    """Its type, limits and format are those of `axes.y2`."""
    full = full_spec(twin(axes={"y2": {"type": "log", "label": "Right", "limits": [1, None]}}))
    assert full.y2_axis == FullAxis(type="log", label="Right", low=1)
    assert full.y_axis == FullAxis(type="linear")
    assert [one.axis for one in full.series] == ["y", "y2"]
    assert full.series[1].y == numbers(10, None)


def test_the_axis_at_the_right_needs_no_words() -> None:
    """It is there as soon as a series stands on it, and not before."""
    assert full_spec(twin()).y2_axis == FullAxis(type="linear")
    assert full_spec({"y": [1]}).y2_axis is None


def test_values_that_a_log_axis_cannot_show_are_those_of_its_series() -> None:
    """A zero on the linear axis stays."""
    spec = twin(axes={"y": {"type": "log"}})
    assert parsed(spec).warnings == ()
    assert full_spec(spec).series[1].y == numbers(10, 0)


STACK = {"kind": "area", "stack": True}

RULES: dict[str, tuple[dict[str, Any], Faults]] = {
    "no series": (
        {"y": [1], "axes": {"y2": {}}},
        [("axes.y2", "no series stands on it: give one the axis y2")],
    ),
    "of another kind": (
        {"kind": "pie", "y": [1], "axes": {"y2": {}}},
        [
            ("axes.y2", "no series stands on it: give one the axis y2"),
            ("axes", "a pie has no axes: remove it"),
        ],
    ),
    "none at the left": (
        {"series": [{"y": [1], "axis": "y2"}]},
        [("series[0].axis", "all series are on y2: leave one on y, or all")],
    ),
    "horizontal": (
        {
            "orientation": "horizontal",
            "series": [{"kind": "bar", "y": [1]}, {"kind": "line", "y": [1], "axis": "y2"}],
        },
        [
            ("series[1].axis", "a horizontal picture has no axis at the right"),
            ("orientation", "only a bar, a box or a violin can be horizontal, not a line"),
        ],
    ),
    "bars": (
        {"kind": "bar", "series": [{"y": [1]}, {"y": [1], "axis": "y2"}]},
        [
            (
                "series[1].axis",
                "bars side by side stand on one axis: put all on y, or all on y2",
            )
        ],
    ),
    "a stack": (
        STACK | {"series": [{"y": [1]}, {"y": [1], "axis": "y2"}]},
        [("series[1].axis", "a stack stands on one axis: put all on y, or all on y2")],
    ),
    "type": (
        twin(axes={"y2": {"type": "category"}}),
        [("axes.y2.type", "this axis holds numbers: choose linear or log")],
    ),
    "a kind without": (
        {"series": [{"kind": "histogram", "x": [1], "axis": "y2"}]},
        [("series[0].axis", "a histogram has no axis: remove it")],
    ),
    "text": (
        twin(axes={"y2": {"label": "\x00"}}),
        [("axes.y2.label", "has the control character U+0000 at 0: remove it")],
    ),
}


@pytest.mark.parametrize("case", RULES)
def test_each_rule_names_its_place_and_its_mend(case: str) -> None:
    """An axis at the right that breaks a rule is refused at its place."""
    spec, faults = RULES[case]
    assert faults_of(spec) == faults
