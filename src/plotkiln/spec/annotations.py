"""Remarks whose coordinates are numbers on the axes."""

from plotkiln.spec.colors import is_color
from plotkiln.spec.faults import Faults, no_color
from plotkiln.spec.full import FullAnnotation, FullAxis
from plotkiln.spec.models import Annotation
from plotkiln.spec.positions import Scale, position

__all__ = ["check_annotations", "place_annotations"]

Coordinate = float | str | list[float | str] | None


def check_annotations(annotations: list[Annotation], faults: Faults) -> None:
    """Note what is wrong with remarks whatever the axes are: members and colours."""
    for index, remark in enumerate(annotations):
        path = f"annotations[{index}]"
        {"line": _check_line, "band": _check_band, "text": _check_text}[remark.type](
            remark, path, faults
        )
        if remark.color is not None and not is_color(remark.color):
            faults.add(f"{path}.color", no_color(remark.color))


def place_annotations(
    annotations: list[Annotation], x_axis: FullAxis, y_axis: FullAxis, faults: Faults
) -> list[FullAnnotation]:
    """Convert the coordinates of checked remarks; note each that has no place on its axis."""
    scales = {"x": _scale(x_axis), "y": _scale(y_axis)}
    placed = []
    for index, remark in enumerate(annotations):
        x, y = (
            _coordinates(getattr(remark, name), scale, f"annotations[{index}].{name}", faults)
            for name, scale in scales.items()
        )
        placed.append(
            FullAnnotation(type=remark.type, x=x, y=y, text=remark.text, color=remark.color)
        )
    return placed


def _check_line(remark: Annotation, path: str, faults: Faults) -> None:
    if (remark.x is None) == (remark.y is None):
        faults.add(path, "a line stands at x or at y: give one of them")
    elif isinstance(remark.x, list) or isinstance(remark.y, list):
        faults.add(path, "a line has one position; a band goes from one to another")


def _check_band(remark: Annotation, path: str, faults: Faults) -> None:
    if (remark.x is None) == (remark.y is None):
        faults.add(path, "a band spans x or y: give one of them, as [from, to]")
    elif not isinstance(remark.x or remark.y, list):
        faults.add(path, "a band goes from one position to another: give [from, to]")


def _check_text(remark: Annotation, path: str, faults: Faults) -> None:
    for name in ("x", "y"):
        value = getattr(remark, name)
        if value is None or isinstance(value, list):
            faults.add(f"{path}.{name}", f"text stands at one point: give one {name}")
    if not remark.text:
        faults.add(f"{path}.text", "is missing: say what to write")


def _scale(axis: FullAxis) -> Scale:
    return Scale(axis.type, {name: at for at, name in enumerate(axis.categories or [])})


def _coordinates(value: Coordinate, scale: Scale, path: str, faults: Faults) -> list[float] | None:
    if isinstance(value, list):
        return _span(value, scale, path, faults)
    found = None if value is None else position(value, scale, path, faults)
    return None if found is None else [found]


def _span(ends: list[float | str], scale: Scale, path: str, faults: Faults) -> list[float] | None:
    """Convert the two ends of a band; on categories it covers both of them wholly."""
    low, high = (position(end, scale, f"{path}[{at}]", faults) for at, end in enumerate(ends))
    if low is None or high is None:
        return None
    if scale.type == "category":
        return [min(low, high) - 0.5, max(low, high) + 0.5]
    if low >= high:
        faults.add(path, "the first must be less than the second")
    return [low, high]
