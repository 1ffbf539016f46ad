"""Which series stand on the axis at the left, and which on the one at the right."""

from plotkiln.spec.drafts import Draft
from plotkiln.spec.faults import Faults
from plotkiln.spec.models import Axes, Spec

__all__ = ["check_sides", "on_right"]


def on_right(draft: Draft) -> bool:
    """Tell whether a series is measured on the axis at the right."""
    return draft.sent.axis == "y2" and "axis" in draft.rule.takes


def check_sides(drafts: list[Draft], spec: Spec, faults: Faults) -> None:
    """Note an axis without series, bars or a stack on both, and a second one of what lies."""
    right = [draft for draft in drafts if on_right(draft)]
    if (spec.axes or Axes()).y2 and drafts and not right:
        faults.add("axes.y2", "no series stands on it: give one the axis y2")
    if not right:
        return
    if len(right) == len(drafts):
        faults.add(right[0].at("axis"), "all series are on y2: leave one on y, or all")
    if spec.orientation == "horizontal":
        faults.add(right[0].at("axis"), "a horizontal picture has no axis at the right")
    for draft in right:
        if draft.kind == "bar" or (spec.stack and draft.rule.stacks):
            _check_together(draft, drafts, spec, faults)


def _check_together(draft: Draft, drafts: list[Draft], spec: Spec, faults: Faults) -> None:
    """Note a series at the right that shares its room, or its stack, with others at the left."""
    if any(other.kind == draft.kind and not on_right(other) for other in drafts):
        what = "a stack stands" if spec.stack else "bars side by side stand"
        faults.add(draft.at("axis"), f"{what} on one axis: put all on y, or all on y2")
