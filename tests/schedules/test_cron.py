"""Cron expressions: what is due when, also where clocks are changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from plotkiln.errors import Fault
from plotkiln.schedules.cron import Cron, read_cron

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo")


def cron(text: str, timezone: str = "UTC") -> Cron:
    """Read an expression that has no faults."""
    faults: list[Fault] = []
    read = read_cron(text, timezone, "here", faults)
    assert read is not None, faults
    assert not faults
    return read


def at(text: str) -> datetime:
    """Read an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(text: str, zone: str, first: str, last: str) -> list[str]:
    """Return what is due from one day of a zone to another, by its clock, with the offset."""
    one = cron(text, zone)
    begin = datetime.fromisoformat(first).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) - MINUTE
    local = map(one.local, one.following(begin))
    days = takewhile(lambda moment: moment.date().isoformat() <= last, local)
    return [f"{moment:%d %H:%M %z}" for moment in days]


@pytest.mark.parametrize(
    ("text", "zone", "first", "last", "due"),
    [
        (
            *("30 2 * * *", "Europe/Berlin", "2026-03-28", "2026-03-30"),
            ["28 02:30 +0100", "29 03:00 +0200", "30 02:30 +0200"],
        ),
        (
            *("30 2 * * *", "Europe/Berlin", "2026-10-24", "2026-10-26"),
            ["24 02:30 +0200", "25 02:30 +0200", "26 02:30 +0100"],
        ),
        (
            *("30 2 * * *", "America/New_York", "2026-03-07", "2026-03-09"),
            ["07 02:30 -0500", "08 03:00 -0400", "09 02:30 -0400"],
        ),
        (
            *("30 1 * * *", "America/New_York", "2026-10-31", "2026-11-02"),
            ["31 01:30 -0400", "01 01:30 -0400", "02 01:30 -0500"],
        ),
        (
            *("15,45 2 * * *", "Europe/Berlin", "2026-03-29", "2026-03-29"),
            ["29 03:00 +0200"],
        ),
        (
            *("30 2,3 * * *", "Europe/Berlin", "2026-03-29", "2026-03-29"),
            ["29 03:00 +0200", "29 03:30 +0200"],
        ),
        (
            *("0 0 * * *", "Africa/Cairo", "2026-04-23", "2026-04-24"),
            ["23 00:00 +0200", "24 01:00 +0300"],
        ),
    ],
)
def test_fixed_times_are_due_once_a_day(
    text: str, zone: str, first: str, last: str, due: list[str]
) -> None:
    """What a gap leaves out is due once, right after it; what comes twice is due the first time."""
    assert shown(text, zone, first, last) == due


@pytest.mark.parametrize(
    ("text", "zone", "day", "due"),
    [
        ("*/30 2 * * *", "Europe/Berlin", "2026-03-29", []),
        (
            *("*/30 2 * * *", "Europe/Berlin", "2026-10-25"),
            ["25 02:00 +0200", "25 02:30 +0200", "25 02:00 +0100", "25 02:30 +0100"],
        ),
        ("*/30 2 * * *", "America/New_York", "2026-03-08", []),
        (
            *("*/30 1 * * *", "America/New_York", "2026-11-01"),
            ["01 01:00 -0400", "01 01:30 -0400", "01 01:00 -0500", "01 01:30 -0500"],
        ),
        (
            *("*/15 1 * * *", "Australia/Lord_Howe", "2026-04-05"),
            [f"05 01:{minute} +1100" for minute in ("00", "15", "30", "45")]
            + ["05 01:30 +1030", "05 01:45 +1030"],
        ),
        ("*/20 0 * * *", "Africa/Cairo", "2026-04-24", []),
        ("*/20 0 24 * *", "Africa/Cairo", "2026-04-24", []),
        (
            *("*/30 0,1 24 * *", "Africa/Cairo", "2026-04-24"),
            ["24 01:00 +0300", "24 01:30 +0300"],
        ),
    ],
)
def test_stars_follow_the_clock(text: str, zone: str, day: str, due: list[str]) -> None:
    """Where minute or hour has a star, nothing is made up for, and a repeated hour counts twice."""
    assert shown(text, zone, day, day) == due


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
    ],
)
def test_each_hour_that_passes_is_due(zone: str, day: str, hours: int) -> None:
    """Hourly means after each hour, whatever the clock does."""
    assert len(shown("0 * * * *", zone, day, day)) == hours


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@HOURLY", "0 * * * *"),
        ("@weekly", "0 0 * * SUN"),
        ("@monthly", "0 0 1 * *"),
        ("@yearly", "0 0 1 jan *"),
        ("@annually", "0 0 1 1 *"),
        ("0 0 ? * 7", "0 0 * * 0"),
        ("0 6 * * MON-FRI", "0  6 * * 1-5"),
        ("5/20 * * * *", "5,25,45 * * * *"),
    ],
)
def test_ways_to_say_the_same(text: str, same: str) -> None:
    """Nicknames, names of days and months, and question marks are what robfig/cron takes."""
    now = at("2026-11-26T05:30")
    assert first(10, cron(text), now) == first(10, cron(same), now)


