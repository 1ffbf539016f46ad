"""Tables with a first line that is very long."""

import time

import pytest

from plotkiln.errors import MalformedError, RuleError
from plotkiln.spec import spec_from_csv


def test_a_long_first_line_is_parted() -> None:
    """Many columns are read, though the line is longer than one cell may be."""
    names = ",".join(f"c{number}" for number in range(40_000))
    spec = spec_from_csv(f"{names}\n{','.join(['1'] * 40_000)}\n".encode(), {})
    assert spec.count(b'"c') == 40_000


def test_a_cell_has_an_end() -> None:
    """One cell that is longer than a cell may be is refused, not a defect."""
    with pytest.raises(MalformedError):
        spec_from_csv(b"a" * 200_000 + b"\n1\n", {})


def test_equal_names_are_found_in_time() -> None:
    """Names are compared with those before them, without reading all of these again."""
    names = ",".join(f"c{number}" for number in range(100_000))
    begun = time.process_time()
    with pytest.raises(RuleError):
        spec_from_csv(f"{names},c1\n1\n".encode(), {})
    assert time.process_time() - begun < 30
