"""What is due is drawn: once, under its name and one that stays, whoever says how often."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from plotkiln.artifacts import Artifact, ArtifactOrder, SqliteCharts, open_renderings
from plotkiln.errors import DeadlineExceeded, RuleError
from plotkiln.events.event import CloudEvent
from plotkiln.identity import ANONYMOUS
from plotkiln.schedules.documents import read_schedules
from plotkiln.schedules.due import PING, DueSchedules
from plotkiln.schedules.schedule import Schedule
from plotkiln.service import ChartService
from plotkiln.service.redraws import Redraws
from plotkiln.service.restyles import Restyles
from plotkiln.service.schedules import ScheduleService
from plotkiln.state import Database
from servers import eventually
from studios import Studio

pytestmark = pytest.mark.anyio

SIX = datetime(2026, 11, 26, 6, tzinfo=UTC)
SEVEN = SIX + timedelta(hours=1)
NOW = SIX + timedelta(minutes=30)

ARCHIVED = "report-20261126T060000Z.png"


class Desk:
    """A schedule of a studio's own, drawn each hour, and who draws it."""

    def __init__(self, studio: Studio, charts: ChartService) -> None:
        self.studio = studio
        self.charts = charts
        self.due = self.open()

    def open(
        self,
        *,
        budget: float = 60.0,
        now: datetime | Callable[[], datetime] = NOW,
        **members: Any,
    ) -> DueSchedules:
        """Return what a process has; members replace those of the schedule."""
        artifacts = self.studio.open(job_budget=budget)
        service = ScheduleService(artifacts, self.charts, self.studio.metrics)
        clock = now if callable(now) else lambda: now
        return DueSchedules([self.schedule(**members)], service, now=clock)

    def schedule(self, **members: Any) -> Schedule:
        """Read the schedule."""
        # the text is this test's own, hence so is the rendering
        spec = {"y": [1, 2], "title": {"$text": "{data.due}"}, "alt": self.studio.style}
        told = {
            "name": "report",
            "cron": "0 * * * *",
            "artifact": "report.png",
            "spec": {**spec, "style": self.studio.style},
            **members,
        }
        kept = {name: value for name, value in told.items() if value is not None}
        (read,) = read_schedules(json.dumps({"schedules": [kept]}).encode())
        return read

    def event(self, instant: datetime = SIX) -> CloudEvent:
        """Return the event of an instant."""
        return self.schedule().event(instant)

    async def record(self, name: str = "report.png") -> Artifact:
        """Return what is recorded."""
        found = await self.studio.artifacts.get(name)
        assert found is not None
        return found

    async def names(self) -> list[str]:
        """Return every name that there is."""
        return list(await self.studio.artifacts.names())


@pytest.fixture
async def desk(studio: Studio, tmp_path: Path) -> AsyncIterator[Desk]:
    """Open one, with charts of its own."""
    async with Database(tmp_path / "charts.sqlite") as database:
        charts = SqliteCharts(database)
        await charts.open()
        renders = studio.drawing_room.services.renders
        yield Desk(studio, ChartService(charts, renders, keep_posted=3600))


def ping(told: datetime | None, schedule: object = "report") -> CloudEvent:
    """Return what a PingSource sends."""
    return CloudEvent(
        id="7f1c",
        source="/apis/v1/namespaces/n/pingsources/schedule-report",
        type=PING,
        time=told.isoformat() if told else None,
        datacontenttype="application/json",
        data=msgspec.json.encode({"schedule": schedule}),
    )


async def test_what_is_due_is_drawn_and_archived(desk: Desk) -> None:
    """One rendering stands under both names; its number is the instant."""
    drawn = desk.studio.drawn
    await desk.due.handle(desk.event())
    shown, archived = await desk.record(), await desk.record(ARCHIVED)
    assert shown.order == archived.order == ArtifactOrder(0, round(SIX.timestamp()))
    assert shown.digest == archived.digest
    assert desk.studio.drawn == drawn + 1
    assert json.loads(shown.spec)["title"] == "2026-11-26T06:00:00Z"
    assert {event.subject for event in desk.studio.told} == {"report.png", ARCHIVED}


async def test_an_instant_that_is_told_often_is_drawn_once(desk: Desk) -> None:
    """The same event five times, to two processes at once, is one rendering and one archive."""
    drawn, others = desk.studio.drawn, desk.open()
    both = [desk.due, others, desk.due, others, desk.due]
    await asyncio.gather(*(one.handle(desk.event()) for one in both))
    await desk.due.handle(ping(SIX + timedelta(seconds=1)))
    assert desk.studio.drawn == drawn + 1
    assert await desk.names() == [ARCHIVED, "report.png"]
    assert [event.subject for event in desk.studio.told].count(ARCHIVED) == 1
    assert (await desk.record(ARCHIVED)).version == 1


async def test_what_is_told_late_never_replaces_what_came_later(desk: Desk) -> None:
    """The earlier instant gets its archive; the name goes on showing the later one."""
    await desk.open(now=SEVEN).handle(desk.event(SEVEN))
    before = await desk.record()
    await desk.due.handle(desk.event(SIX))
    assert await desk.record() == before
    assert (await desk.record(ARCHIVED)).number == round(SIX.timestamp())


