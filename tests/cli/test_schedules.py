"""`plotkiln schedules`, as a user runs it: on a file, on a folder, without a server."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kilns import Kiln
from plotkiln.cli.exits import Exit
from plotkiln.schedules.documents import read_schedules

EXAMPLE = Path(__file__).parents[2] / "examples/schedules.yaml"


def plotkiln(*arguments: str, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `plotkiln schedules` with these arguments."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "plotkiln", "schedules", *arguments],
        input=given,
        capture_output=True,
        check=False,
        env={**kept, "LANG": "C.UTF-8", **settings},
        text=True,
        timeout=120,
    )


def asked(*arguments: str, **settings: str) -> Any:
    """Return what an act prints as JSON."""
    ended = plotkiln(*arguments, "--json", **{"PLOTKILN_SCHEDULES": str(EXAMPLE), **settings})
    assert ended.returncode == Exit.OK, ended.stderr
    return json.loads(ended.stdout)


def test_schedules_are_listed() -> None:
    """Each has its times, its picture, and when it is due next, in UTC and by its clock."""
    listed = asked("list")["schedules"]
    known = read_schedules(EXAMPLE.read_bytes())
    assert [row["name"] for row in listed] == [schedule.name for schedule in known]
    first = listed[0]
    assert first["timezone"] == "Europe/Berlin"
    assert first["due"].endswith("Z")
    assert "T06:00:00+0" in first["local"]
    words = plotkiln("list", PLOTKILN_SCHEDULES=str(EXAMPLE)).stdout
    assert len(words.splitlines()) == len(known)
    assert "\x1b" not in words


def test_the_next_times_are_printed() -> None:
    """From any moment on, over a change of the clock."""
    arguments = ("next", "morning-report", "--count", "2", "--after", "2026-03-27T12:00+01:00")
    assert asked(*arguments) == {
        "name": "morning-report",
        "next": [
            {"due": "2026-03-30T04:00:00Z", "local": "2026-03-30T06:00:00+02:00"},
            {"due": "2026-03-31T04:00:00Z", "local": "2026-03-31T06:00:00+02:00"},
        ],
    }
    words = plotkiln(*arguments, PLOTKILN_SCHEDULES=str(EXAMPLE)).stdout
    assert words.splitlines()[0] == "2026-03-30T06:00:00+02:00  2026-03-30T04:00:00Z"


def test_a_file_is_checked_with_its_specs(tmp_path: Path) -> None:
    """What a drawing would refuse is told beforehand, with its place: 3; else 0."""
    settings = {"PLOTKILN_DATA": str(tmp_path)}
    good = plotkiln("check", str(EXAMPLE), **settings)
    assert (good.returncode, good.stdout) == (Exit.OK, f"{EXAMPLE}: 3 schedules, valid\n")
    text = EXAMPLE.read_text().replace("value: {$from: data.year}", "value: {$from: data.date}")
    bad = plotkiln("check", "-", given=text, **settings)
    assert bad.returncode == Exit.INPUT
    assert "schedules[1].spec.params.value: expected a whole number" in bad.stderr
    told = plotkiln("check", "-", "--json", given="schedules: [{name: x}]", **settings)
    assert told.returncode == Exit.INPUT
    assert [fault["path"] for fault in json.loads(told.stdout)["faults"]] == ["schedules[0]"] * 2


def test_charts_are_checked_in_the_store_of_the_settings(tmp_path: Path) -> None:
    """An id that nobody stored is a fault with its place; one that somebody did is valid."""
    text = "schedules: [{{name: x, cron: '@daily', artifact: x.png, chart: {id}}}]"
    with Kiln(tmp_path) as kiln, kiln.client() as client:
        stored = client.post("/charts", json={"y": [1, 2]}).json()["id"]
    settings = {"PLOTKILN_DATA": str(tmp_path)}
    good = plotkiln("check", "-", given=text.format(id=stored), **settings)
    assert (good.returncode, good.stdout) == (Exit.OK, "-: 1 schedule, valid\n")
    bad = plotkiln("check", "-", given=text.format(id="doesnotexist"), **settings)
    assert bad.returncode == Exit.INPUT
    assert "schedules[0].chart: There is no chart doesnotexist" in bad.stderr
    assert "PLOTKILN_DATA" in bad.stderr


def test_what_is_drawn_by_hand_is_what_a_server_shows(tmp_path: Path) -> None:
    """`run` draws the latest time, or another one; once, and a later server serves both."""
    settings = {"PLOTKILN_DATA": str(tmp_path)}
    drawn = asked("run", "monthly", "--due", "2026-03-09T10:00Z", **settings)
    assert drawn["local"] == "2026-03-01T00:00:00-05:00"
    archive = "/artifacts/monthly-20260301T050000Z.pdf"
    assert drawn["pictures"] == {"artifact": "/artifacts/monthly.pdf", "archive": archive}
    assert asked("run", "monthly", "--due", "2026-03-01T05:00Z", **settings) == drawn
    earlier = asked("run", "monthly", "--due", "2026-02-09", **settings)
    assert earlier["digests"]["artifact"] == drawn["digests"]["artifact"]
    assert earlier["digests"]["archive"] != drawn["digests"]["archive"]
    listed = asked("archives", "monthly", **settings)["archives"]
    assert [row["address"] for row in listed] == [archive, earlier["pictures"]["archive"]]
    assert asked("archives", "monthly", "--limit", "1", **settings)["archives"] == listed[:1]
    with Kiln(tmp_path) as kiln, kiln.client() as client:
        answer = client.get(archive)
        assert answer.headers["etag"] == f'"{drawn["digests"]["archive"]}"'
        assert answer.content.startswith(b"%PDF")
        assert client.get("/artifacts/monthly.pdf").content == answer.content


def test_no_address_is_printed_of_what_does_not_stay(tmp_path: Path) -> None:
    """A time that is older than `keep` is drawn, goes into no archive, and that is said."""
    file = tmp_path / "schedules.yaml"
    file.write_text(
        "schedules: [{name: weekly, cron: '@weekly', artifact: w.png, keep: P3D, spec: {y: [1]}}]"
    )
    settings = {"PLOTKILN_DATA": str(tmp_path), "PLOTKILN_SCHEDULES": str(file)}
    arguments = ("run", "weekly", "--due", "2026-03-05")
    assert asked(*arguments, **settings)["pictures"] == {"artifact": "/artifacts/w.png"}
    assert "archive: none, this time is older" in plotkiln(*arguments, **settings).stdout
    assert asked("archives", "weekly", **settings)["archives"] == []


def test_a_manifest_is_yaml_for_a_cluster() -> None:
    """Each schedule is a PingSource, and one Trigger brings them to the Service."""
    printed = plotkiln(
        *("manifest", "--broker", "b", "--service", "s", "--namespace", "n"),
        PLOTKILN_SCHEDULES=str(EXAMPLE),
    )
    objects = list(yaml.safe_load_all(printed.stdout))
    assert [one["kind"] for one in objects] == ["PingSource"] * 3 + ["Trigger"]
    assert {one["metadata"]["namespace"] for one in objects} == {"n"}
    assert objects[-1]["spec"]["subscriber"]["ref"]["name"] == "s"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("next", "yearly"), Exit.NOT_FOUND, "morning-report, odometer, monthly"),
        (("run", "yearly"), Exit.NOT_FOUND, "no schedule 'yearly'"),
        (("next", "monthly", "--count", "0"), Exit.USAGE, "from 1 to 1000"),
        (("run", "monthly", "--due", "soon"), Exit.USAGE, "ISO 8601"),
        (("run", "monthly", "--due", "0001-01-01"), Exit.USAGE, "ISO 8601"),
        (("run", "monthly", "--due", "2999-01-01"), Exit.INPUT, "lies in the future"),
        (("check", "/nowhere"), Exit.INPUT, "/nowhere: No such file"),
    ],
)
def test_what_cannot_be_done_is_told(
    tmp_path: Path, arguments: tuple[str, ...], code: Exit, words: str
) -> None:
    """Each way to fail has its exit code and its words."""
    settings = {"PLOTKILN_SCHEDULES": str(EXAMPLE), "PLOTKILN_DATA": str(tmp_path)}
    ended = plotkiln(*arguments, **settings)
    assert ended.returncode == code
    assert words in ended.stderr


def test_the_file_must_be_named() -> None:
    """Without the setting there are no schedules to list."""
    ended = plotkiln("list")
    assert ended.returncode == Exit.USAGE
    assert "PLOTKILN_SCHEDULES is not set" in ended.stderr
