"""ISO 8601 times as days since 1970-01-01T00:00Z, which are Matplotlib's date numbers."""

import re
from datetime import UTC, date, datetime, timedelta

__all__ = ["days_since_epoch", "looks_like_time"]

#: The profile of ISO 8601 that counts as a time: month, day, or a moment of a day. Years alone are
#: not among them: "2024" is more often a category.
_TIME = re.compile(
    r"\d{4}-\d{2}"
    r"(?:-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?",
    re.ASCII,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_DAY = timedelta(days=1)


def looks_like_time(text: str) -> bool:
    """Tell whether a text has the form of a time; it may still name a day that never was."""
    return _TIME.fullmatch(text) is not None


def days_since_epoch(text: str) -> float:
    """Convert an ISO 8601 time to days since the epoch; without an offset it is taken as UTC.

    Raises `ValueError` when the text has another form or names no day or hour of the calendar.
    """
    if not looks_like_time(text):
        raise ValueError(f"{text!r} is not an ISO 8601 time")
    if len(text) == len("2024-03"):
        text += "-01"
    if len(text) == len("2024-03-01"):
        return float(date.fromisoformat(text).toordinal() - _EPOCH_DAY)
    moment = datetime.fromisoformat(text)
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) / _DAY
