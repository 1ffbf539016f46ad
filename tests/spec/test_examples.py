"""The examples: every one can be drawn as it stands."""

import json
from pathlib import Path

import pytest

from plotkiln.spec import KINDS, Limits, parse_spec, spec_from_csv

EXAMPLES = Path(__file__).parents[2] / "examples"
SPECS = sorted(path for path in EXAMPLES.glob("*.json") if path.name != "style.json")


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_an_example_is_good(path: Path) -> None:
    """An example is parsed without fault or warning."""
    parsed = parse_spec(path.read_bytes(), Limits())
    assert parsed.warnings == ()
    assert parsed.full.title


def test_every_kind_has_an_example() -> None:
    """Each kind of series is drawn by some example."""
    fulls = [parse_spec(path.read_bytes(), Limits()).full for path in SPECS]
    assert {series.kind for full in fulls for series in full.series} == set(KINDS)


def test_the_classic_is_the_classic() -> None:
    """The chart that everything started with: eight points, round markers, one blue."""
    full = parse_spec((EXAMPLES / "classic.json").read_bytes(), Limits()).full
    (series,) = full.series
    assert full.title == "Dynamically Styled Plot"
    assert (series.marker, series.color) == ("o", "#007ACC")
    assert series.y is not None
    assert series.y.values == [4, 1, 7, 5, 2, 8, 3, 6]


def test_the_table_of_sales_draws_the_stacked_bars() -> None:
    """The CSV with options has the same series as the JSON."""
    options = {"kind": "bar", "stack": "true"}
    table = parse_spec(spec_from_csv((EXAMPLES / "sales.csv").read_bytes(), options), Limits())
    bars = parse_spec((EXAMPLES / "stacked-bars.json").read_bytes(), Limits())
    assert table.full.series == bars.full.series


def test_decimal_commas_are_read() -> None:
    """The German table has times, and numbers with commas and a gap."""
    data = json.loads(spec_from_csv((EXAMPLES / "messwerte.csv").read_bytes(), {}))["data"]
    assert data["Zulauf"][0] == 53.6
    assert data["Rücklauf"][9] is None
    full = parse_spec(json.dumps({"data": data}).encode(), Limits()).full
    assert full.x_axis is not None
    assert full.x_axis.type == "time"


def test_every_example_is_described() -> None:
    """The list of examples names each file once."""
    words = (EXAMPLES / "README.md").read_text()
    files = [path.name for path in EXAMPLES.iterdir() if path.name != "README.md"]
    assert [name for name in files if words.count(f"]({name})") != 1] == []
