"""The threat model names tests that there are."""

import re

import pytest

from docs.fences import ROOT

_NAMED = sorted(set(re.findall(r"`(tests/[\w/.]+)`", (ROOT / "SECURITY.md").read_text())))


@pytest.mark.parametrize("path", _NAMED)
def test_what_shows_a_boundary_exists(path: str) -> None:
    """Each test that is said to show how a boundary is held can be run."""
    found = ROOT / path
    assert found.is_file() or any(found.glob("**/test_*.py"))


def test_every_boundary_names_one() -> None:
    """No row of the table goes without."""
    table = (ROOT / "SECURITY.md").read_text().partition("| boundary |")[2].partition("\n\n")[0]
    rows = table.splitlines()[2:]
    assert len(rows) > 15
    assert all("`tests/" in row.rstrip("| ").rpartition(" | ")[2] for row in rows)
