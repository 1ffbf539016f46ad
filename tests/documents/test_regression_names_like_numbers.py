"""Members whose names look like numbers once made the search for faults fail."""

import pytest

from plotkiln.errors import SchemaError
from plotkiln.spec import Limits, parse_spec


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        (b'{"data": {"2024": [1, true], "2025": [[]]}}', ["data.2024[1]", "data.2025[0]"]),
        (b'{"data": [{"7": []}]}', ["data[0].7"]),
        (b'{"data": {"007": [true]}}', ["data"]),
        (b'{"data": {"": [true]}}', ["data"]),
        (b'{"data": {"-1": [true], "1e3": [true]}}', ["data.-1[0]", "data.1e3[0]"]),
    ],
)
def test_a_column_may_be_named_by_a_number(body: bytes, paths: list[str]) -> None:
    """A fault in a column named by a number is told with the column's name."""
    with pytest.raises(SchemaError) as caught:
        parse_spec(body, Limits(points=100, pixels=1_000_000))
    assert [fault.path for fault in caught.value.faults] == paths
