import json
import os
import re
import signal
import sqlite3
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from conftest import require
from kilns import Kiln
from patients import Sheet, ended, patient, patient_kiln
from redis_servers import RedisServer
from s3_servers import S3Server
from servers import wait_until

#: Longer than the budget of the server, which is 2 s.
SLOW = 60

#: Less than the budget, and long enough to be worth showing later.
SLOWISH = 1.2


@pytest.fixture(scope="module")
def patients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server with the patient template."""
    with patient_kiln(tmp_path_factory.mktemp("patients")) as running:
        yield running


@pytest.fixture(scope="module")
def client(patients: Kiln) -> Iterator[httpx.Client]:
    """Talk to that server."""
    with patients.client() as opened:
        yield opened


@pytest.fixture
def sheet(tmp_path: Path) -> Iterator[Sheet]:
    """Tell drawings to take longer than the budget; at the end all that are left end."""
    told = Sheet(tmp_path / "sheet", SLOW)
    yield told
    told.tell(0)


def address(spec: dict[str, Any], ending: str = "png") -> str:
    """Return the address that draws a spec."""
    deflated = zlib.compress(msgspec.json.encode(spec))
    return f"/plot/{urlsafe_b64encode(deflated).rstrip(b'=').decode()}.{ending}"


class Begun:
    """The jobs that a server has begun since."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._before = {job["id"] for job in self._listed()}

    def __call__(self) -> list[dict[str, Any]]:
        """Return them, newest first."""
        return [job for job in self._listed() if job["id"] not in self._before]

    def _listed(self) -> list[dict[str, Any]]:
        jobs: list[dict[str, Any]] = self._client.get("/jobs?limit=200").json()["jobs"]
        return jobs


@pytest.fixture
def begun(client: httpx.Client) -> Begun:
    """Return what tells which jobs a test has begun."""
    return Begun(client)


def prefer(preference: str) -> dict[str, str]:
    """Return the header."""
    return {"Prefer": preference}


def test_a_post_may_prefer_a_job(client: httpx.Client) -> None:
    """Who prefers an answer at once gets a job, and the picture itself where it is there."""
    spec = patient(0, "preferred")
    answer = client.post("/plot", json=spec, headers=prefer("respond-async"))
    assert answer.status_code == 202
    assert answer.headers["preference-applied"] == "respond-async"
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["location"] == f"/jobs/{answer.json()['id']}"
    assert ended(client, answer.json()["id"])["state"] == "succeeded"
    again = client.post("/plot", json=spec, headers=prefer("respond-async"))
    assert again.status_code == 200
    assert "preference-applied" not in again.headers
    chart = client.get(answer.headers["content-location"])
    assert chart.content == again.content


def test_a_post_may_prefer_to_wait_a_little(client: httpx.Client, sheet: Sheet) -> None:
    """A picture that comes within the wait is the answer; else it is a job that begins anew."""
    quick = client.post(
        "/plot", json=patient(0, template="nimble"), headers=prefer("respond-async, wait=20")
    )
    assert quick.status_code == 200
    assert quick.headers["preference-applied"] == "wait=20"
    slow = client.post("/plot", json=sheet.spec(), headers=prefer("Respond-Async; x, WAIT = 1"))
    assert slow.status_code == 202
    assert slow.headers["preference-applied"] == "respond-async"
    client.delete(slow.headers["location"])


def test_regression_who_prefers_a_job_need_accept_no_picture(client: httpx.Client) -> None:
    """Who takes JSON alone gets the job, in PNG, also where the picture is there by now."""
    spec, headers = patient(0, "words"), {**prefer("respond-async"), "Accept": "application/json"}
    answer = client.post("/plot", json=spec, headers=headers)
    assert (answer.status_code, answer.headers["preference-applied"]) == (202, "respond-async")
    assert answer.json()["format"] == "png"
    ended(client, answer.json()["id"])
    again = client.post("/plot", json=spec, headers=headers | prefer("respond-async, wait=5"))
    assert (again.status_code, again.json()["id"]) == (202, answer.json()["id"])
    other = client.post("/plot", json=spec | {"format": "svg"}, headers=headers)
    assert other.json()["format"] == "svg"
    assert client.post("/plot", json=spec, headers=headers | prefer("")).status_code == 406


