"""The embedded scheduler: what is told, also after a rest, a crash, or a change of the clock."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from plotkiln.errors import StoreUnavailable
from plotkiln.events.event import CloudEvent
from plotkiln.schedules.documents import read_schedules
from plotkiln.schedules.memory import Seen, SeenSchedules
from plotkiln.schedules.schedule import Schedule
from plotkiln.schedules.scheduler import Scheduler
from plotkiln.state import Database
from schedules.clocks import SetClock

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 26, 12, 0, 30, tzinfo=UTC)


def schedule(cron: str = "0 * * * *", **members: Any) -> Schedule:
    """Read a schedule."""
    told = {"name": "one", "cron": cron, "artifact": "one.png", "spec": {"y": [1]}, **members}
    (read,) = read_schedules(json.dumps({"schedules": [told]}).encode())
    return read


class Desk:
    """A scheduler's memory, clock and voice; it can be ended and begun anew."""

    def __init__(self, database: Database, memory: SeenSchedules, clock: SetClock) -> None:
        self.database = database
        self.memory = memory
        self.clock = clock
        self.told: list[CloudEvent] = []
        self.counted: list[str] = []
        self.failure: Exception | None = None
        self.lost_answer: Exception | None = None

    def begin(self, *schedules: Schedule) -> Scheduler:
        """Return what a process has that starts now."""
        return Scheduler(
            schedules,
            self.memory,
            self.publish,
            count=lambda *labels: self.counted.append(labels[1]),
            clock=self.clock,
        )

    async def publish(self, event: CloudEvent) -> None:
        """Keep an event, or fail, before or after."""
        if self.failure is not None:
            raise self.failure
        self.told.append(event)
        if self.lost_answer is not None:
            raise self.lost_answer

    @property
    def due(self) -> list[str]:
        """The instants that were told, from the day on."""
        return [(event.time or "")[8:16] for event in self.told]

    def later(self, **spans: float) -> None:
        """Set the clock on, or back."""
        self.clock.moment += timedelta(**spans)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Open a memory of a test's own, at noon."""
    async with Database(tmp_path / "state.sqlite") as database:
        memory = SeenSchedules(database)
        await memory.open()
        yield Desk(database, memory, SetClock(NOON))


async def test_a_new_schedule_begins_with_its_next_instant(desk: Desk) -> None:
    """What was due before anybody knew the schedule is not made up for."""
    scheduler = desk.begin(schedule())
    await scheduler.look()
    assert desk.due == []
    desk.later(hours=1)
    await scheduler.look()
    await scheduler.look()
    assert desk.due == ["26T13:00"]


async def test_the_latest_that_was_missed_is_made_up_for(desk: Desk) -> None:
    """Of all that passed while nobody ran only the latest is told, once, by whoever starts."""
    await desk.begin(schedule()).look()
    desk.later(hours=9, minutes=20)
    for _ in range(2):
        await desk.begin(schedule()).look()
    assert desk.due == ["26T21:00"]


async def test_a_restart_in_time_misses_nothing(desk: Desk) -> None:
    """What was told before a restart is not told after it, and the next is."""
    await desk.begin(schedule()).look()
    for _ in range(3):
        desk.later(minutes=30)
        await desk.begin(schedule()).look()
    assert desk.due == ["26T13:00"]


@pytest.mark.parametrize(
    ("members", "rest", "due", "missed"),
    [
        ({"missed": "skip"}, {"hours": 5, "minutes": 20}, [], 5),
        ({"missed": "skip"}, {"minutes": 59, "seconds": 45}, ["26T13:00"], 0),
        ({"grace": "PT30M"}, {"hours": 5, "minutes": 20}, ["26T17:00"], 4),
        ({"grace": "PT10M"}, {"hours": 5, "minutes": 20}, [], 5),
        ({"grace": "PT0S"}, {"minutes": 60}, ["26T13:00"], 0),
        ({}, {"hours": 10}, ["26T22:00"], 9),
        ({}, {"days": 400}, ["31T12:00"], 1000),
    ],
)
async def test_how_late_an_instant_may_be(
    desk: Desk, members: dict[str, Any], rest: dict[str, float], due: list[str], missed: int
) -> None:
    """`missed: skip` and `grace` leave out what is too late; a minute or so is not late.

    All that are left out are counted, up to 1000.
    """
    await desk.begin(schedule(**members)).look()
    desk.later(**rest)
    await desk.begin(schedule(**members)).look()
    assert desk.due == due
    assert desk.counted == ["missed"] * missed
    desk.later(hours=1, minutes=-desk.clock.moment.minute)
    await desk.begin(schedule(**members)).look()
    assert len(desk.due) == len(due) + 1


