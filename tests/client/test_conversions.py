"""Values of Python as JSON; pandas and its like are stood in for by classes of their shape."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.client.conversions import is_table, plain
from plotkiln.errors import RuleError
from plotkiln.spec import Spec

NAN = float("nan")

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(json_values)
def test_what_json_has_stays_as_it_is(value: Any) -> None:
    """A value that JSON has a form for is not changed."""
    assert plain(value) == value


@given(st.lists(st.floats(allow_infinity=False) | st.none()))
def test_gaps_are_null(values: list[float | None]) -> None:
    """NaN becomes null, in a list and in an array; other numbers stay the same."""
    wanted = [None if value is None or np.isnan(value) else value for value in values]
    assert plain(values) == wanted
    assert plain(np.array(values, dtype=float)) == wanted


class Color(StrEnum):
    """Texts that are of a class of their own."""

    RED = "red"


class Level(Enum):
    """What is no text by itself."""

    LOW = 1


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (np.float64(1.5), 1.5),
        (np.float32(0.5), 0.5),
        (np.float64("nan"), None),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
        (np.arange(3), [0, 1, 2]),
        (np.array([[1.0, NAN], [3.0, 4.0]]), [[1.0, None], [3.0, 4.0]]),
        (np.array(["a", "b"]), ["a", "b"]),
        (np.array([1, None, "x"], dtype=object), [1, None, "x"]),
        (np.array(["2026-03-01", "NaT"], dtype="datetime64[D]"), ["2026-03-01", None]),
        (np.array(["2026-03-01T12:30"], dtype="datetime64[ns]"), ["2026-03-01T12:30:00"]),
        (np.datetime64("2026-03-01T12:30:00.25", "ns"), "2026-03-01T12:30:00.250000"),
        (np.datetime64("2026-03"), "2026-03-01"),
        (np.ma.masked_array([1.0, 2.0], [False, True]), [1.0, None]),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-03-01T12:00:00+00:00"),
        (Decimal("1.25"), 1.25),
        (Decimal("NaN"), None),
        (Color.RED, "red"),
        (Level.LOW, 1),
        ((1, 2), [1, 2]),
        (range(3), [0, 1, 2]),
        ({1: {"a": np.int8(2)}}, {"1": {"a": 2}}),
        ((number * 2 for number in range(2)), [0, 2]),
    ],
)
def test_values_of_libraries(value: Any, wanted: Any) -> None:
    """Arrays, numbers, times and texts of libraries become JSON's own."""
    found = plain(value)
    assert found == wanted
    assert msgspec.json.decode(msgspec.json.encode(found)) == wanted


def test_a_spec_of_our_own_is_taken() -> None:
    """`plotkiln.spec.Spec` is a spec, too."""
    assert plain(Spec(y=[1.0, 2.0], title="a")) == {"y": [1.0, 2.0], "title": "a"}


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"y": [1.0, float("inf")]}, "y[1]"),
        ({"y": np.array([1.0, -np.inf])}, "y[1]"),
        ({"series": [{"y": 1j}]}, "series[0].y"),
        ({"y": np.array([1 + 2j])}, "y"),
        ({"x": np.array([1], dtype="timedelta64[s]")}, "x"),
        ({"x": [timedelta(1)]}, "x[0]"),
        ({"title": b"bytes"}, "title"),
        ({"title": object()}, "title"),
    ],
)
def test_refusals_name_the_place(value: Any, path: str) -> None:
    """What JSON has no form for is refused before anything is sent, by its path."""
    with pytest.raises(RuleError) as caught:
        plain(value)
    assert [fault.path for fault in caught.value.faults] == [path]


class NAType:
    """pandas' NA: whoever compares it gets it again."""

    def __eq__(self, other: object) -> Any:
        return self

    def __bool__(self) -> bool:
        raise TypeError("boolean value of NA is ambiguous")

    __hash__ = None  # type: ignore[assignment]


class NaTType(datetime):
    """pandas' NaT: a datetime that names none."""


class Column:
    """A column as pandas has them."""

    def __init__(self, values: list[Any], name: str | None = None) -> None:
        self.values, self.name = values, name

    def tolist(self) -> list[Any]:
        """Return the values."""
        return self.values

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)


class RangeIndex(Column):
    """The index that numbers the rows."""


class Frame:
    """A table as pandas has them; without an index, as polars does."""

    def __init__(self, columns: dict[Any, list[Any]], index: Column | None = None) -> None:
        self._columns = columns
        if index is not None:
            self.index = index

    @property
    def columns(self) -> list[Any]:
        """The columns' names."""
        return list(self._columns)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(next(iter(self._columns.values()))), len(self._columns)

    def __getitem__(self, name: Any) -> Column:
        return Column(self._columns[name])


class ArrowColumn:
    """A column as pyarrow has them."""

    def to_pylist(self) -> list[Any]:
        """Return its values."""
        return [1, None]


class ArrowTable:
    """A table as pyarrow has them."""

    def to_pydict(self) -> dict[str, list[Any]]:
        """Return its columns."""
        return {"a": [1, None]}


def test_tables_become_columns() -> None:
    """A table is its columns by name, gaps and all; an index that says something comes first."""
    gaps = [1.5, NAN, NAType(), NaTType(2026, 1, 1)]
    frame = Frame({"a": gaps, ("b", 1): [1, 2, 3, 4]}, RangeIndex([0, 1, 2, 3]))
    assert is_table(frame)
    assert plain(frame) == {"a": [1.5, None, None, None], "b 1": [1, 2, 3, 4]}
    days = Frame({"a": [1, 2]}, Column([date(2026, 1, 1), date(2026, 1, 2)], "day"))
    assert plain(days) == {"day": ["2026-01-01", "2026-01-02"], "a": [1, 2]}
    assert plain(Frame({"a": [1]}, Column(["x"]))) == {"index": ["x"], "a": [1]}
    assert plain(Frame({"a": [1]})) == {"a": [1]}
    assert plain(ArrowTable()) == {"a": [1, None]}
    assert plain(ArrowColumn()) == [1, None]
    assert not is_table(np.zeros((2, 2)))


def test_columns_of_one_name_are_refused() -> None:
    """Two columns that would have the same name are an error that says so."""
    with pytest.raises(RuleError, match="two columns are called 1"):
        plain(Frame({1: [1], "1": [2]}))
