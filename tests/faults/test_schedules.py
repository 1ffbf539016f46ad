"""Schedules whose server is killed while it draws, and two servers that are told at once."""

import json
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest

from load import Report
from patients import Sheet, patient_kiln
from plotkiln.events.event import CloudEvent
from plotkiln.events.http_binding import to_binary
from servers import wait_until

pytestmark = pytest.mark.fault

DUE = datetime(2026, 1, 1, tzinfo=UTC)

ARCHIVE = "slow-20260101T000000Z.png"

#: How often each server is told.
TIMES = 5


def plan(folder: Path, sheet: Sheet) -> str:
    """Write a file with one schedule, which draws as long as a sheet says."""
    file = folder / "plan.yaml"
    spec = sheet.spec("due")
    told = {"name": "slow", "cron": "@yearly", "artifact": "slow.png", "spec": spec}
    file.write_text(json.dumps({"schedules": [told]}))
    return str(file)


def draws_anew(sheet: Sheet, before: int | None) -> bool:
    """Say whether another process draws by now."""
    return sheet.pid not in {None, before}


def due() -> CloudEvent:
    """Return what the embedded scheduler says."""
    return CloudEvent(
        id="slow@2026-01-01T00:00:00Z",
        source="/schedules",
        type="plotkiln.schedule.due",
        subject="slow",
        datacontenttype="application/json",
        data=b'{"due": "2026-01-01T00:00:00Z"}',
    )


def ping(number: int) -> CloudEvent:
    """Return what a PingSource sends; each has an id of its own."""
    return CloudEvent(
        id=f"ping-{number}",
        source="/apis/v1/namespaces/n/pingsources/schedule-slow",
        type="dev.knative.sources.ping",
        time=(DUE + timedelta(milliseconds=70 * number)).isoformat(),
        datacontenttype="application/json",
        data=b'{"schedule": "slow"}',
    )


def post(client: httpx.Client, path: str, event: CloudEvent) -> int:
    """Post an event; return the status."""
    message = to_binary(event)
    answer = client.post(path, content=message.body, headers=list(message.headers))
    return answer.status_code


def counted(client: httpx.Client, metric: str) -> int:
    """Return a metric's value; 0 where it was never counted."""
    lines = client.get("/metrics").text.splitlines()
    return sum(int(float(one.split()[-1])) for one in lines if one.startswith(f"plotkiln_{metric}"))


def test_a_server_that_is_killed_while_it_draws_draws_after_all(tmp_path: Path) -> None:
    """Three times killed in the middle: the next start draws what was due, once, whole."""
    sheet = Sheet(tmp_path / "sheet", 60)
    kiln = patient_kiln(tmp_path, PLOTKILN_SCHEDULES=plan(tmp_path, sheet))
    with kiln, kiln.client() as client:
        assert post(client, "/broker/default/default", due()) == 202
        before = None
        for _ in range(3):
            wait_until(partial(draws_anew, sheet, before))
            before = sheet.pid
            assert client.get("/artifacts/slow.png").status_code == 404
            kiln.stop(signal.SIGKILL)
            kiln.start()
        sheet.tell(0)
        wait_until(lambda: client.get("/artifacts/slow.png").status_code == 200)
        shown, archived = client.get("/artifacts/slow.png"), client.get(f"/artifacts/{ARCHIVE}")
        assert shown.headers["etag"] == archived.headers["etag"]
        assert shown.content == archived.content
        assert shown.headers["plotkiln-number"] == str(round(DUE.timestamp()))


def test_two_servers_that_are_told_at_once_record_once(
    tmp_path: Path, redis_url: str, report: Report
) -> None:
    """Ten pings of one instant, to two servers on one Redis: one archive, one picture."""
    sheet = Sheet(tmp_path / "sheet", 1)
    settings = {
        "PLOTKILN_SCHEDULES": plan(tmp_path, sheet),
        "PLOTKILN_REDIS_URL": redis_url,
        "PLOTKILN_ARTIFACTS_URL": (tmp_path / "bytes").as_uri(),
    }
    with (
        patient_kiln(tmp_path / "a", **settings) as one,
        patient_kiln(tmp_path / "b", **settings) as two,
        one.client() as first,
        two.client() as second,
        ThreadPoolExecutor(2 * TIMES) as senders,
    ):
        told = [(client, ping(at)) for at in range(TIMES) for client in (first, second)]
        statuses = list(senders.map(lambda pair: post(pair[0], "/events", pair[1]), told))
        assert set(statuses) <= {202, 204, 503}, statuses
        assert 204 in statuses
        metrics = ('artifacts_total{outcome="replaced"}', 'pictures_total{source="drawn"}')
        replaced, drawn = (counted(first, one) + counted(second, one) for one in metrics)
        assert replaced == 2  # the newest's name, and the archive's
        assert 1 <= drawn <= 2  # by each at most once
        pictures = {client.get("/artifacts/slow.png").content for client in (first, second)}
        pictures |= {client.get(f"/artifacts/{ARCHIVE}").content for client in (first, second)}
        assert len(pictures) == 1
    answered = {status: statuses.count(status) for status in sorted(set(statuses))}
    report("two servers told at once", {"answered": answered, "drawn": drawn, "recorded": 2})