async def test_an_archive_keeps_its_style(desk: Desk) -> None:
    """The name follows a change of the style; what was archived looks as it did."""
    await desk.due.handle(desk.event())
    before, picture = await desk.studio.seen(ARCHIVED)
    await desk.studio.restyle(palette=["#AA0000"])
    assert await desk.studio.seen(ARCHIVED) == (before, picture)
    await desk.due.handle(desk.event())
    assert await desk.record(ARCHIVED) == before
    assert (await desk.record()).digest != before.digest


async def test_nobody_who_looks_waits_for_another_style(desk: Desk) -> None:
    """The former picture is shown as stale, until it was drawn anew in the background."""
    await desk.due.handle(desk.event())
    before, drawn = await desk.record(), desk.studio.drawn
    await desk.studio.restyle(palette=["#AA0000"])
    shown = await desk.studio.service.show(ANONYMOUS, "report.png")
    assert (shown.artifact, shown.state, desk.studio.drawn) == (before, "stale", drawn)
    redraws = Redraws([], desk.studio.service)
    async with Restyles(desk.studio.artifacts, redraws, desk.studio.drawing_room.live):
        await eventually(lambda: desk.studio.drawn > drawn)
        await eventually(lambda: len(desk.studio.told) == 3)
    shown = await desk.studio.service.show(ANONYMOUS, "report.png")
    assert shown.artifact.digest != before.digest
    assert (shown.state, desk.studio.drawn) == ("fresh", drawn + 1)


async def test_an_archive_whose_bytes_are_gone_is_drawn_as_it_was(
    desk: Desk, studio_data: Path
) -> None:
    """After a sweep it is drawn in the style that it was archived in."""
    await desk.due.handle(desk.event())
    _, picture = await desk.studio.seen(ARCHIVED)
    await desk.studio.restyle(palette=["#AA0000"])
    renderings = open_renderings((studio_data / "renderings").as_uri())
    assert await renderings.sweep(max_age=timedelta(0), max_size=0)
    assert await renderings.get((await desk.record(ARCHIVED)).digest, "png") is None
    assert (await desk.studio.seen(ARCHIVED))[1] == picture


async def test_the_archive_keeps_what_is_young(desk: Desk) -> None:
    """Each run removes what is older than `keep`, for visitors as well, and nothing of others."""
    for hour in range(4):
        now = SIX + timedelta(hours=hour, minutes=1)
        due = desk.open(now=now, keep="PT90M")
        await due.handle(desk.event(SIX + timedelta(hours=hour)))
        if not hour:
            await desk.studio.update(1)
            foreign = msgspec.structs.replace(await desk.record("hits.png"), version=0)
            for name in ("report-1.png", "report-x-20261126T060000Z.png"):
                await desk.studio.artifacts.put(msgspec.structs.replace(foreign, name=name))
    kept = ["report-20261126T080000Z.png", "report-20261126T090000Z.png"]
    assert list(await due.archived(ANONYMOUS, desk.schedule(keep="PT90M"))) == kept
    others = ["report-1.png", "report-x-20261126T060000Z.png", "report.png"]
    assert await desk.names() == ["hits.png", others[0], *kept, *others[1:]]
    public = sorted(path.name for path in desk.studio.public.iterdir() if path.name[0] != ".")
    assert public == ["hits.png", *kept, "report.png"]


async def test_what_is_older_than_the_archive_keeps_goes_into_none(desk: Desk) -> None:
    """A late one is drawn once under its name, however often it is told; no archive is lost."""
    late, drawn = desk.open(now=SIX + timedelta(days=4), keep="P3D"), desk.studio.drawn
    run = await late.run(ANONYMOUS, desk.schedule(keep="P3D"), SIX)
    assert (run.outcome, run.archive) == ("done", None)
    assert run.artifact == await desk.record()
    for instant in (SIX - timedelta(hours=1), SIX, SIX - timedelta(hours=1)):
        await late.handle(desk.event(instant))
    assert desk.studio.drawn == drawn + 1
    assert await desk.names() == ["report.png"]


async def test_what_was_just_archived_stays(desk: Desk) -> None:
    """What grows older than `keep` while it is drawn is there when it is told, and goes next."""
    drawn = desk.studio.drawn
    due = desk.open(
        now=lambda: SIX + timedelta(hours=2 if desk.studio.drawn > drawn else 1), keep="PT90M"
    )
    run = await due.run(ANONYMOUS, desk.schedule(keep="PT90M"), SIX)
    assert run.archive == await desk.record(ARCHIVED)
    await due.run(ANONYMOUS, desk.schedule(keep="PT90M"), SEVEN)
    assert await desk.names() == ["report-20261126T070000Z.png", "report.png"]


