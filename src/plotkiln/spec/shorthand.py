"""The short forms of a spec: one series at the top, or a table whose columns are the series."""

from types import NoneType

import msgspec

from plotkiln.spec.faults import Faults
from plotkiln.spec.models import Kind, Series, Spec
from plotkiln.spec.sources import Source, Table, Value

__all__ = ["shorthand_series"]


def shorthand_series(spec: Spec, table: Table | None, faults: Faults) -> list[Series]:
    """Write out the series of a spec that has no `series`; note a fault when it has no values.

    Rules, first match counts:

    The column that parts rows into panels is no series.

    - `y` lists columns of `data`: one series for each, named after it.
    - `y` or `z` is given, or `x` without `data` or of a histogram: they are the only series.
    - A heatmap or contour of `data`: the first column names the rows, every number column is a
      column.
    - `data` alone: x is the named or else the first column, every other column of numbers is a
      series named after it. A candlestick takes the columns of its prices. Histograms, and boxes
      and violins without x, take every column of numbers.
    """
    if table is not None and spec.facets is not None and isinstance(spec.facets.by, str):
        table = table.without(spec.facets.by)
    head = Series(kind=spec.kind, x=spec.x, y=spec.y, z=spec.z, bins=spec.bins)
    names = _column_names(spec, table)
    if names is not None and table is not None:
        known = [n for at, n in enumerate(names) if table.find(n, ("y", at), faults)]
        return [msgspec.structs.replace(head, y=name) for name in known]
    has_values = spec.y is not None or spec.z is not None
    counts_x = spec.x is not None and (table is None or spec.kind == "histogram")
    if has_values or counts_x:
        return [head]
    if table is None:
        faults.add("", "there is nothing to draw: give y, series, or data")
        return []
    if spec.kind in {"heatmap", "contour"}:
        return _matrix(spec.kind, table, faults)
    return _columns_as_series(head, table, faults)


def _column_names(spec: Spec, table: Table | None) -> list[str] | None:
    """Return the names in `y` when it lists columns; a heatmap's list of texts names its rows."""
    if table is None or not isinstance(spec.y, list) or not spec.y:
        return None
    names = [name for name in spec.y if isinstance(name, str)]
    if len(names) < len(spec.y) or (
        spec.kind == "heatmap" and not set(names) <= set(table.columns)
    ):
        return None
    return names


def _columns_as_series(head: Series, table: Table, faults: Faults) -> list[Series]:
    if head.kind == "candlestick":
        return [head if head.x is not None else _with_first_column(head, table)]
    if head.x is None and head.kind not in {"histogram", "box", "violin"}:
        head = _with_first_column(head, table)
    member = "x" if head.kind == "histogram" else "y"
    shown = _number_columns(table, except_for=head.x, faults=faults)
    if not shown:
        faults.add("data", "has no column of numbers to draw")
    return [msgspec.structs.replace(head, **{member: source.column}) for source in shown]


def _with_first_column(head: Series, table: Table) -> Series:
    """Take the first column as x; a table of one column has none."""
    if len(table.columns) == 1:
        return head
    return msgspec.structs.replace(head, x=next(iter(table.columns)))


def _number_columns(table: Table, *, except_for: object, faults: Faults) -> list[Source]:
    sources = [source for name, source in table.columns.items() if name != except_for]
    shown = [source for source in sources if source.is_numeric]
    for source in sources:
        if not source.is_numeric and set(map(type, source.values)) != {NoneType}:
            faults.warn(source.path, "is left out: it holds no numbers")
    return shown


def _matrix(kind: Kind, table: Table, faults: Faults) -> list[Series]:
    """Read a wide table as a matrix; the columns of a contour are named by numbers or times."""
    first, *_ = table.columns.values()
    shown = _number_columns(table, except_for=first.column, faults=faults)
    if not shown:
        faults.add("data", "has no column of numbers to draw")
        return []
    numbers = [[value for value in source.values if not isinstance(value, str)] for source in shown]
    rows = [list(row) for row in zip(*numbers, strict=False)]
    names = [source.column for source in shown]
    x = _as_numbers(names) if kind == "contour" else list[Value](names)
    return [Series(kind=kind, x=x, y=first.values, z=list(rows))]


def _as_numbers(names: list[str | None]) -> list[Value]:
    """Return names as the numbers that they write; as they are where one is none."""
    try:
        return [float(name or "") for name in names]
    except ValueError:
        return list[Value](names)
