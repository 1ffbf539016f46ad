from typing import Any

import pytest

from plotkiln.documents import nesting
from plotkiln.documents.extents import Extent, excerpt, extent


@pytest.mark.parametrize(
    ("value", "levels"),
    [
        (1, 0),
        ("a", 0),
        ([], 1),
        ({}, 1),
        ([1, 2], 1),
        ([[1], {"a": [2]}], 3),
        ({"a": {"b": []}}, 3),
    ],
)
def test_nesting_counts_lists_and_objects_within_each_other(value: Any, levels: int) -> None:
    """A scalar has no level, a list or an object one more than what it holds."""
    assert nesting(value) == levels


def test_nesting_needs_no_recursion() -> None:
    """A value far deeper than Python's stack is measured."""
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    assert nesting(value) == 100_001


def test_all_values_count() -> None:
    """Scalars, lists and objects are values; names are not."""
    assert extent({"a": [1, 2, {}], "b": None}) == Extent(levels=3, values=7 - 1)


def test_an_excerpt_keeps_the_first_entries_where_they_are() -> None:
    """Long lists are cut at their end, inner ones sooner; short values stay whole."""
    whole = {"a": list(range(1000)), "b": [list(range(1000))] * 3}
    part = excerpt(whole, 64)
    assert part["a"] == list(range(64))
    assert part["b"] == [list(range(16))] * 3
    assert excerpt({"x": [1, {"y": 2}]}, 64) == {"x": [1, {"y": 2}]}