async def test_a_changed_expression_begins_anew(desk: Desk) -> None:
    """With another expression or zone nothing is made up for; with other contents it is."""
    await desk.begin(schedule()).look()
    desk.later(hours=3)
    await desk.begin(schedule("30 * * * *")).look()
    await desk.begin(schedule("30 * * * *", timezone="Asia/Kolkata")).look()
    assert desk.due == []
    desk.later(hours=1)
    changed = schedule("30 * * * *", timezone="Asia/Kolkata", spec={"y": [2]})
    await desk.begin(changed).look()
    assert desk.due == ["26T16:00"]


async def test_one_that_was_gone_begins_anew(desk: Desk) -> None:
    """A schedule that is taken out and comes back makes up for nothing."""
    await desk.begin(schedule()).look()
    await desk.begin(schedule(name="other")).look()
    assert set(await desk.memory.all()) == {"other"}
    desk.later(hours=3)
    await desk.begin(schedule()).look()
    assert desk.due == []


async def test_a_clock_that_is_set_back_tells_nothing_twice(desk: Desk) -> None:
    """Until the clock is where it was, nothing is due; then all goes on."""
    scheduler = desk.begin(schedule("*/10 * * * *"))
    await scheduler.look()
    desk.later(minutes=10)
    await scheduler.look()
    desk.later(minutes=-30)
    await scheduler.look()
    desk.later(minutes=30)
    await scheduler.look()
    assert desk.due == ["26T12:10"]
    desk.later(minutes=10)
    await scheduler.look()
    assert desk.due == ["26T12:10", "26T12:20"]


