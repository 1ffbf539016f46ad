"""Files of schedules: what is read, and every fault of what cannot be."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from docs.fences import ROOT, blocks
from plotkiln.errors import InputError, MalformedError, RuleError, SchemaError, SettingsError
from plotkiln.events.event import checked
from plotkiln.schedules.documents import load_schedules, read_schedules
from plotkiln.schedules.schedule import Schedule

REPORT = {
    "name": "report",
    "cron": "0 6 * * MON-FRI",
    "timezone": "Europe/Berlin",
    "artifact": "report.png",
    "spec": {"y": [1, 2], "title": {"$text": "Week {data.week}, until {data.date}"}},
}

MONDAY = datetime(2026, 3, 30, 4, tzinfo=UTC)


def one(**members: Any) -> Schedule:
    """Read one schedule; members replace those of the example, None leaves one out."""
    (schedule,) = read_schedules(document(members))
    return schedule


def document(*schedules: dict[str, Any]) -> bytes:
    """Return a file of schedules that differ from the example."""
    told = [{**REPORT, **members} for members in schedules]
    kept = [{name: value for name, value in one.items() if value is not None} for one in told]
    return json.dumps({"schedules": kept}).encode()


def faults(data: bytes) -> list[str]:
    """Return the faults of a file that has some."""
    with pytest.raises(InputError) as caught:
        read_schedules(data)
    return [str(fault) for fault in caught.value.faults]


def test_yaml_is_read() -> None:
    """A file as people write it, with what is left out by default."""
    (read,) = read_schedules(
        b"schedules:\n"
        b"- name: daily\n"
        b"  cron: '@daily'  # midnight\n"
        b"  artifact: daily.svg\n"
        b"  chart: abcd\n"
        b"  grace: PT6H\n"
    )
    assert (read.cron.timezone, read.archived, read.missed) == ("UTC", True, "latest")
    assert (read.chart, read.spec, read.grace) == ("abcd", None, 6 * 3600)


def test_values_of_an_instant_fill_the_spec() -> None:
    """A text has the day of the zone's calendar; the instant is told in UTC and by the clock."""
    schedule = one()
    assert json.loads(schedule.filled(MONDAY)) == {
        "y": [1, 2],
        "title": "Week 2026-W14, until 2026-03-30",
    }
    assert schedule.values(MONDAY) == {
        "due": "2026-03-30T04:00:00Z",
        "previous": "2026-03-27T05:00:00Z",
        "local": "2026-03-30T06:00:00+02:00",
        "date": "2026-03-30",
        "time": "06:00",
        "year": 2026,
        "month": 3,
        "day": 30,
        "week": "2026-W14",
    }


def test_an_instant_is_one_event() -> None:
    """The event of a schedule and an instant always has the same id, and is a valid one."""
    event = checked(one().event(MONDAY))
    assert event == one(spec={"y": [3]}).event(MONDAY)
    assert (event.id, event.subject) == ("report@2026-03-30T04:00:00Z", "report")


def test_the_archive_has_a_name_for_each_instant() -> None:
    """The instant stands between stem and ending; without an archive there is none."""
    assert one().archive(MONDAY) == "report-20260330T040000Z.png"
    assert one(artifact="a.b.pdf").archive(MONDAY) == "a.b-20260330T040000Z.pdf"
    assert one(archive=False).archive(MONDAY) is None


