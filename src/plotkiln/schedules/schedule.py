"""One schedule: its instants, what is drawn at each, and the names that the pictures have."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec

from plotkiln.events.event import CloudEvent
from plotkiln.events.values import EventValues
from plotkiln.schedules.cron import Cron

__all__ = ["DUE", "EPOCH", "SOURCE", "Schedule", "archive_name", "written"]

#: The type of the event that says that a schedule is due; its name is the subject.
DUE = "plotkiln.schedule.due"
SOURCE = "/schedules"

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_MINUTE = timedelta(minutes=1)


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """A schedule that was read and has no faults."""

    name: str
    cron: Cron
    #: What to draw, with places for the values of an instant; None where a chart is drawn.
    spec: Mapping[str, Any] | None
    #: The id of a stored chart.
    chart: str | None
    #: The name of the picture that always is the newest.
    artifact: str
    #: Whether each instant's picture stays under a name of its own.
    archived: bool
    missed: Literal["latest", "skip"]
    #: Seconds by which an instant may be late; None: any number.
    grace: float | None
    #: Seconds for which an instant's picture stays; None: for good.
    keep: float | None

    def event(self, instant: datetime) -> CloudEvent:
        """Return what is told when an instant is due; a second time it is the same event."""
        return CloudEvent(
            id=f"{self.name}@{written(instant)}",
            source=SOURCE,
            type=DUE,
            subject=self.name,
            time=written(instant),
            datacontenttype="application/json",
            data=msgspec.json.encode(self.values(instant)),
        )

    def filled(self, instant: datetime) -> bytes:
        """Return the spec of an instant as JSON; raises `RuleError` for a value that none has."""
        return msgspec.json.encode(EventValues(self.event(instant)).filled(self.spec or {}))

    def archive(self, instant: datetime) -> str | None:
        """Return the name under which an instant's picture stays, None where it does not."""
        return archive_name(self.artifact, instant) if self.archived else None

    @property
    def archives(self) -> str:
        """What the names of instants' pictures begin with."""
        return f"{self.artifact.rpartition('.')[0]}-"

    def archived_at(self, name: str) -> datetime | None:
        """Return the instant whose picture has this name, None for a name of another kind."""
        stem, _, ending = self.artifact.rpartition(".")
        try:
            instant = datetime.strptime(name, f"{stem}-%Y%m%dT%H%M%SZ.{ending}").replace(tzinfo=UTC)
        except ValueError:
            return None
        return instant if archive_name(self.artifact, instant) == name else None

    def values(self, instant: datetime) -> Mapping[str, Any]:
        """Return an instant's values: what a spec may be filled with, and the event's data."""
        local = self.cron.local(instant)
        year, week, _ = local.isocalendar()
        previous = self.cron.latest(instant - _MINUTE)
        return {
            "due": written(instant),
            "previous": written(previous or EPOCH),
            "local": local.isoformat(),
            "date": local.date().isoformat(),
            "time": f"{local:%H:%M}",
            "year": local.year,
            "month": local.month,
            "day": local.day,
            "week": f"{year}-W{week:02}",
        }


def archive_name(artifact: str, instant: datetime) -> str:
    """Return the name of an instant's own picture: `report-20261126T060000Z.png`."""
    stem, _, ending = artifact.rpartition(".")
    return f"{stem}-{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}.{ending}"


def written(instant: datetime) -> str:
    """Return an instant in RFC 3339, in UTC: `2026-11-26T06:00:00Z`."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
