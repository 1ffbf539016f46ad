"""Single values on a settled axis: limits and annotations become numbers."""

import contextlib

import msgspec

from plotkiln.documents import nearest
from plotkiln.spec.columns import category_text
from plotkiln.spec.faults import Faults, shown
from plotkiln.spec.models import AxisType
from plotkiln.spec.times import days_since_epoch

__all__ = ["Scale", "position"]


class Scale(msgspec.Struct, frozen=True):
    """What one axis makes of a value."""

    type: AxisType
    #: The position of each category.
    places: dict[str, int] = {}

    @property
    def noun(self) -> str:
        """What its values are, in the plural."""
        return {"time": "times", "category": "categories"}.get(self.type, "numbers")


def position(value: float | str, scale: Scale, path: str, faults: Faults) -> float | None:
    """Convert one value to a number on an axis; note a fault at `path` when it has none."""
    if scale.type == "category":
        return _category_position(value, scale, path, faults)
    if scale.type == "time":
        return _time_position(value, path, faults)
    if isinstance(value, str):
        faults.add(path, f"{shown(value)} is text, but the values of this axis are numbers")
    elif scale.type == "log" and value <= 0:
        faults.add(path, f"{shown(value)} has no place on a log axis: give a number above 0")
    else:
        return value
    return None


def _category_position(value: float | str, scale: Scale, path: str, faults: Faults) -> float | None:
    name = category_text(value)
    if name in scale.places:
        return float(scale.places[name])
    hint = nearest(name, scale.places)
    faults.add(path, f"{shown(value)} is not among the categories of this axis{hint}")
    return None


def _time_position(value: float | str, path: str, faults: Faults) -> float | None:
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return days_since_epoch(value)
    faults.add(path, f"{shown(value)} is not a time, as this axis has them: write 2024-03-01")
    return None
