"""Axes whose types are settled: limits in numbers, formats checked, categories counted."""

from plotkiln.spec.bounds import check_text
from plotkiln.spec.faults import Faults, counted
from plotkiln.spec.full import FullAxis, FullColumn
from plotkiln.spec.limits import Limits
from plotkiln.spec.models import Axis, AxisType
from plotkiln.spec.positions import Scale, position
from plotkiln.spec.sources import Value
from plotkiln.spec.tickformats import number_format, time_format

__all__ = [
    "all_categories",
    "common_type",
    "distinct_positions",
    "full_axis",
    "without_nonpositive",
]

_PLURALS = {"number": "numbers", "time": "times", "category": "categories"}

_NUMBER_EXAMPLES = "`,.1f` writes 1,234.5 and `.0%` writes 12%"
_TIME_EXAMPLES = "`%d %b` writes 05 Mar and `%Y-%m` writes 2024-03"


def common_type(
    columns: list[tuple[str, FullColumn]], forced: AxisType | None, faults: Faults
) -> AxisType:
    """Return the type of the axis that all columns share; note each that differs from the first."""
    if not columns:
        return forced or "linear"
    first_path, first = columns[0]
    for path, column in columns[1:]:
        if column.type != first.type:
            message = (
                f"holds {_PLURALS[column.type]}, but {first_path} holds {_PLURALS[first.type]}: "
                "one axis has one type"
            )
            faults.add(path, message)
    if first.type == "number":
        return "log" if forced == "log" else "linear"
    return first.type


def all_categories(columns: list[FullColumn]) -> list[str]:
    """Return every category of all columns, in order of appearance."""
    texts = [column.values for column in columns if column.type == "category"]
    seen = dict.fromkeys(value for values in texts for value in values)
    return [value for value in seen if isinstance(value, str)]


def distinct_positions(columns: list[FullColumn]) -> list[Value]:
    """Return every position of all columns: categories as they appear, others in rising order."""
    if columns and columns[0].type == "category":
        return list(all_categories(columns))
    numbers = {at for column in columns for at in column.values if isinstance(at, float)}
    return [*sorted(numbers)]


def full_axis(
    path: str,
    sent: Axis | None,
    axis_type: AxisType,
    categories: list[str],
    limits: Limits,
    faults: Faults,
) -> FullAxis:
    """Settle one axis; note faults of its limits, its format and its categories."""
    sent = sent or Axis()
    is_category = axis_type == "category"
    if is_category:
        _check_categories(path, categories, limits, faults)
    low, high = _limits(path, sent, axis_type, faults)
    return FullAxis(
        type=axis_type,
        label=sent.label,
        low=low,
        high=high,
        format=_format(f"{path}.format", sent.format, axis_type, faults),
        prefix=_affix(f"{path}.prefix", sent.prefix, axis_type, faults),
        suffix=_affix(f"{path}.suffix", sent.suffix, axis_type, faults),
        grid=sent.grid,
        reverse=sent.reverse,
        categories=categories if is_category else None,
    )


def without_nonpositive(path: str, column: FullColumn, faults: Faults) -> FullColumn:
    """Make gaps of what a log axis cannot show, and warn of it; note a fault if nothing is left."""
    numbers = [value for value in column.values if isinstance(value, float)]
    dropped = sum(number <= 0 for number in numbers)
    if not dropped:
        return column
    if dropped == len(numbers):
        faults.add(path, "has no value above 0: a log axis can show none of it")
        return column
    values = counted(dropped, "value")
    faults.warn(path, f"{values} of 0 or less left out, which a log axis cannot show")
    kept = [value if isinstance(value, float) and value > 0 else None for value in column.values]
    return FullColumn("number", list(kept))


def _check_categories(path: str, categories: list[str], limits: Limits, faults: Faults) -> None:
    if len(categories) > limits.categories:
        most = limits.categories
        message = f"{len(categories)} categories, at most {most} are drawn: group the rare ones"
        faults.add(path, message)
        return
    for category in categories:
        check_text(path, category, limits, faults)


def _limits(
    path: str, sent: Axis, axis_type: AxisType, faults: Faults
) -> tuple[float | None, float | None]:
    if sent.limits is None:
        return None, None
    if axis_type == "category":
        faults.add(f"{path}.limits", "a category axis has no limits: leave categories out instead")
        return None, None
    low, high = (
        None if value is None else position(value, Scale(axis_type), f"{path}.limits[{at}]", faults)
        for at, value in enumerate(sent.limits)
    )
    if low is not None and high is not None and low >= high:
        message = "the first must be less than the second (set reverse to turn the axis round)"
        faults.add(f"{path}.limits", message)
    return low, high


def _format(path: str, text: str | None, axis_type: AxisType, faults: Faults) -> str | None:
    if text is None:
        return None
    if axis_type == "category":
        faults.add(path, "a category axis has no format: its labels are the categories themselves")
        return None
    of_times = axis_type == "time"
    checked = time_format(text) if of_times else number_format(text)
    if checked is None:
        what, examples = ("times", _TIME_EXAMPLES) if of_times else ("numbers", _NUMBER_EXAMPLES)
        faults.add(path, f"is no format of {what}: {examples}")
    return checked


def _affix(path: str, text: str | None, axis_type: AxisType, faults: Faults) -> str:
    if text and axis_type in {"time", "category"}:
        faults.add(path, "goes with numbers only, and this axis has none")
    return text or ""