async def test_what_is_left_out_is_told_to_the_operator(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """One warning names the first that was missed, and how many were."""
    await desk.begin(schedule()).look()
    desk.later(hours=10)
    await desk.begin(schedule()).look()
    assert desk.due == ["26T22:00"]
    (warning,) = caplog.messages
    assert "2026-11-26T13:00:00Z" in warning
    assert "8 more" in warning


async def test_a_clock_that_is_set_back_by_hours_tells_nothing_twice(desk: Desk) -> None:
    """What was told is known by itself, also to whoever starts meanwhile; the rest is told."""
    scheduler = desk.begin(schedule())
    await scheduler.look()
    await live(desk, hours=5)
    assert len(desk.due) == 5
    desk.later(hours=-3)
    await desk.begin(schedule()).look()
    await live(desk, hours=4)
    assert desk.due == [f"26T{hour}:00" for hour in range(13, 19)]
    assert desk.counted == ["repeated"] * 3


async def live(desk: Desk, *, hours: int) -> None:
    """Have some hours pass, with two looks in each."""
    scheduler = desk.begin(schedule())
    for _ in range(2 * hours):
        desk.later(minutes=30)
        await scheduler.look()


async def test_a_clock_that_was_ahead_loses_no_instant(desk: Desk) -> None:
    """What became due while the clock was wrong is told once it is right, and the others are."""
    daily = schedule("30 13 * * *")
    await desk.begin(daily).look()
    desk.later(days=2)
    await desk.begin(daily).look()
    assert desk.due == ["27T13:30"]
    desk.later(days=-2, hours=2)
    await desk.begin(daily).look()
    assert desk.due[1:] == ["26T13:30"]
    for _ in range(3):
        desk.later(days=1)
        await desk.begin(daily).look()
    assert desk.due[2:] == ["28T13:30", "29T13:30"]
    assert desk.counted == ["missed", "repeated"]


async def test_what_was_missed_by_a_wrong_clock_is_told_in_time(desk: Desk) -> None:
    """With `missed: skip`, what a clock that was ahead left out is due when it comes."""
    scheduler = desk.begin(schedule("0 */6 * * *", missed="skip"))
    await scheduler.look()
    desk.later(days=2, hours=1)
    await scheduler.look()
    desk.later(days=-2, hours=-1)
    for _ in range(16):
        desk.later(hours=3)
        await scheduler.look()
    assert desk.due[:2] == ["26T18:00", "27T00:00"]
    assert len(desk.due) == len(set(desk.due)) == 8


async def test_of_what_was_told_the_last_thousand_are_known(desk: Desk) -> None:
    """The memory of a schedule that runs for years stays small."""
    await desk.memory.begin("one", Seen("* * * * * UTC", NOON))
    for minute in range(1100):
        await desk.memory.tell("one", Seen("* * * * * UTC", NOON + timedelta(minutes=minute)))
    await desk.memory.tell("other", Seen("* * * * * UTC", NOON))
    known = await desk.memory.told("one", NOON - timedelta(1), NOON + timedelta(days=2))
    assert len(known) == 1000
    assert min(known) == NOON + timedelta(minutes=100)
    assert await desk.memory.last("one", min(known)) == min(known)
    assert await desk.memory.last("one", NOON) is None
    await desk.memory.forget("one")
    assert await desk.memory.last("one", max(known)) is None
    assert await desk.memory.last("other", NOON) == NOON


async def test_a_clock_that_was_far_ahead_is_believed_no_longer(desk: Desk) -> None:
    """Who started with a wrong year goes on at once when it is put right."""
    desk.later(days=4000)
    await desk.begin(schedule()).look()
    desk.later(days=-4000)
    await desk.begin(schedule()).look()
    desk.later(hours=1)
    await desk.begin(schedule()).look()
    assert desk.due == ["26T13:00"]


async def test_a_clock_that_is_set_forward_tells_the_latest(desk: Desk) -> None:
    """What a jump of the clock leaves out counts as missed."""
    scheduler = desk.begin(schedule("*/10 * * * *"))
    await scheduler.look()
    desk.later(hours=2)
    await scheduler.look()
    assert desk.due == ["26T14:00"]


async def test_what_was_not_taken_is_told_again(desk: Desk) -> None:
    """While the broker keeps no event the instant stays due, as the same event."""
    scheduler = desk.begin(schedule())
    await scheduler.look()
    desk.later(hours=1)
    desk.failure = StoreUnavailable("away")
    with pytest.raises(StoreUnavailable):
        await scheduler.look()
    desk.failure = None
    await desk.begin(schedule()).look()
    (event,) = desk.told
    assert event.id == "one@2026-11-26T13:00:00Z"


async def test_a_crash_after_telling_tells_the_same_again(desk: Desk) -> None:
    """Who dies before the instant is noted says it again, under the same id."""
    await desk.begin(schedule()).look()
    desk.later(hours=1)
    desk.lost_answer = StoreUnavailable("died")
    with pytest.raises(StoreUnavailable):
        await desk.begin(schedule()).look()
    desk.lost_answer = None
    await desk.begin(schedule()).look()
    assert [event.id for event in desk.told] == ["one@2026-11-26T13:00:00Z"] * 2


@pytest.mark.parametrize("seed", range(5))
async def test_each_instant_is_told_once_in_a_day(desk: Desk, seed: int) -> None:
    """Sleeps that end too early or too late, as they do, neither lose an instant nor double one."""
    random = Random(seed)  # noqa: S311 -- nothing secret
    errors = iter(lambda: random.choice([0, 0, -0.3, -0.001, 0.4, 5, 20]), None)
    clock = desk.clock = SetClock(NOON, errors=errors)
    plan = [schedule("*/7 * * * *"), schedule("@hourly", name="two", artifact="two.png")]
    end = NOON + timedelta(days=1)
    async with desk.begin(*plan):
        await clock.run_until(end)
    for one in plan:
        told = [event.id for event in desk.told if event.subject == one.name]
        assert told == [one.event(moment).id for moment in until(end, one)]
    assert max(clock.slept) <= 60


def until(end: datetime, one: Schedule) -> Iterator[datetime]:
    """Yield the instants of a schedule from noon to an end."""
    return takewhile(lambda moment: moment <= end, one.cron.following(NOON))


async def test_the_loop_outlives_failures(desk: Desk) -> None:
    """A store that is away, or a defect, is tried again a little later."""
    clock = desk.clock
    fail = {1: StoreUnavailable("away"), 2: ValueError("a defect")}

    async def publish(event: CloudEvent) -> None:
        tries.append(event.id)
        if error := fail.get(len(tries)):
            raise error

    tries: list[str] = []
    one = schedule()
    async with Scheduler([one], desk.memory, publish, clock=clock):
        await clock.run_until(NOON + timedelta(hours=1, minutes=5))
    assert tries == ["one@2026-11-26T13:00:00Z"] * 3


async def test_two_processes_on_one_memory_tell_the_same(desk: Desk) -> None:
    """Whoever is second tells nothing, or the same event."""
    await desk.begin(schedule()).look()
    desk.later(hours=1)
    await asyncio.gather(*(desk.begin(schedule()).look() for _ in range(4)))
    assert {event.id for event in desk.told} == {"one@2026-11-26T13:00:00Z"}


async def test_the_memory_is_of_this_name_alone(desk: Desk) -> None:
    """Each schedule is seen to by itself."""
    names = [f"s-{uuid4().hex[:8]}" for _ in range(3)]
    plan = [schedule(name=name, artifact=f"{name}.png") for name in names]
    await desk.begin(*plan).look()
    desk.later(hours=1)
    await desk.begin(*plan).look()
    assert sorted(event.subject or "" for event in desk.told) == sorted(names)
