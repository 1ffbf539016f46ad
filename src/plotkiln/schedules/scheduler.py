"""The embedded scheduler: says what is due, when it is due, and what was missed meanwhile."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from types import TracebackType
from typing import Protocol, Self

from plotkiln.errors import UnavailableError
from plotkiln.events.event import CloudEvent
from plotkiln.schedules.memory import Seen, SeenSchedules
from plotkiln.schedules.schedule import Schedule, written
from plotkiln.tasks import begin_task, end_tasks

__all__ = ["Clock", "Scheduler"]

log = logging.getLogger("plotkiln.schedules")

#: Seconds between two looks at the clock: it may be set, and a computer may sleep.
_LOOK_EVERY = 60.0
#: Seconds until the next look where something could not be told, or the clock lags a little.
_AGAIN, _SOON = 5.0, 0.02

#: What is later than this was missed: we did not run, or slept.
_LATE = timedelta(seconds=90)

#: The most that are looked at of those that were missed: 0.03 s for 1 000, and years have many.
_MOST_MISSED = 1000


class Clock(Protocol):
    """The time of day, and waiting."""

    def now(self) -> datetime:
        """Return the moment."""

    async def sleep(self, seconds: float) -> None:
        """Wait, whatever happens to the time of day meanwhile."""


class SystemClock:
    """The computer's own."""

    def now(self) -> datetime:
        """Return the moment."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class Scheduler:
    """Publishes the event of each instant, at least once, as long as it is entered.

    Where several instants of a schedule passed since the last look, only the latest is told, as the
    schedule says for those that are missed. An instant is noted once its event is taken: what
    crashes between says it again, which is the same event. A clock that is set back shows instants
    a second time: those that were told are not told again, the others are.
    """

    def __init__(
        self,
        schedules: Sequence[Schedule],
        memory: SeenSchedules,
        publish: Callable[[CloudEvent], Awaitable[None]],
        *,
        count: Callable[[str, str], None] = lambda *_: None,
        clock: Clock | None = None,
    ) -> None:
        """Take what is due when, and `publish`, which keeps an event once it returns.

        It raises `UnavailableError` where the event is to be told again a little later.
        """
        self._schedules = schedules
        self._memory = memory
        self._publish = publish
        self._count = count
        self._clock = clock or SystemClock()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = begin_task(self._run(), "schedules")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await end_tasks(self._task)

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
                pause = self._pause()
            except UnavailableError as error:
                log.warning("what is due is told in %.0f s: %s", _AGAIN, error)
                pause = _AGAIN
            except Exception:
                log.exception("a look at the schedules failed by a defect")
                pause = _LOOK_EVERY
            await self._clock.sleep(pause)

    async def look(self) -> None:
        """Tell of everything that is due by now; raises `UnavailableError` where that fails."""
        seen = await self._memory.all()
        for schedule in self._schedules:
            await self._look_at(schedule, seen.get(schedule.name))
        for gone in seen.keys() - {schedule.name for schedule in self._schedules}:
            await self._memory.forget(gone)

    def _pause(self) -> float:
        """Return the seconds until the next look."""
        now = self._clock.now()
        due = [instant for one in self._schedules if (instant := one.cron.after(now))]
        soonest = min(due, default=now + timedelta(days=1)) - now
        return min(max(soonest.total_seconds(), _SOON), _LOOK_EVERY)

    async def _look_at(self, schedule: Schedule, seen: Seen | None) -> None:
        now = self._clock.now()
        cron = f"{schedule.cron.fields} {schedule.cron.timezone}"
        if seen is None or seen.cron != cron:
            await self._memory.begin(schedule.name, Seen(cron, now))
            return
        if seen.until > now:
            seen = await self._set_back(schedule, seen, now)
        first = schedule.cron.after(seen.until)
        if first is not None and first <= now:  # seldom, and sooner found than the latest
            await self._tell(schedule, seen, schedule.cron.latest(now) or first, now)

    async def _tell(self, schedule: Schedule, seen: Seen, latest: datetime, now: datetime) -> None:
        """Tell of the latest instant, unless it was told before or is too late; note the others."""
        known = await self._memory.told(schedule.name, seen.until, now)
        noted = Seen(seen.cron, latest)
        if latest in known:
            log.warning("%s of %s is not told a second time", written(latest), schedule.name)
            self._count("schedules", "repeated")
        elif _is_told(schedule, now - latest):
            await self._publish(schedule.event(latest))
            known |= {latest}
        missed = _passed(schedule, seen.until, now) - known
        if missed:
            self._note_missed(schedule, missed)
        await (self._memory.tell if latest in known else self._memory.put)(schedule.name, noted)

    def _note_missed(self, schedule: Schedule, missed: frozenset[datetime]) -> None:
        """Say that some are not told, to the operator and in figures."""
        for _ in missed:
            self._count("schedules", "missed")
        least = "at least " if len(missed) == _MOST_MISSED else ""
        others = f", and {least}{len(missed) - 1} more after it" if len(missed) > 1 else ""
        log.warning("%s was missed at %s%s", schedule.name, written(min(missed)), others)

    async def _set_back(self, schedule: Schedule, seen: Seen, now: datetime) -> Seen:
        """Return from when on a schedule is looked at, whose clock showed a later time before."""
        until = await self._memory.last(schedule.name, now) or now
        log.warning("the clock was set back: %s goes on from %s", schedule.name, written(until))
        before = Seen(seen.cron, until)
        await self._memory.put(schedule.name, before)
        return before


def _passed(schedule: Schedule, after: datetime, until: datetime) -> frozenset[datetime]:
    """Return the first instants after a moment until another."""
    following = islice(schedule.cron.following(after), _MOST_MISSED)
    return frozenset(takewhile(lambda instant: instant <= until, following))


def _is_told(schedule: Schedule, late: timedelta) -> bool:
    """Say whether an instant is told that is so late."""
    if late <= _LATE:
        return True
    if schedule.missed == "skip":
        return False
    return schedule.grace is None or late.total_seconds() <= schedule.grace