def test_a_name_in_the_archive_tells_its_instant() -> None:
    """What begins alike and is another's is no name of the schedule's archive."""
    schedule = one(keep="P90D")
    assert schedule.keep == 90 * 86400
    name = schedule.archive(MONDAY) or ""
    assert name.startswith(schedule.archives)
    assert schedule.archived_at(name) == MONDAY
    others = ("report-2.png", "report-20260330T040000Z.svg", "report-a-20260330T040000Z.png")
    assert [schedule.archived_at(other) for other in (*others, "report-20269999T040000Z.png")] == [
        None
    ] * 4


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"cron": "0 6 * *"}, "schedules[0].cron: '0 6 * *': expected minute"),
        ({"timezone": "Berlin"}, "schedules[0].timezone: 'Berlin' is no time zone"),
        ({"spec": None}, "schedules[0]: expected either spec or chart"),
        ({"chart": "abc"}, "schedules[0]: expected either spec or chart"),
        ({"spec": {"titel": "x"}}, "schedules[0].spec.titel: is no member of a spec (did you mean"),
        ({"spec": {"y": {"$from": "data"}, "x": {"$from": "a b"}}}, "spec.x.$from: expected an"),
        ({"spec": {"y": {"$from": "data.hits"}}}, "schedules[0].spec: data.hits is missing"),
        ({"spec": {"title": {"$text": "{data.weak}"}}}, "there are data.due, data.previous"),
        ({"artifact": "report.gif"}, "schedules[0].artifact: 'report.gif' is no name"),
        ({"artifact": "re/port.png"}, "is no name of a picture"),
        ({"artifact": "x" * 110 + ".png"}, "too long for the archive's names"),
        ({"grace": "6 hours"}, "schedules[0].grace: expected an ISO 8601 duration"),
        ({"grace": "PT1H", "missed": "skip"}, "schedules[0].grace: is for missed: latest"),
        ({"keep": "for ever"}, "schedules[0].keep: expected an ISO 8601 duration"),
        ({"keep": "P1D", "archive": False}, "schedules[0].keep: is for an archive"),
        ({"keep": "P800000D"}, "schedules[0].keep: 'P800000D' is over 100 years: leave it out"),
        ({"grace": "P36526D"}, "schedules[0].grace: 'P36526D' is over 100 years"),
        ({"grace": "P9999999999D"}, "schedules[0].grace: expected an ISO 8601 duration"),
        ({"keep": f"PT{'9' * 180}H"}, "schedules[0].keep: expected an ISO 8601 duration"),
    ],
)
def test_faults_have_their_place(members: dict[str, Any], told: str) -> None:
    """What cannot be due, or cannot be drawn, is told with its place."""
    (fault,) = faults(document(members))
    assert told in fault


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"name": "Report"}, "schedules[0].name"),
        ({"cron": None}, "schedules[0]"),
        ({"missed": "all"}, "schedules[0].missed"),
        ({"crom": "x"}, "schedules[0].crom"),
        ({"cron": 6}, "schedules[0].cron"),
    ],
)
def test_what_breaks_the_schema_is_told(members: dict[str, Any], place: str) -> None:
    """A member of a wrong type, or none that is known, is a fault of the shape."""
    with pytest.raises(SchemaError) as caught:
        read_schedules(document(members))
    assert [fault.path.startswith(place) for fault in caught.value.faults] == [True]


def test_all_faults_are_told_at_once() -> None:
    """Each schedule is read, whatever is wrong with another; names and pictures are taken once."""
    data = document(
        {"cron": "x"}, {"spec": {"y": {"$from": "data.no"}}}, {"name": "a", "grace": "x"}, {}
    )
    assert [told.partition(":")[0] for told in faults(data)] == [
        "schedules[0].cron",
        "schedules[1].spec",
        "schedules[2].grace",
        "schedules[1].name",
        "schedules[2].artifact",
        "schedules[3].name",
    ]


@pytest.mark.parametrize(
    "data",
    [
        *(b"schedules: [", b"a: @daily", b"? [a]\n: b", b"a: *b", b"\xff", b"a: 1\n---\nb: 2"),
        b"schedules:\n- name: a\n  cron: '@daily'\n  name: b\n",
    ],
)
def test_what_is_no_yaml_is_refused(data: bytes) -> None:
    """It is told where reading stopped, and that some texts need quotes."""
    with pytest.raises(MalformedError, match="This is"):
        read_schedules(data)


def test_a_file_with_faults_stops_the_start(tmp_path: Path) -> None:
    """The setting is named, and each fault has the file before its place."""
    file = tmp_path / "plan.yaml"
    with pytest.raises(SettingsError, match=r"PLOTKILN_SCHEDULES=.*No such file"):
        load_schedules(file)
    file.write_bytes(document({"cron": "x"}))
    with pytest.raises(SettingsError) as caught:
        load_schedules(file)
    assert [fault.path for fault in caught.value.faults] == ["plan.yaml: schedules[0].cron"]
    with pytest.raises(RuleError):
        read_schedules(file.read_bytes())


def test_what_is_shown_can_be_read() -> None:
    """The guide's file and the example have no faults."""
    shown = [one for one in blocks(ROOT / "docs/schedules.md") if one.info[0] == "yaml"]
    assert all(read_schedules(block.text.encode()) for block in shown)
    assert len(shown) == 1
    assert read_schedules((ROOT / "examples/schedules.yaml").read_bytes())