async def test_a_run_reads_no_more_of_the_archive_than_it_removes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many pictures stay: their names are in the order of time, and the old come first."""
    await desk.due.handle(desk.event())
    record, store = await desk.record(ARCHIVED), desk.studio.artifacts
    for minute in range(1, 450):
        name = desk.schedule().archive(SIX + timedelta(minutes=minute))
        await store.put(msgspec.structs.replace(record, name=name, version=0))
    asked, names = [], store.names

    async def counted(*, after: str = "", limit: int = 100) -> Sequence[str]:
        asked.append(after)
        return await names(after=after, limit=limit)

    monkeypatch.setattr(store, "names", counted)
    now = SIX + timedelta(hours=8)
    await desk.open(now=now, keep="PT8H").handle(desk.event(SIX + timedelta(hours=8)))
    assert asked == ["report-"]
    await desk.open(now=now, keep="PT6H").handle(desk.event(SIX + timedelta(hours=8)))
    assert len(asked) == 3
    assert min(await names()) == "report-20261126T080000Z.png"


async def test_no_archive_where_none_is_wanted(desk: Desk) -> None:
    """`archive: false` leaves one name."""
    await desk.open(archive=False).handle(desk.event())
    assert await desk.names() == ["report.png"]


async def test_a_chart_is_drawn(desk: Desk) -> None:
    """A schedule draws a stored chart; one that is not there is refused for good."""
    chart = await desk.charts.store(ANONYMOUS, b'{"y": [3, 1, 2]}')
    await desk.open(spec=None, chart=chart.id).handle(desk.event())
    assert (await desk.record()).spec == chart.spec
    with pytest.raises(RuleError, match="no chart nowhere"):
        await desk.open(spec=None, chart="nowhere").handle(desk.event())


@pytest.mark.parametrize(
    ("told", "instant"),
    [
        (SIX, SIX),
        (SIX + timedelta(milliseconds=499), SIX),
        (SIX + timedelta(minutes=9), SIX),
        (SIX - timedelta(seconds=2), SIX),
        (SIX + timedelta(minutes=11), None),
        (SIX - timedelta(minutes=20), None),
    ],
)
async def test_a_ping_is_rounded_to_an_instant(
    desk: Desk, told: datetime, instant: datetime | None
) -> None:
    """Which instant a PingSource means is seen by its event's time; others draw nothing."""
    await desk.due.handle(ping(told))
    drawn = await desk.studio.artifacts.get("report.png")
    assert (drawn and drawn.number) == (instant and round(instant.timestamp()))


async def test_a_ping_without_a_time_is_of_now(desk: Desk) -> None:
    """It is what is due as it comes."""
    await desk.open(now=SIX + timedelta(seconds=3)).handle(ping(None))
    assert (await desk.record()).number == round(SIX.timestamp())


async def test_other_events_are_passed_over(desk: Desk) -> None:
    """An event of another type, or another's PingSource, draws nothing and is no fault."""
    foreign = [
        ping(SIX, schedule=3),
        msgspec.structs.replace(ping(SIX), data=b"[]"),
        msgspec.structs.replace(ping(SIX), data=b"no JSON"),
        msgspec.structs.replace(ping(SIX), data=None),
        msgspec.structs.replace(desk.event(), type="plotkiln.hits"),
    ]
    for event in foreign:
        await desk.due.handle(event)
    assert await desk.names() == []


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"subject": "other"}, r"no schedule 'other' \(there are: report\)"),
        ({"subject": None}, "no schedule ''"),
        ({"data": b"{}"}, "when is it due"),
        ({"data": b'{"due": "now"}'}, "when is it due"),
        ({"data": b'{"due": "2026-11-27T06:00:00Z"}'}, "lies in the future"),
        ({"data": b'{"due": "9999-12-31T23:59:59Z"}'}, "lies in the future"),
        ({"data": b'{"due": "0001-01-01T00:00:00+12:00"}'}, "due"),
        ({"data": b'{"due": "1931-01-01T00:00:00Z"}'}, "due"),
    ],
)
async def test_what_cannot_be_drawn_is_refused_for_good(
    desk: Desk, members: dict[str, Any], words: str
) -> None:
    """An unknown schedule, or no moment that can be, is told and not delivered again."""
    with pytest.raises(RuleError, match=words):
        await desk.due.handle(msgspec.structs.replace(desk.event(), **members))


async def test_of_those_that_wait_the_latest_is_drawn(desk: Desk) -> None:
    """While one is drawn only the newest of all that become due meanwhile waits for its turn."""
    due = desk.open(now=SIX + timedelta(hours=9))
    hours = [SIX + timedelta(hours=hour) for hour in range(6)]
    await asyncio.gather(*(due.handle(desk.event(instant)) for instant in hours))
    archived = [name for name in await desk.names() if name != "report.png"]
    assert archived == [desk.schedule().archive(hours[0]), desk.schedule().archive(hours[-1])]
    assert (await desk.record()).number == round(hours[-1].timestamp())


async def test_a_drawing_has_the_budget_of_jobs(desk: Desk) -> None:
    """What takes longer is refused, with nothing recorded."""
    with pytest.raises(DeadlineExceeded):
        await desk.open(budget=0.001).handle(desk.event())
    assert await desk.names() == []
