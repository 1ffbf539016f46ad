"""Ticks on a time axis: at round moments, each written once in the unit that changes.

The larger unit (the day above hours, the year above months) stands under the first tick and where
it changes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from plotkiln.render.ticks.numbers import LinearScale
from plotkiln.render.ticks.writing import NumberWriting

__all__ = ["TimeScale", "begins_month"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: The days that Python's calendar knows, less a day at each end for time zones.
FIRST_DAY = (datetime(1, 1, 2, tzinfo=UTC) - EPOCH).days
LAST_DAY = (datetime(9999, 12, 30, tzinfo=UTC) - EPOCH).days

_DAY, _MONTH, _YEAR = 1.0, 30.436875, 365.2425
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: (unit, how many of it, days), finest first.
_STEPS: tuple[tuple[str, int, float], ...] = (
    *(("second", n, n / 86_400) for n in (1, 2, 5, 10, 15, 30)),
    *(("minute", n, n / 1_440) for n in (1, 2, 5, 10, 15, 30)),
    *(("hour", n, n / 24) for n in (1, 2, 3, 6, 12)),
    *(("day", n, n * _DAY) for n in (1, 2, 4, 7, 14)),
    *(("month", n, n * _MONTH) for n in (1, 2, 3, 6)),
    *(("year", n, n * _YEAR) for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)),
)


@dataclass(frozen=True, slots=True)
class TimeScale:
    """A time axis from `low` to `high`, in days since 1970-01-01T00:00Z."""

    low: float
    high: float
    #: strftime; None to write what changes.
    format: str | None = None
    #: Between the changing unit and the larger one: a new line under an axis, a space beside one.
    between: str = "\n"

    def positions(self, most: int) -> list[float]:
        """Return at most `most` round moments within the axis, none that `format` writes twice."""
        unit, count = self._step(most)
        if unit == "fraction":
            return self._told_apart(self._fractions(most))
        low, high = max(self.low, FIRST_DAY), min(self.high, LAST_DAY)
        moments = _moments(unit, count, low, high)
        return self._told_apart([at for at in moments if low <= at <= high])

    def minor(self, _positions: Sequence[float]) -> list[float]:
        """Return no minor ticks."""
        return []

    def labels(self, positions: Sequence[float]) -> list[str]:
        """Write each position by `format`, else by what changes from tick to tick."""
        moments = [_moment(at) for at in positions]
        if self.format is not None:
            return [moment.strftime(self.format) for moment in moments]
        fine, coarse = _wording(moments)
        labels, before = [], ""
        for moment in moments:
            above = coarse(moment)
            changed = above and above != before
            labels.append(f"{fine(moment)}{self.between}{above}" if changed else fine(moment))
            before = above
        return labels

    def fraction(self, value: float) -> float:
        """Return where a moment stands on the axis, from 0 at `low` to 1 at `high`."""
        span = self.high - self.low
        return (value - self.low) / span if span else 0.5

    def _told_apart(self, positions: list[float]) -> list[float]:
        """Leave out what `format` writes as it wrote the one before: half days by their date."""
        if self.format is None:
            return positions
        labels = self.labels(positions)
        told = zip(positions, labels, [None, *labels], strict=False)
        return [at for at, label, before in told if label != before]

    def _step(self, most: int) -> tuple[str, int]:
        span = self.high - self.low
        for unit, count, days in _STEPS:
            if span / days + 1 <= max(most, 1) + 0.999:
                return (
                    (unit, count)
                    if days / 2 * 86_400 >= 1 or span * 86_400 > 3
                    else ("fraction", 0)
                )
        return "year", 10_000

    def _fractions(self, most: int) -> list[float]:
        """Return round parts of a second, counted from the second in which the axis begins."""
        start = int(self.low * 86_400) / 86_400
        low, high = ((end - start) * 86_400 for end in (self.low, self.high))
        ticks = LinearScale(low, high, NumberWriting()).positions(most)
        return list(dict.fromkeys(start + at / 86_400 for at in ticks))


def _moments(unit: str, count: int, low: float, high: float) -> Iterator[float]:
    if unit == "year":
        yield from _years(count, low, high)
    elif unit == "month":
        yield from _months(count, low, high)
    elif unit == "day":
        yield from _days(count, low, high)
    else:
        seconds = count * {"second": 1, "minute": 60, "hour": 3600}[unit]
        first = -int(-low * 86_400 // seconds)
        yield from (n * seconds / 86_400 for n in range(first, int(high * 86_400 // seconds) + 1))


def _years(count: int, low: float, high: float) -> Iterator[float]:
    first, last = _moment(low).year, _moment(high).year
    for year in range(-(-first // count) * count, last + 1, count):
        if year >= 1:
            yield _days_since(year, 1, 1)


def _months(count: int, low: float, high: float) -> Iterator[float]:
    first, last = _moment(low), _moment(high)
    start = (first.year * 12 + first.month - 1) // count * count
    for month in range(start, last.year * 12 + last.month, count):
        yield _days_since(month // 12, month % 12 + 1, 1)


def _days(count: int, low: float, high: float) -> Iterator[float]:
    """Yield days: weeks from Monday to Monday, else days counted anew in each month."""
    if count % 7 == 0:
        monday = 4 - 7  # 1970-01-05, the epoch's first Monday, less a week
        first = monday + -(-int(low - monday) // count) * count
        yield from (float(day) for day in range(first, int(high) + 1, count))
        return
    for month in _months(1, low, high):
        length = _month_length(month)
        yield from (month + day for day in range(0, 31, count) if length - day > count / 2)


def begins_month(at: float) -> bool:
    """Tell whether a month begins at a moment, given in days."""
    moment = _moment(at)
    return moment.day == 1 and at == int(at)


def _month_length(first: float) -> float:
    start = _moment(first)
    year, month = divmod(start.year * 12 + start.month, 12)
    return _days_since(year, month + 1, 1) - first if year <= 9999 else 31.0


def _wording(
    moments: Sequence[datetime],
) -> tuple[Callable[[datetime], str], Callable[[datetime], str]]:
    """Return how the changing unit and the larger one are written."""
    if any(moment.microsecond for moment in moments):
        return _sub_second(moments), _date
    if any(moment.second for moment in moments):
        return lambda moment: f"{moment:%H:%M:%S}", _date
    if any(moment.hour or moment.minute for moment in moments):
        return lambda moment: f"{moment:%H:%M}", _date
    if any(moment.day != 1 for moment in moments) or _is_within_month(moments):
        return lambda moment: f"{moment.day} {_MONTHS[moment.month - 1]}", lambda m: str(m.year)
    if any(moment.month != 1 for moment in moments):
        return lambda moment: _MONTHS[moment.month - 1], lambda moment: str(moment.year)
    return lambda moment: str(moment.year), lambda _moment: ""


def _sub_second(moments: Sequence[datetime]) -> Callable[[datetime], str]:
    digits = 3 if all(moment.microsecond % 1000 == 0 for moment in moments) else 6
    return lambda moment: f"{moment:%H:%M:%S}.{moment.microsecond:06d}"[: 9 + digits]


def _date(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _is_within_month(moments: Sequence[datetime]) -> bool:
    return len(moments) == 1 and moments[0].month != 1


def _days_since(year: int, month: int, day: int) -> float:
    return float((datetime(year, month, day, tzinfo=UTC) - EPOCH).days)


def _moment(days: float) -> datetime:
    """Return the moment, to the nearest microsecond that a double of days can tell."""
    kept = min(max(days, FIRST_DAY), LAST_DAY)
    moment = EPOCH + timedelta(days=kept)
    return _rounded(moment)


def _rounded(moment: datetime) -> datetime:
    # Days as doubles carry an error of about a microsecond: noon must not become 11:59:59.999999.
    nearest = round(moment.microsecond, -1)
    return moment - timedelta(microseconds=moment.microsecond - nearest)