def first(count: int, one: Cron, moment: datetime) -> list[datetime]:
    """Return the next instants after a moment."""
    return list(islice(one.following(moment), count))


@pytest.mark.parametrize(
    ("text", "zone", "place", "words"),
    [
        ("61 * * * *", "UTC", "here.cron", "the minute is not understood"),
        ("0 24 * * *", "UTC", "here.cron", "the hour"),
        ("0 0 31 2 *", "UTC", "here.cron", "never is"),
        ("0 6 * *", "UTC", "here.cron", "expected minute, hour, day, month and weekday"),
        ("0 0 6 * * *", "UTC", "here.cron", "expected minute"),
        ("@every 5m", "UTC", "here.cron", "write out the times"),
        ("@sometimes", "UTC", "here.cron", "is none of @yearly"),
        ("TZ=UTC 0 6 * * *", "UTC", "here.cron", "timezone"),
        ("* * * * *", "Europe/Berln", "here.timezone", "did you mean Europe/Berlin?"),
        ("* * * * *", "../etc", "here.timezone", "is no time zone"),
        ("* * * * *", "right/Europe/Berlin", "here.timezone", "did you mean Europe/Berlin?"),
        ("* * * * *", "posix/Europe/Berlin", "here.timezone", "did you mean Europe/Berlin?"),
        ("* * * * *", "posixrules", "here.timezone", "is no time zone"),
        ("* * * * *", "localtime", "here.timezone", "is no time zone"),
        ("* * * * *", "Factory", "here.timezone", "is no time zone"),
        ("* * * * *", "Europe", "here.timezone", "is no time zone"),
    ],
)
def test_faults_have_their_place(text: str, zone: str, place: str, words: str) -> None:
    """What is no expression, never due, or no zone is told with its place and its mend."""
    faults: list[Fault] = []
    assert read_cron(text, zone, "here", faults) is None
    ((path, message),) = [(fault.path, fault.message) for fault in faults]
    assert path == place
    assert words in message


def test_both_faults_are_told() -> None:
    """An expression and a zone that are wrong are two faults."""
    faults: list[Fault] = []
    assert read_cron("x", "y", "here", faults) is None
    assert [fault.path for fault in faults] == ["here.timezone", "here.cron"]


def test_what_comes_once_in_a_generation() -> None:
    """The fifth Monday of a February is found forwards and backwards."""
    rare, now = cron("0 0 * 2 MON#5"), at("2026-01-01")
    assert rare.after(now) == at("2044-02-29")
    assert rare.latest(now) == at("2016-02-29")


MINUTES = some.sampled_from(["0", "30", "59", "5,35", "10-12", "*", "*/20", "7/25"])
HOURS = some.sampled_from(["0", "1", "2", "3", "2,3", "1-4", "*", "*/2", "23"])
DAYS = some.sampled_from(["*", "24", "29", "25-31", "*/2", "1"])
WEEKDAYS = some.sampled_from(["*", "SUN", "MON-FRI", "6,7", "*/3"])

