"""Cron expressions: the instants at which something is due, in a time zone with its clock changes.

cronsim tells which times are named; when a clock shows them is found out here, as Debian's cron
has it. At fixed times (neither minute nor hour begins with a star) something is due once on each
day, whatever the clock is set to: times that are left out are made up for right after the gap,
times that come twice count the first time. All else goes by the clock as it is: it is not due in an
hour that is left out, and twice in one that comes twice.
"""

import re
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from itertools import takewhile
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from cronsim import CronSim, CronSimError

from plotkiln.documents import nearest
from plotkiln.errors import Fault

__all__ = ["Cron", "read_cron"]

#: What robfig/cron, which a PingSource uses, understands instead of five fields.
_NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}

#: How far back the latest instant is looked for, step by step, so that few instants lie within.
_SPANS = [timedelta(days=days) for days in (1 / 24, 1, 8, 32, 367, 9 * 366, 50 * 366)]

_FIELDS = "expected minute, hour, day, month and weekday, such as 0 6 * * MON-FRI, or @daily"

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)

#: An instant to begin with, where any will do.
_ANY = datetime(2026, 1, 1, tzinfo=UTC)


class Cron(msgspec.Struct, frozen=True):
    """When something is due. All instants are in UTC, and whole minutes."""

    #: As it was written.
    text: str
    #: The five fields, in capitals.
    fields: str
    #: A name of the IANA's, such as Europe/Berlin.
    timezone: str

    def following(self, moment: datetime) -> Iterator[datetime]:
        """Yield every instant after a moment, in order."""
        for instant in self._instants(self._wall_before(moment)):
            if instant > moment:  # of times that come twice, or are made up for, some are past
                moment = instant
                yield instant

    def after(self, moment: datetime) -> datetime | None:
        """Return the first instant after a moment, None where none comes within 50 years."""
        return next(self.following(moment), None)

    def latest(self, moment: datetime) -> datetime | None:
        """Return the last instant until a moment, the moment included.

        None where none was within 50 years.
        """
        for span in _SPANS:
            within = takewhile(lambda instant: instant <= moment, self.following(moment - span))
            if found := list(within):
                return found[-1]
        return None

    def local(self, instant: datetime) -> datetime:
        """Return an instant as the clock of the time zone shows it."""
        return instant.astimezone(self._zone)

    @property
    def _zone(self) -> tzinfo:
        return UTC if self.timezone == "UTC" else ZoneInfo(self.timezone)

    @property
    def _starred(self) -> bool:
        minute, hour, *_ = self.fields.split()
        return minute.startswith("*") or hour.startswith("*")

    def _wall_before(self, moment: datetime) -> datetime:
        """Return what the clock shows at a moment; less, where it will be set back to less."""
        before, after = (
            self.local(moment + days * _DAY).utcoffset() or timedelta() for days in (-1, 1)
        )
        wall = self.local(moment).replace(tzinfo=None)
        return wall - max(before - after, timedelta())

    def _instants(self, wall: datetime) -> Iterator[datetime]:
        """Yield the instants of all times that a clock is to show after one, in order."""
        second: deque[datetime] = deque()
        for named in CronSim(self.fields, wall):
            shown = self._shown(named) if self._starred else [self._made_up(named)]
            while shown and second and second[0] < shown[0]:
                yield second.popleft()
            yield from shown[:1]
            second += shown[1:]
        yield from second

    def _shown(self, wall: datetime) -> list[datetime]:
        """Return when a clock shows a time: once, twice in an hour that is repeated, or never."""
        zone = self._zone
        told = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        return sorted({one for one in told if one.astimezone(zone).replace(tzinfo=None) == wall})

    def _made_up(self, wall: datetime) -> datetime:
        """Return when a clock first shows a time; where it never does, the next that it shows."""
        while not (shown := self._shown(wall)):
            wall += _MINUTE
        return shown[0]


def read_cron(text: str, timezone: str, path: str, faults: list[Fault]) -> Cron | None:
    """Return a cron expression in a time zone; faults are added with their place, and it is None.

    `path` is that of whatever has the members `cron` and `timezone`.
    """
    before = len(faults)
    _check_zone(timezone, f"{path}.timezone", faults)
    fields = _fields(text, f"{path}.cron", faults)
    if len(faults) > before:
        return None
    cron = Cron(text, fields, timezone)
    if cron.after(_ANY) is None:
        faults.append(Fault(f"{path}.cron", f"{text!r} is never due"))
    return cron


def _check_zone(timezone: str, path: str, faults: list[Fault]) -> None:
    if timezone == "UTC" or timezone in (known := _timezones()):
        return
    mend = nearest(timezone, sorted(known)) if known else ": this system has no tzdata"
    faults.append(Fault(path, f"{timezone!r} is no time zone, such as Europe/Berlin{mend}"))


@cache
def _timezones() -> frozenset[str]:
    """Return the names that mean the same everywhere; a file beside them may be this machine's."""
    return frozenset(available_timezones() - {"localtime", "Factory"})


def _fields(text: str, path: str, faults: list[Fault]) -> str:
    """Return the five fields of an expression; faults are added."""
    given = _NICKNAMES.get(text.strip().lower(), text).upper()
    if refused := _refusal(given):
        faults.append(Fault(path, f"{text!r}: {refused}"))
        return ""
    fields = " ".join("*" if field == "?" else field for field in given.split())
    try:
        CronSim(fields, _ANY)
    except CronSimError as error:
        told = str(error).removeprefix("Bad ")
        faults.append(
            Fault(path, f"{text!r}: the {told} is not understood, or never is: {_FIELDS}")
        )
    return fields


def _refusal(given: str) -> str | None:
    """Say why an expression is none; None for what only its fields can tell."""
    if given.startswith("@EVERY"):
        return "intervals begin with the process; write out the times: */15 * * * *"
    if re.match(r"(CRON_)?TZ=", given):
        return "the time zone has a member of its own: timezone"
    if given.startswith("@"):
        return f"is none of {', '.join(_NICKNAMES)}"
    return _FIELDS if len(given.split()) != 5 else None