def test_a_wait_for_nothing_is_a_job(client: httpx.Client) -> None:
    """A wait of 0 s is none."""
    answer = client.post(
        "/plot", json=patient(0, "at once"), headers=prefer("respond-async, wait=0")
    )
    assert answer.status_code == 202


def test_a_preferred_job_is_submitted_once(client: httpx.Client, sheet: Sheet) -> None:
    """A key makes a post that prefers a job safe to send again."""
    headers = {**prefer("respond-async"), "Idempotency-Key": "a-post"}
    first, again = (client.post("/plot", json=sheet.spec(), headers=headers) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    refused = client.post("/plot", json=sheet.spec("other"), headers=headers)
    assert refused.status_code == 422
    client.delete(first.headers["location"])


@pytest.mark.parametrize("preference", ["", "wait=1", "handling=strict", "respond-async=no"])
def test_a_post_past_the_budget_becomes_a_job(
    client: httpx.Client, sheet: Sheet, preference: str
) -> None:
    """A drawing that spends the budget is ended, and begins anew as a job."""
    spec = sheet.spec(preference)
    answer = client.post("/plot", json=spec, headers=prefer(preference))
    job = answer.json()
    assert answer.status_code == 202
    assert "preference-applied" not in answer.headers
    assert answer.headers["content-location"].startswith("/charts/")
    wait_until(lambda: client.get(f"/jobs/{job['id']}").json()["state"] == "running")
    again = client.post("/plot", json=spec)
    assert (again.status_code, again.json()["id"]) == (202, job["id"])
    sheet.tell(0)
    assert ended(client, job["id"])["state"] == "succeeded"
    assert client.post("/plot", json=spec).status_code == 200


def none_was_killed(client: httpx.Client) -> bool:
    """Say whether no render was ended before it answered."""
    text = client.get("/metrics").text
    return re.search(r"^plotkiln_renders_killed_total\{.*\} [1-9]", text, re.MULTILINE) is None


def test_what_is_expected_to_take_too_long_is_not_tried(tmp_path: Path) -> None:
    """A chart that is estimated beyond the budget is a job at once: no render is killed for it."""
    spec = {"kind": "scatter", "y": [number % 977 for number in range(200_000)], "format": "svg"}
    with patient_kiln(tmp_path, PLOTKILN_BUDGET="1") as kiln, kiln.client() as client:
        answer = client.post("/plot", json=spec)
        assert answer.status_code == 202
        assert none_was_killed(client)
        assert ended(client, answer.json()["id"])["state"] == "succeeded"
        assert client.post("/plot", json=spec).status_code == 200
        assert client.post("/plot", json={"y": [1, 2, 3]}).status_code == 200


def test_a_look_past_the_budget_begins_one_job(patients: Kiln, sheet: Sheet, begun: Begun) -> None:
    """All who look at a picture that takes too long are told to look again, until it is there."""
    looked_at = address(sheet.spec())
    headers = {"Accept": "image/*"}
    with patients.client() as client, ThreadPoolExecutor(6) as threads:
        looks = list(threads.map(lambda _: client.get(looked_at, headers=headers), range(6)))
        for look in looks:
            assert look.status_code == 503
            assert look.headers["retry-after"] == "2"
            assert look.headers["cache-control"] == "no-store"
            assert look.headers["content-type"] == "image/svg+xml"
            assert "being drawn" in look.text
        words = client.get(looked_at, headers={"Accept": "application/json"})
        assert words.json()["type"] == "/docs#being-drawn"
        wait_until(lambda: "% done" in client.get(looked_at).text)
        (job,) = begun()
        sheet.tell(0)
        assert ended(client, job["id"])["state"] == "succeeded"
        picture = client.get(looked_at, headers=headers)
        assert picture.status_code == 200
        assert picture.headers["etag"] == f'"{job["digest"]}"'


def test_what_takes_long_elsewhere_is_not_tried_here(patients: Kiln, tmp_path: Path) -> None:
    """A server that knows nothing of a picture learns from its job, which another server draws."""
    sheet = Sheet(tmp_path / "sheet", SLOW)
    settings = {**patients.settings, "PLOTKILN_BUDGET": "2"}
    with (
        Kiln(patients.data, command=None, **settings) as other,
        other.client() as stranger,
        patients.client() as client,
    ):
        looked_at = address(sheet.spec())
        assert client.get(looked_at).status_code == 503
        assert stranger.get(looked_at).status_code == 503
        assert stranger.post("/plot", json=sheet.spec()).status_code == 202
        assert none_was_killed(stranger)
        sheet.tell(0)
        wait_until(lambda: stranger.get(looked_at).status_code == 200)


def test_a_stored_chart_is_looked_at_alike(
    client: httpx.Client, sheet: Sheet, begun: Begun
) -> None:
    """The address of a chart that became a job is 503 until the job has drawn it."""
    posted = client.post("/plot", json=sheet.spec(), headers=prefer("respond-async"))
    chart = posted.headers["content-location"]
    assert client.get(chart).status_code == 503
    assert client.head(chart).status_code == 503
    sheet.tell(0)
    ended(client, posted.json()["id"])
    assert client.get(chart).status_code == 200
    assert [job["id"] for job in begun()] == [posted.json()["id"]]


def test_the_last_good_picture_is_shown_meanwhile(
    client: httpx.Client, sheet: Sheet, begun: Begun
) -> None:
    """While a restyled picture takes too long the former one is shown as stale, under its tag."""
    client.put("/styles/meanwhile", json={}, headers={"If-None-Match": "*"})
    chart = address(sheet.spec(template="moody", style="meanwhile"))
    sheet.tell(SLOWISH)
    good = client.get(chart)
    assert good.headers["plotkiln-style-state"] == "fresh"
    sheet.tell(SLOW)
    former = good.headers["plotkiln-style"].partition("@")[2]
    client.put(
        "/styles/meanwhile",
        json={"figure": {"facecolor": "#FFF4E6"}},
        headers={"If-Match": f'"{former}"'},
    )
    stale = client.get(chart)
    assert stale.status_code == 200
    assert stale.content == good.content
    assert stale.headers["etag"] == good.headers["etag"]
    assert stale.headers["plotkiln-style"] == good.headers["plotkiln-style"]
    assert stale.headers["plotkiln-style-state"] == "stale"
    assert "former picture" in stale.headers["plotkiln-warnings"]
    held = client.get(chart, headers={"If-None-Match": good.headers["etag"]})
    assert (held.status_code, held.headers["plotkiln-style-state"]) == (304, "stale")
    pinned = client.get(f"{chart}?style=meanwhile@{former}")
    assert (pinned.status_code, pinned.content) == (200, good.content)
    (job,) = begun()
    sheet.tell(0)
    ended(client, job["id"])
    fresh = client.get(chart, headers={"If-None-Match": good.headers["etag"]})
    assert fresh.status_code == 200
    assert fresh.headers["plotkiln-style-state"] == "fresh"
    assert fresh.content != good.content


def test_a_pin_is_not_the_last_good_picture_of_its_style(
    client: httpx.Client, sheet: Sheet
) -> None:
    """What a job drew for a look at an old version is not shown for a newer one."""
    versions: list[str] = []

    def restyle(size: int) -> None:
        held = {"If-Match": f'"{versions[-1]}"'} if versions else {"If-None-Match": "*"}
        answer = client.put("/styles/pinned", json={"font": {"size": size}}, headers=held)
        versions.append(answer.headers["etag"].strip('"'))

    chart = address(sheet.spec(template="pinned", style="pinned"))
    sheet.tell(SLOWISH)
    restyle(8)
    restyle(12)
    good = client.get(chart)
    sheet.tell(SLOW)
    assert client.get(f"{chart}?style=pinned@{versions[0]}").status_code == 503
    (job,) = client.get("/jobs?state=queued,running").json()["jobs"]
    sheet.tell(0)
    assert ended(client, job["id"])["state"] == "succeeded"
    sheet.tell(SLOW)
    restyle(20)
    stale = client.get(chart)
    assert stale.headers["plotkiln-style-state"] == "stale"
    assert stale.content == good.content


@pytest.mark.parametrize("hangs", [False, True], ids=["ended", "hanging"])
def test_the_last_good_picture_is_shown_where_no_job_can_begin(
    tmp_path: Path, sheet: Sheet, hangs: bool
) -> None:
    """While the object store is away, or hangs, and accepts no job, there is something to see."""
    require(S3Server.binary(), "moto")
    with ExitStack() as stack:
        store = stack.enter_context(S3Server())
        told = {"PLOTKILN_ARTIFACTS_URL": store.bucket("former"), **store.settings()}
        with patient_kiln(tmp_path, **told) as kiln, kiln.client(timeout=20) as client:
            client.put("/styles/default", json={}, headers={"If-None-Match": "*"})
            sheet.tell(SLOWISH)
            good = client.get(address(sheet.spec()))
            sheet.tell(SLOW)
            held = {"If-Match": f'"{good.headers["plotkiln-style"].partition("@")[2]}"'}
            client.put("/styles/default", json={"font": {"size": 20}}, headers=held)
            if hangs:
                store.hang()  # its client gives up after half a minute
            else:
                stack.close()
            stale = client.get(address(sheet.spec()))
            assert (stale.status_code, stale.content) == (200, good.content)
            assert stale.headers["plotkiln-style-state"] == "stale"
            assert "for the time being" in stale.headers["plotkiln-warnings"]
            if not hangs:
                assert client.get(address(sheet.spec("nothing to show"))).status_code == 503


def test_pictures_do_not_wait_for_a_redis_that_hangs(tmp_path: Path) -> None:
    """What others know of a picture, its address, and the note of it are not worth a wait."""
    require(RedisServer.binary(), "redis-server")
    with RedisServer() as redis:
        told = {"PLOTKILN_REDIS_URL": f"{redis.url}?socket_timeout=60"}
        with patient_kiln(tmp_path, **told) as kiln, kiln.client(timeout=20) as client:
            assert "content-location" in client.post("/plot", json=patient(0, "before")).headers
            redis.hang()
            assert client.get(address(patient(SLOWISH, "looked at"))).status_code == 200
            posted = client.post("/plot", json=patient(SLOWISH, "posted"))
            assert posted.status_code == 200
            assert "content-location" not in posted.headers


def test_only_what_may_become_slow_is_noted(tmp_path: Path) -> None:
    """A drawing of more than a second is worth showing later; every other needs no note."""
    with patient_kiln(tmp_path) as kiln, kiln.client() as client:
        client.post("/plot", json=patient(0, "the first has its template loaded"))
        quick = client.post("/plot", json=patient(0, "quick"))
        slow = client.post("/plot", json=patient(SLOWISH, "slow"))
        kiln.stop()  # by which all that comes after answers is done
        with closing(sqlite3.connect(kiln.data / "state.sqlite")) as database:
            noted = database.execute("SELECT picture FROM last_good").fetchall()
        digests = {f'"{json.loads(row[0])["digest"]}"' for row in noted}
        assert slow.headers["etag"] in digests
        assert quick.headers["etag"] not in digests


def test_a_cancelled_job_is_begun_anew_by_the_next_look(
    client: httpx.Client, sheet: Sheet, begun: Begun
) -> None:
    """Cancelling the job behind a look does not forbid the picture: the next look has another."""
    looked_at = address(sheet.spec())
    assert client.get(looked_at).status_code == 503
    (first,) = begun()
    client.delete(f"/jobs/{first['id']}")
    assert client.get(looked_at).status_code == 503
    second, _ = begun()
    assert second["id"] != first["id"]


def test_what_nobody_can_draw_is_told(tmp_path: Path) -> None:
    """Once the job has spent its own budget, too, whoever looks is told so, and no job follows."""
    settings = {"PLOTKILN_BUDGET": "1", "PLOTKILN_JOB_BUDGET": "2"}
    with patient_kiln(tmp_path, **settings) as kiln, kiln.client() as client:
        begun, looked_at = Begun(client), address(patient(SLOW))
        assert client.get(looked_at).status_code == 503
        (job,) = begun()
        assert ended(client, job["id"])["state"] == "failed"
        told = client.get(looked_at, headers={"Accept": "application/json"})
        assert told.status_code == 422
        assert told.json()["type"] == "/docs#deadline"
        drawn = client.get(looked_at)
        assert (drawn.status_code, drawn.headers["content-type"]) == (422, "image/svg+xml")
        assert len(begun()) == 1


def test_what_nobody_can_draw_is_told_however_often_it_was_cancelled(tmp_path: Path) -> None:
    """Jobs that were cancelled hide none that has shown that nobody can draw the picture."""
    settings = {"PLOTKILN_BUDGET": "1", "PLOTKILN_JOB_BUDGET": "3"}
    with patient_kiln(tmp_path, **settings) as kiln, kiln.client() as client:
        begun, looked_at = Begun(client), address(patient(SLOW))
        for number in range(9):
            assert client.get(looked_at).status_code == 503
            assert len(begun()) == number + 1
            client.delete(f"/jobs/{begun()[0]['id']}")
        assert client.get(looked_at).status_code == 503
        assert ended(client, begun()[0]["id"])["state"] == "failed"
        assert [client.get(looked_at).status_code for _ in range(2)] == [422, 422]
        assert len(begun()) == 10


def test_a_look_writes_no_input_again(patients: Kiln, client: httpx.Client, sheet: Sheet) -> None:
    """While a job draws what is looked at, looks write nothing of it into the store."""
    looked_at = address(sheet.spec())
    assert client.get(looked_at).status_code == 503
    (job,) = client.get("/jobs?state=queued,running").json()["jobs"]
    # its input was read: the look before the job has drawn by the same sheet, hence its pid is none
    wait_until(lambda: "progress" in client.get(f"/jobs/{job['id']}").json())
    (written,) = patients.data.rglob(f"inputs/{job['digest'][:2]}/{job['digest']}")
    written.unlink()
    assert client.get(looked_at).status_code == 503
    assert not written.exists()


def test_a_preview_past_the_budget_is_refused(
    client: httpx.Client, sheet: Sheet, begun: Begun
) -> None:
    """A preview, of which nothing is stored, makes no job."""
    answer = client.post("/styles/default/preview", json={"style": {}, "spec": sheet.spec()})
    assert answer.status_code == 422
    assert answer.json()["type"] == "/docs#deadline"
    assert not begun()


def test_who_takes_a_job_gets_one_where_too_many_wait(tmp_path: Path, sheet: Sheet) -> None:
    """While too many renders wait, a job is accepted of who prefers one, and 429 said to others."""
    settings = {"PLOTKILN_WORKERS": "1", "PLOTKILN_QUEUE": "1", "PLOTKILN_BUDGET": "30"}
    with (
        patient_kiln(tmp_path, **settings) as kiln,
        kiln.client() as client,
        ThreadPoolExecutor(4) as threads,
    ):
        waiting = [
            threads.submit(httpx.post, f"{kiln.url}/plot", json=sheet.spec(mark), timeout=60)
            for mark in "abcd"
        ]
        wait_until(lambda: any(post.done() for post in waiting))
        spec = patient(0, "one more")
        assert client.post("/plot", json=spec).status_code == 429
        preferred = client.post("/plot", json=spec, headers=prefer("respond-async, wait=20"))
        assert preferred.status_code == 202
        sheet.tell(0)
        assert {post.result().status_code for post in waiting} == {200, 429}


def test_who_takes_a_job_is_not_held_back_at_the_end(tmp_path: Path, sheet: Sheet) -> None:
    """At SIGTERM a post that waits for a picture, and takes a job, too, is answered with a job."""
    with (
        patient_kiln(tmp_path, PLOTKILN_BUDGET="60") as kiln,
        ThreadPoolExecutor(1) as threads,
    ):
        headers = prefer("respond-async, wait=50")
        address = f"{kiln.url}/plot"
        posted = threads.submit(httpx.post, address, json=sheet.spec(), headers=headers, timeout=60)
        wait_until(lambda: sheet.pid)
        os.kill(kiln.pid, signal.SIGTERM)
        assert posted.result().status_code == 202
        assert kiln.stop(within=20) == 0


def test_without_a_broker_there_are_no_jobs(tmp_path: Path) -> None:
    """Where nobody would render a job, what takes too long is 422, whatever is preferred."""
    settings = {
        "K_SERVICE": "plot",
        "PLOTKILN_EPHEMERAL": "allow",
        "PLOTKILN_BUDGET": "1",
    }
    with patient_kiln(tmp_path, **settings) as kiln, kiln.client() as client:
        slow = patient(SLOW)
        assert client.post("/plot", json=slow).status_code == 422
        preferred = client.post("/plot", json=slow, headers=prefer("respond-async"))
        assert preferred.status_code == 422
        assert client.get(address(slow)).status_code == 422
        refused = client.post("/jobs", json=slow)
        assert refused.status_code == 503
        assert "K_SINK" in refused.json()["detail"]
