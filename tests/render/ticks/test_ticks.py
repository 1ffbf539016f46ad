import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.render.ticks import LinearScale, LogScale, NumberWriting, TimeScale

PLAIN = NumberWriting()


def _days(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() / 86_400


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.5, 1.0], ["0.0", "0.5", "1.0"]),
        ([0.0, 1.0, 2.0], ["0", "1", "2"]),
        ([-1.0, 0.0, 1.0], ["−1", "0", "1"]),
        ([2019.0, 2020.0], ["2019", "2020"]),
        ([0.0, 5000.0, 10000.0], ["0", "5,000", "10,000"]),
        ([0.0, 0.25, 0.5], ["0.00", "0.25", "0.50"]),
        ([0.0, 2e9, 4e9], ["0", "2×10⁹", "4×10⁹"]),
        ([1e-9, 1.5e-9], ["1.0×10⁻⁹", "1.5×10⁻⁹"]),
        ([-0.0], ["0"]),
        ([], []),
    ],
)
def test_numbers_are_written_alike_and_short(values: list[float], expected: list[str]) -> None:
    """All numbers of an axis have the decimals that tell them apart, and no more."""
    assert PLAIN.write(values) == expected


def test_a_format_prefix_and_suffix_are_honoured() -> None:
    """The sign stands before the prefix, whatever the format."""
    writing = NumberWriting(",.1f", "€", " k")
    assert writing.write([-1234.5, 0.0]) == ["−€1,234.5 k", "€0.0 k"]


@given(st.floats(-1e12, 1e12), st.floats(1e-6, 1e12), st.integers(2, 10))
def test_linear_ticks_lie_within_the_axis_and_read_apart(
    low: float, span: float, most: int
) -> None:
    """Ticks rise, lie within the limits, and no two are written alike."""
    scale = LinearScale(low, low + span, PLAIN)
    positions = scale.positions(most)
    assert positions == sorted(positions)
    assert all(low - span * 1e-6 <= at <= low + span * (1 + 1e-6) for at in positions)
    assert len(positions) <= most + 2
    if span > abs(low) * 1e-9:
        assert len(set(scale.labels(positions))) == len(positions)


@given(st.floats(-300, 299), st.floats(0.01, 300), st.integers(2, 10))
def test_log_ticks_lie_within_the_axis(exponent: float, decades: float, most: int) -> None:
    """Major and minor ticks lie within the limits, and no two majors are written alike."""
    low, high = 10.0**exponent, 10.0 ** min(exponent + decades, 300)
    if high <= low * (1 + 1e-9):
        return
    scale = LogScale(low, high, PLAIN)
    positions = scale.positions(most)
    ticks = [*positions, *scale.minor(positions)]
    assert all(low * (1 - 1e-6) <= at <= high * (1 + 1e-6) for at in ticks)
    assert len(set(scale.labels(positions))) == len(positions)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1.0, 1000.0, ["1", "10", "100", "1000"]),
        (1e-3, 1e6, ["0.01", "1", "100", "10,000", "1,000,000"]),
        (1e3, 1e12, ["10⁴", "10⁶", "10⁸", "10¹⁰", "10¹²"]),
        (90.0, 700.0, ["100", "200", "500"]),
    ],
)
def test_log_ticks_are_powers_of_ten_or_finer(low: float, high: float, expected: list[str]) -> None:
    """Few powers of ten are written out, far ones as 10ⁿ, and between two there are 2 and 5."""
    scale = LogScale(low, high, PLAIN)
    assert scale.labels(scale.positions(4)) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("2000-01-01", "2020-01-01", "2000|2005|2010|2015|2020"),
        ("2023-07-01", "2024-07-01", "Jul\n2023|Oct|Jan\n2024|Apr|Jul"),
        ("2024-03-01", "2024-04-01", "4 Mar\n2024|11 Mar|18 Mar|25 Mar|1 Apr"),
        ("2024-03-05", "2024-03-06", "00:00\n5 Mar 2024|06:00|12:00|18:00|00:00\n6 Mar 2024"),
        ("2024-03-05T12:00", "2024-03-05T12:10", "12:00\n5 Mar 2024|12:05|12:10"),
        ("2024-03-05T12:00:00", "2024-03-05T12:00:10", "12:00:00\n5 Mar 2024|12:00:05|12:00:10"),
    ],
)
def test_times_are_written_by_what_changes(low: str, high: str, expected: str) -> None:
    """The larger unit stands under the first tick and where it changes."""
    scale = TimeScale(_days(low), _days(high))
    wanted = expected.split("|")
    assert scale.labels(scale.positions(len(wanted))) == wanted


def test_a_time_format_is_honoured() -> None:
    """A strftime format writes every tick."""
    scale = TimeScale(_days("2000-01-01"), _days("2020-01-01"), format="%Y-%m")
    assert scale.labels(scale.positions(5))[0] == "2000-01"


@given(st.floats(-719_000, 2_900_000), st.floats(1e-10, 2_900_000), st.integers(1, 12))
def test_time_ticks_lie_within_the_axis(low: float, span: float, most: int) -> None:
    """From microseconds to millennia ticks rise within the limits, few enough."""
    scale = TimeScale(low, low + span)
    positions = scale.positions(most)
    slack = max(span, 1e-9) * 1e-6
    assert all(low - slack <= at <= low + span + slack for at in positions)
    assert positions == sorted(set(positions))
    assert len(positions) <= 2 * most + 2
    assert len(scale.labels(positions)) == len(positions)


def test_whole_axes_have_whole_ticks() -> None:
    """Between two whole numbers stands no tick where all data are whole."""
    positions = LinearScale(0.0, 3.0, PLAIN, whole=True).positions(8)
    assert all(math.floor(at) == at for at in positions)


def test_a_format_never_writes_two_neighbours_alike() -> None:
    """Ticks finer than the format can tell are left out, not written twice."""
    scale = TimeScale(20454.0, 20458.0, "%d %b")
    labels = scale.labels(scale.positions(10))
    assert labels == ["01 Jan", "02 Jan", "03 Jan", "04 Jan", "05 Jan"]
    assert TimeScale(20454.0, 20458.0, "%Y").positions(10) == [20454.0]
