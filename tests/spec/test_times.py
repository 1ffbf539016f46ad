"""Times as days since the epoch."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.spec.times import days_since_epoch, looks_like_time


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1970-01-01", 0.0),
        ("1970-02", 31.0),
        ("2024-03-01", 19783.0),
        ("1969-12-31T12:00", -0.5),
        ("1970-01-01T06:00:00Z", 0.25),
        ("1970-01-01 06:00:00", 0.25),
        ("1970-01-01T06:00:00.000+06:00", 0.0),
        ("1970-01-01T00:00:00-0600", 0.25),
        ("1970-01-01T00:00:43.2Z", 0.0005),
        ("1970-01-01T00:00:43,200000000Z", 0.0005),
        ("0001-01-01T00:00:00+14:00", -719162.5833333334),
        ("9999-12-31T23:59:59-12:00", 2932897.4999884260),
    ],
)
def test_iso_8601_becomes_days(text: str, days: float) -> None:
    """Months, days, moments, fractions and offsets count from 1970-01-01T00:00Z."""
    assert days_since_epoch(text) == pytest.approx(days, rel=1e-15)


@pytest.mark.parametrize(
    "text",
    ["", "2024", "2024-1-5", "24-01-01", "2024-01-01T", "2024-01-01T10", "20240101", "2024-W01-1",
     "2024-01-01T10:00:00.", "2024-01-01T10:00:00 Z", "2024-01-01x", " 2024-01-01",
     "2024-01-01\n", "२०२४-०१-०१"],
)  # fmt: skip
def test_other_forms_are_no_times(text: str) -> None:
    """Years alone, short months, weeks and rests are not taken for times."""
    assert not looks_like_time(text)
    with pytest.raises(ValueError, match="not an ISO 8601 time"):
        days_since_epoch(text)


@pytest.mark.parametrize(
    "text", ["2024-02-30", "2024-13", "2024-01-01T25:00", "2024-01-01T10:61", "0000-01-01"]
)
def test_days_that_never_were_are_refused(text: str) -> None:
    """The right form is not enough: the day and the hour must exist."""
    assert looks_like_time(text)
    with pytest.raises(ValueError, match=r".+"):
        days_since_epoch(text)


@given(st.datetimes(timezones=st.just(UTC)))
def test_days_come_back_as_the_same_moment(moment: datetime) -> None:
    """A day number is exact to a few microseconds anywhere in the calendar."""
    days = days_since_epoch(moment.isoformat().replace("+00:00", "Z"))
    assert days * 86400 == pytest.approx(moment.timestamp(), abs=1e-4)
