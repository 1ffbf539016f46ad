"""Events that say that a schedule is due: of our own scheduler, or of a cluster's PingSource."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from plotkiln.documents import read_json
from plotkiln.errors import Fault, InputError, NotFoundError, RuleError
from plotkiln.events.event import CloudEvent, moment
from plotkiln.identity import ANONYMOUS, Principal
from plotkiln.schedules.schedule import DUE, EPOCH, Schedule, archive_name, written
from plotkiln.service.schedules import DueDrawing, ScheduleRun, ScheduleService

__all__ = ["PING", "DueSchedules"]

#: The type of what a PingSource sends.
PING = "dev.knative.sources.ping"

#: By how much the clocks of whoever says that something is due and of whoever draws may differ.
_SLACK = timedelta(hours=1)

#: A clock that is behind a little sends a minute's event in the minute before.
_EARLY = timedelta(seconds=5)

#: A PingSource that fires longer after an instant than this fires for none of the schedule's: its
#: cron knows no second Monday, and no hour that comes twice.
_LATE = timedelta(minutes=10)

log = logging.getLogger("plotkiln.schedules")


class DueSchedules:
    """Finds out which schedule an event means, and which of its instants."""

    def __init__(
        self,
        schedules: Sequence[Schedule],
        service: ScheduleService,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._schedules = {schedule.name: schedule for schedule in schedules}
        self._service = service
        self._now = now

    async def handle(self, event: CloudEvent) -> None:
        """Draw what an event says is due; other events are passed over.

        Whatever moment it tells is rounded down to an instant of the schedule: events of one
        instant are duplicates, and draw once. Raises `InputError` and `RenderError` where a
        redelivery would not help, `UnavailableError` where it may.
        """
        name = _name(event)
        if name is None:
            return
        try:
            schedule = self.find(name)
            instant = self._instant(schedule, event)
        except NotFoundError as error:
            raise RuleError(str(error)) from error
        if instant is None:
            log.info("%s is not due at %s: nothing is drawn", name, event.time)
            return
        await self.run(ANONYMOUS, schedule, instant)

    def find(self, name: str) -> Schedule:
        """Return a schedule; raises `NotFoundError` where there is none."""
        if name not in self._schedules:
            known = ", ".join(self._schedules) or "none"
            raise NotFoundError(f"There is no schedule {name!r} (there are: {known}).")
        return self._schedules[name]

    async def run(self, principal: Principal, schedule: Schedule, instant: datetime) -> ScheduleRun:
        """Draw what an instant of a schedule shows; raises as `handle` does.

        One that is older than what the archive keeps goes into none.
        """
        oldest = self._oldest(schedule)
        due = DueDrawing(
            schedule=schedule.name,
            instant=instant,
            artifact=schedule.artifact,
            archive=_archive(schedule, instant, oldest),
            spec=None if schedule.spec is None else schedule.filled(instant),
            chart=schedule.chart,
            event=DUE,
        )
        run = await self._service.draw(principal, due)
        if oldest is not None:
            await self._prune(principal, schedule, oldest)
        return run

    async def archived(
        self, principal: Principal, schedule: Schedule, *, until: datetime | None = None
    ) -> dict[str, datetime]:
        """Return the names of a schedule's instants that stay, the earliest first.

        With `until`, those until that second, without a look at the others: names are in the order
        of time.
        """
        last = None if until is None else archive_name(schedule.artifact, until)
        names = await self._service.archived(principal, schedule.archives, until=last)
        found = ((name, schedule.archived_at(name)) for name in names)
        return {name: instant for name, instant in found if instant is not None}

    def instant(self, schedule: Schedule, told: datetime) -> datetime:
        """Return the last instant of a schedule until a moment, or a few seconds after it.

        Raises `RuleError` for a moment in the future: some clock is wrong.
        """
        if not EPOCH <= told <= self._now() + _SLACK:
            why = f"{written(told)} lies in the future, or before 1970"
            raise RuleError(faults=[Fault("data.due", why)])
        latest = schedule.cron.latest(told + _EARLY)
        if latest is None:
            raise RuleError(faults=[Fault("data.due", "the schedule was never due until then")])
        return latest

    def _oldest(self, schedule: Schedule) -> datetime | None:
        """Return the moment before which pictures do not stay by now; None where all do."""
        if schedule.keep is None:
            return None
        return self._now() - timedelta(seconds=schedule.keep)

    async def _prune(self, principal: Principal, schedule: Schedule, oldest: datetime) -> None:
        old = await self.archived(principal, schedule, until=oldest)
        for name, instant in old.items():
            if instant < oldest:
                await self._service.remove(principal, name)

    def _instant(self, schedule: Schedule, event: CloudEvent) -> datetime | None:
        """Return the instant that an event means, None where it means none of the schedule's."""
        if event.type == DUE:
            return self.instant(schedule, _moment(_data(event).get("due"), "data.due"))
        told = _moment(event.time, "time") if event.time else self._now()
        latest = self.instant(schedule, told)
        return latest if told - latest < _LATE else None


def _archive(schedule: Schedule, instant: datetime, oldest: datetime | None) -> str | None:
    """Return the name under which an instant's picture stays, None where it would not stay."""
    if oldest is not None and instant < oldest:
        log.info("%s of %s is older than keep: no archive", written(instant), schedule.name)
        return None
    return schedule.archive(instant)


def _name(event: CloudEvent) -> str | None:
    """Return the schedule that an event names, None where it is about something else."""
    if event.type == DUE:
        return event.subject or ""
    if event.type != PING:
        return None
    name = _data(event).get("schedule")
    return name if isinstance(name, str) else None


def _data(event: CloudEvent) -> dict[str, Any]:
    try:
        data = read_json(event.data or b"{}")
    except InputError:
        return {}
    return data if isinstance(data, dict) else {}


def _moment(told: object, path: str) -> datetime:
    try:
        return moment(told if isinstance(told, str) else "").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RuleError(faults=[Fault(path, f"{error}: when is it due?")]) from error