#: Around the changes of these zones' clocks, and some other day.
BEGINS = some.sampled_from(
    [
        "2026-03-07",
        "2026-03-28",
        "2026-04-04",
        "2026-04-23",
        "2026-06-10",
        "2026-10-03",
        "2026-10-24",
        "2026-10-31",
    ]
)


def expected(text: str, zone: str, begin: datetime, end: datetime) -> list[datetime]:
    """Return what is due by the rules as they are told, looking at each minute."""
    minute, hour, *_ = text.split()
    if minute.startswith("*") or hour.startswith("*"):
        return [moment for moment in minutes(begin, end) if is_named(text, zone, moment)]
    named = {
        instant_of(wall.replace(tzinfo=None), zone)
        for wall in minutes(begin - 2 * DAY, end + 2 * DAY)
        if is_named(text, "UTC", wall)
    }
    return sorted(moment for moment in named if begin < moment <= end)


def minutes(begin: datetime, end: datetime) -> Iterator[datetime]:
    """Yield each minute after `begin` until `end`."""
    while (begin := begin + MINUTE) <= end:
        yield begin


def instant_of(wall: datetime, zone: str) -> datetime:
    """Return when a clock first shows a time, or the first one after it where none is shown."""
    while True:
        instant = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall:
            return instant
        wall += MINUTE


def is_named(text: str, zone: str, moment: datetime) -> bool:
    """Say whether five fields name the minute that a zone's clock shows."""
    minute, hour, day, _month, weekday = text.split()
    local = moment.astimezone(ZoneInfo(zone))
    on_day = local.day in values(day, 1, 31)
    on_weekday = local.isoweekday() % 7 in {one % 7 for one in values(weekday, 0, 7)}
    both = day.startswith("*") or weekday.startswith("*")
    return (
        local.minute in values(minute, 0, 59)
        and local.hour in values(hour, 0, 23)
        and (on_day and on_weekday if both else on_day or on_weekday)
    )


def values(field: str, least: int, most: int) -> set[int]:
    """Return the numbers of one field."""
    names = {"SUN": "0", "MON-FRI": "1-5"}
    found: set[int] = set()
    for term in names.get(field, field).split(","):
        span, _, step = term.partition("/")
        begin, dash, end = span.partition("-")
        if span == "*":
            begin, end = str(least), str(most)
        elif not dash:
            end = str(most) if step else begin
        found |= set(range(int(begin), int(end) + 1, int(step or 1)))
    return found


@settings(deadline=None)
@given(MINUTES, HOURS, DAYS, WEEKDAYS, some.sampled_from(ZONES), BEGINS)
def test_instants_are_those_of_the_rules(
    minute: str, hour: str, day: str, weekday: str, zone: str, begin: str
) -> None:
    """In any zone, around any change of its clock, exactly those are due, in order."""
    text, start = f"{minute} {hour} {day} * {weekday}", at(begin)
    end = start + 3 * DAY
    found = takewhile(lambda moment: moment <= end, cron(text, zone).following(start))
    assert list(found) == expected(text, zone, start, end)


@settings(deadline=None)
@given(
    MINUTES,
    HOURS,
    some.sampled_from(ZONES),
    some.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=some.just(UTC)),  # noqa: DTZ001
)
def test_the_latest_and_the_next_are_neighbours(
    minute: str, hour: str, zone: str, moment: datetime
) -> None:
    """No instant lies between the latest until a moment and the next after it."""
    one = cron(f"{minute} {hour} * * *", zone)
    latest, following = one.latest(moment), one.after(moment)
    assert latest is not None
    assert following is not None
    assert latest <= moment < following
    assert one.after(latest) == following
    assert one.latest(latest) == latest
    assert one.latest(following - timedelta(microseconds=1)) == latest
