"""Schedules in a real server: what was missed is drawn at the start, what is told is drawn once."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from kilns import Kiln
from patients import Sheet, patient_kiln
from plotkiln.events.event import CloudEvent
from plotkiln.events.http_binding import to_binary
from plotkiln.schedules.documents import read_schedules
from plotkiln.schedules.memory import Seen, SeenSchedules
from plotkiln.schedules.schedule import Schedule
from plotkiln.state import Database
from servers import wait_until

YEARLY = {
    "name": "yearly",
    "cron": "@yearly",
    "artifact": "year.svg",
    "spec": {"title": {"$text": "Year {data.year}"}, "y": [1, 3, 2]},
}


def plan(folder: Path, *schedules: dict[str, Any]) -> tuple[Path, list[Schedule]]:
    """Write a file of schedules."""
    file = folder / "plan.yaml"
    file.write_text(json.dumps({"schedules": schedules}))
    return file, list(read_schedules(file.read_bytes()))


def forget_since(data: Path, schedule: Schedule, until: datetime) -> None:
    """Have a folder remember that a schedule was seen to until a moment, and not since."""

    async def write() -> None:
        async with Database(data / "state.sqlite") as database:
            memory = SeenSchedules(database)
            await memory.open()
            cron = f"{schedule.cron.fields} {schedule.cron.timezone}"
            await memory.put(schedule.name, Seen(cron, until))

    asyncio.run(write())


def told(client: httpx.Client) -> list[str]:
    """Return the ids of all events of schedules that the broker took."""
    events = client.get("/events?limit=500").json()["events"]
    return [event["id"] for event in events if event["source"] == "/schedules"]


def number(client: httpx.Client, name: str) -> int:
    """Return the number of a picture; 0 where there is none."""
    return int(client.get(f"/artifacts/{name}").headers.get("plotkiln-number", 0))


def test_what_was_missed_is_drawn_at_the_start(tmp_path: Path) -> None:
    """A server that was off at the turn of the year draws it when it starts, and once."""
    file, (yearly,) = plan(tmp_path, YEARLY)
    now = datetime.now(UTC)
    forget_since(tmp_path / "data", yearly, now - timedelta(days=800))
    latest = yearly.cron.latest(now)
    assert latest is not None
    for _ in range(2):
        with Kiln(tmp_path / "data", PLOTKILN_SCHEDULES=str(file)) as kiln, kiln.client() as client:
            wait_until(partial(number, client, "year.svg"))
            assert number(client, "year.svg") == latest.timestamp()
            archive = client.get(f"/artifacts/{yearly.archive(latest)}")
            assert f"Year {latest.year}" in archive.text
            assert told(client) == [yearly.event(latest).id]


def test_what_is_told_is_drawn_once(tmp_path: Path) -> None:
    """At the broker and at /events, as our own event and as a PingSource's: one picture."""
    file, (yearly,) = plan(tmp_path, YEARLY)
    due = datetime(2026, 1, 1, tzinfo=UTC)
    ping = CloudEvent(
        id="1",
        source="/apis/v1/namespaces/n/pingsources/schedule-yearly",
        type="dev.knative.sources.ping",
        time="2026-01-01T00:00:00.31Z",
        datacontenttype="application/json",
        data=b'{"schedule": "yearly"}',
    )
    with Kiln(tmp_path / "data", PLOTKILN_SCHEDULES=str(file)) as kiln, kiln.client() as client:
        for path in ("/broker/default/default", "/events", "/events"):
            message = to_binary(yearly.event(due))
            answer = client.post(path, content=message.body, headers=list(message.headers))
            assert answer.is_success, answer.text
        message = to_binary(ping)
        answer = client.post("/events", content=message.body, headers=list(message.headers))
        assert answer.is_success, answer.text
        wait_until(lambda: drawn(client) == {"done": 3, "replaced": 2})
        assert number(client, "year.svg") == due.timestamp()


def drawn(client: httpx.Client) -> dict[str, int]:
    """Return how often something due was done, and a name's picture was replaced."""
    found = {"done": 0, "replaced": 0}
    for line in client.get("/metrics").text.splitlines():
        for name, what in (("schedules", "done"), ("artifacts", "replaced")):
            if line.startswith(f'plotkiln_{name}_total{{outcome="{what}"}}'):
                found[what] = int(float(line.split()[-1]))
    return found


def test_what_takes_long_is_drawn_and_drawn_again(tmp_path: Path) -> None:
    """It has a job's budget; once its bytes are swept away a job draws it for who looks."""
    sheet = Sheet(tmp_path / "sheet", 4)
    file, (slow,) = plan(tmp_path, {**YEARLY, "artifact": "slow.png", "spec": sheet.spec("due")})
    message = to_binary(slow.event(datetime(2026, 1, 1, tzinfo=UTC)))
    with (
        patient_kiln(tmp_path, PLOTKILN_SCHEDULES=str(file), PLOTKILN_RECENT_SIZE="0") as kiln,
        kiln.client() as client,
    ):
        answer = client.post("/events", content=message.body, headers=list(message.headers))
        assert answer.status_code == 204, answer.text
        first = client.get("/artifacts/slow.png")
        assert first.status_code == 200
        for rendering in (kiln.data / "renderings").glob("*/*.png"):
            rendering.unlink()
        away = client.get("/artifacts/slow.png")
        assert away.status_code == 503
        assert "retry-after" in away.headers
        wait_until(lambda: client.get("/artifacts/slow.png").status_code == 200)
        again = client.get("/artifacts/slow.png")
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])


def test_an_unknown_schedule_is_a_dead_letter(tmp_path: Path) -> None:
    """What nobody can draw is given up at once, with its reason."""
    file, _ = plan(tmp_path, YEARLY)
    gone = {**YEARLY, "name": "gone"}
    (schedule,) = read_schedules(json.dumps({"schedules": [gone]}).encode())
    message = to_binary(schedule.event(datetime(2026, 1, 1, tzinfo=UTC)))
    with Kiln(tmp_path / "data", PLOTKILN_SCHEDULES=str(file)) as kiln, kiln.client() as client:
        answer = client.post(
            "/broker/default/default", content=message.body, headers=list(message.headers)
        )
        assert answer.is_success, answer.text
        wait_until(lambda: client.get("/events?state=dead").json()["events"])
        (event,) = client.get("/events?state=dead").json()["events"]
    (delivery,) = event["deliveries"]
    assert "no schedule 'gone' (there are: yearly)" in delivery["detail"]
