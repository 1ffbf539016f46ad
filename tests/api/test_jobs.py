import asyncio
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest

import plotkiln
from counters import Clock
from kilns import Kiln, alive
from ledgers import embedded_jobs, new_job
from patients import Sheet, ended, patient, patient_kiln, submit
from plotkiln.errors import JobFailed, WorkersUnavailable
from plotkiln.jobs import Job
from plotkiln.service.problems import problem_members
from servers import wait_until

SHORTEST = {"x": [1, 2, 3], "y": [4, 1, 7]}


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


def version(answer: httpx.Response) -> int:
    """Return the version that an answer's entity tag is."""
    return int(answer.headers["etag"].strip('"'))


def running(client: httpx.Client, job: dict[str, Any]) -> bool:
    """Say whether a job runs."""
    return bool(client.get(f"/jobs/{job['id']}").json()["state"] == "running")


def listed(client: httpx.Client) -> list[str]:
    """Return the ids of all jobs, newest first."""
    return [job["id"] for job in client.get("/jobs?limit=200").json()["jobs"]]


def test_a_job_yields_what_a_post_yields(client: httpx.Client) -> None:
    """A submitted spec is accepted with all headers, and its picture is the one that is posted."""
    answer = client.post("/jobs", json={**SHORTEST, "title": "Submitted"})
    job = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/jobs/{job['id']}"
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["cache-control"] == "no-store"
    assert (job["title"], job["kind"], job["format"]) == ("Submitted", "line", "png")
    assert job["style"] == "default@0"
    done = ended(client, job["id"])
    assert done["state"] == "succeeded"
    assert done["created"] <= done["started"] <= done["ended"] < done["expires"]
    result = client.get(done["result"]["href"])
    posted = client.post("/plot", json={**SHORTEST, "title": "Submitted"})
    assert result.content == posted.content
    assert len(result.content) == done["result"]["size"]
    for name in ("etag", "content-type", "plotkiln-style", "cache-control"):
        assert result.headers[name] == posted.headers[name]
    assert result.headers["etag"] == f'"{done["result"]["digest"]}"'


def test_a_result_revalidates(client: httpx.Client) -> None:
    """A result that the client holds is 304, and HEAD tells of it as GET does."""
    job = ended(client, submit(client, {"y": [1, 2], "title": "Held"})["id"])
    address = job["result"]["href"]
    tag = client.get(address).headers["etag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    head = client.head(address)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)


@pytest.mark.parametrize("format_", ["svg", "pdf"])
def test_a_job_has_the_format_of_its_spec(client: httpx.Client, format_: str) -> None:
    """The spec's format is the result's."""
    job = ended(client, submit(client, {"y": [1, 2], "format": format_})["id"])
    assert job["format"] == format_
    result = client.get(job["result"]["href"])
    assert result.headers["content-type"] == job["result"]["media_type"]


def test_a_table_is_submitted(client: httpx.Client) -> None:
    """A table with the query's options is a job as it is a picture."""
    answer = client.post(
        "/jobs",
        params={"kind": "bar", "title": "Table"},
        content=b"month,sales\nJan,3\nFeb,5\n",
        headers={"Content-Type": "text/csv"},
    )
    assert answer.status_code == 202
    assert (answer.json()["title"], answer.json()["kind"]) == ("Table", "bar")


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"not json", 400), (b'{"colour": 1}', 400), (b'{"y": []}', 422), (b'{"y": [1', 400)],
)
def test_a_bad_spec_is_refused_at_once(client: httpx.Client, body: bytes, status: int) -> None:
    """What could not be drawn is not accepted, and no job is left of it."""
    before = listed(client)
    answer = client.post("/jobs", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert listed(client) == before


def test_a_body_of_another_kind_is_refused(client: httpx.Client) -> None:
    """A body that is neither JSON nor CSV is 415."""
    answer = client.post("/jobs", content=b"<x/>", headers={"Content-Type": "text/xml"})
    assert answer.status_code == 415


def test_an_answer_may_be_minimal(client: httpx.Client) -> None:
    """Who prefers a minimal answer gets no body; the headers say where the job is."""
    answer = client.post("/jobs", json=patient(0, "minimal"), headers={"Prefer": "return=minimal"})
    assert (answer.status_code, answer.content) == (202, b"")
    assert answer.headers["preference-applied"] == "return=minimal"
    assert client.get(answer.headers["location"]).status_code == 200


def test_equal_submissions_are_one_job(client: httpx.Client) -> None:
    """Equal renderings are joined, while they are drawn and when they have been."""
    with ThreadPoolExecutor(8) as threads:
        spec = patient(1.0, "joined")
        jobs = list(threads.map(lambda _: submit(client, spec)["id"], range(8)))
    assert len(set(jobs)) == 1
    ended(client, jobs[0])
    again = submit(client, spec)
    assert (again["id"], again["state"]) == (jobs[0], "succeeded")
    assert submit(client, {**spec, "format": "svg"})["id"] != jobs[0]


def test_a_key_names_one_submission(client: httpx.Client) -> None:
    """A key that comes again means the same job, also when that was cancelled meanwhile."""
    spec = patient(30, "named")
    job = submit(client, spec, **{"Idempotency-Key": "order-66"})
    assert client.delete(f"/jobs/{job['id']}").json()["state"] == "cancelled"
    again = submit(client, spec, **{"Idempotency-Key": '"order-66"'})
    assert (again["id"], again["state"]) == (job["id"], "cancelled")
    assert submit(client, patient(0, "named"))["id"] != job["id"]
    other = client.post(
        "/jobs", json=patient(0, "another"), headers={"Idempotency-Key": "order-66"}
    )
    assert other.status_code == 422
    assert "order-66" in other.text or "key" in other.text.lower()


@pytest.mark.parametrize("key", [b"", b"x" * 256, b"caf\xe9", b'""', b"a\tb"])
def test_a_bad_key_is_refused(client: httpx.Client, key: bytes) -> None:
    """A key that is empty, too long, or not printable ASCII is 400."""
    answer = client.post("/jobs", json=SHORTEST, headers=[(b"Idempotency-Key", key)])
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/jobs", "/plot"])
def test_regression_a_key_outlives_an_edited_style(client: httpx.Client, path: str) -> None:
    """A submission that is sent again leads to its job, also after its style was edited."""
    style = f"edited{path[1:]}"
    created = client.put(f"/styles/{style}", json={}, headers={"If-None-Match": "*"})
    spec = patient(0.1, "sent again", style=style)
    headers = {"Idempotency-Key": f"again {path}", "Prefer": "respond-async"}
    first = client.post(path, json=spec, headers=headers)
    edited = client.put(
        f"/styles/{style}",
        json={"palette": ["#123456"]},
        headers={"If-Match": created.headers["etag"]},
    )
    assert (first.status_code, edited.status_code) == (202, 204)
    again = client.post(path, json=spec, headers=headers)
    assert again.status_code == 202, again.text
    assert again.json()["id"] == first.json()["id"]
    other = client.post(path, json=spec | {"style": "default"}, headers=headers)
    assert other.status_code == 422


def test_jobs_are_listed_newest_first(client: httpx.Client) -> None:
    """The list has the newest first, in pages that neither repeat nor leave out a job."""
    ids = [submit(client, patient(0, f"listed {number}"))["id"] for number in range(5)]
    for id_ in ids:
        ended(client, id_)
    found: list[str] = []
    before: dict[str, str] = {}
    while True:
        page = client.get("/jobs", params={"limit": 2, **before}).json()
        found += [job["id"] for job in page["jobs"]]
        if "before" not in page:
            break
        before = {"before": page["before"]}
    assert found[:5] == ids[::-1]
    assert len(found) == len(set(found))


def test_jobs_are_listed_by_state(client: httpx.Client) -> None:
    """The list can be had of some states alone."""
    job = submit(client, patient(30, "by state"))
    active = client.get("/jobs", params={"state": "queued,running"}).json()["jobs"]
    assert active[0]["id"] == job["id"]
    assert {one["state"] for one in active} <= {"queued", "running"}
    client.delete(f"/jobs/{job['id']}")
    cancelled = client.get("/jobs", params=[("state", "cancelled"), ("state", "failed")]).json()
    assert cancelled["jobs"][0]["id"] == job["id"]
    assert {one["state"] for one in cancelled["jobs"]} <= {"cancelled", "failed"}


@pytest.mark.parametrize(
    ("query", "status"),
    [("state=done", 400), ("limit=0", 400), ("limit=201", 400), ("before=nothing", 422)],
)
def test_a_bad_question_is_told(client: httpx.Client, query: str, status: int) -> None:
    """Unknown states, limits beyond the bounds and cursors that no page gave are refused."""
    assert client.get(f"/jobs?{query}").status_code == status


@pytest.mark.parametrize("id_", ["a" * 26, "nothing", "A" * 26, "%00", "a" * 5000])
def test_an_unknown_job_is_not_found(client: httpx.Client, id_: str) -> None:
    """What no job has as its id is 404, whatever is asked of it."""
    for method, address in (
        ("GET", f"/jobs/{id_}"),
        ("GET", f"/jobs/{id_}/result"),
        ("DELETE", f"/jobs/{id_}"),
        ("POST", f"/jobs/{id_}/retry"),
    ):
        assert client.request(method, address).status_code == 404


def test_a_job_is_followed_by_its_versions(client: httpx.Client) -> None:
    """Each long poll with the version that is known brings a later one, up to the end."""
    job = submit(client, patient(1.5, "followed"))
    known, seen = job["version"], [job]
    while "ended" not in seen[-1]:
        headers = {"Prefer": "wait=30", "If-None-Match": f'"{known}"'}
        answer = client.get(f"/jobs/{job['id']}", headers=headers)
        assert answer.status_code == 200
        assert answer.headers["preference-applied"] == "wait=30"
        assert ("retry-after" in answer.headers) == ("ended" not in answer.json())
        assert version(answer) > known
        known = version(answer)
        seen.append(answer.json())
    assert seen[-1]["state"] == "succeeded"
    told = [one["progress"]["fraction"] for one in seen if "progress" in one]
    assert told
    assert told == sorted(told)


def test_a_wait_ends(client: httpx.Client) -> None:
    """When nothing changes within the wait, it is 304; a wait that is too long is cut."""
    job = ended(client, submit(client, patient(0, "still"))["id"])
    held = {"If-None-Match": f'"{job["version"]}"'}
    unchanged = client.get(f"/jobs/{job['id']}", headers={**held, "Prefer": "wait=1"})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["preference-applied"] == "wait=1"
    at_once = client.get(f"/jobs/{job['id']}", headers=held)
    assert at_once.status_code == 304
    assert "preference-applied" not in at_once.headers
    assert at_once.headers["vary"] == "Prefer"
    long = client.get(f"/jobs/{job['id']}", headers={"Prefer": "wait=3600"})
    assert long.headers["preference-applied"] == "wait=55"


def test_a_wait_for_the_end_may_be_too_short(client: httpx.Client) -> None:
    """A wait without a version ends with the job as it is then."""
    job = submit(client, patient(30, "unfinished"))
    answer = client.get(f"/jobs/{job['id']}", headers={"Prefer": "wait=1"})
    assert answer.status_code == 200
    assert answer.json()["state"] in {"queued", "running"}
    client.delete(f"/jobs/{job['id']}")


def test_a_result_that_is_not_there_is_told(client: httpx.Client) -> None:
    """The result of a job is 409 while it is drawn, there after the wait, and 410 if cancelled."""
    job = submit(client, patient(1.5, "awaited"))
    address = f"/jobs/{job['id']}/result"
    early = client.get(address)
    assert early.status_code == 409
    assert early.headers["retry-after"] == "1"
    assert early.json()["type"] == "/docs#not-ready"
    assert client.get(address, headers={"Prefer": "wait=30"}).status_code == 200
    cancelled = submit(client, patient(30, "never"))
    client.delete(f"/jobs/{cancelled['id']}")
    gone = client.get(f"/jobs/{cancelled['id']}/result")
    assert (gone.status_code, gone.json()["type"]) == (410, "/docs#gone")


def test_a_failed_job_is_answered_with_its_problem(client: httpx.Client) -> None:
    """The result of a job that failed is its problem, under that problem's status."""
    job = ended(client, submit(client, patient(-1))["id"])
    assert job["state"] == "failed"
    answer = client.get(f"/jobs/{job['id']}/result")
    assert answer.status_code == job["problem"]["status"] == 422
    assert answer.json()["type"] == job["problem"]["type"] == "/docs#drawing"
    assert answer.json()["detail"] == job["problem"]["detail"]


async def kept(folder: Path, job: Job) -> None:
    """Write a job beside the server that keeps them."""
    async with embedded_jobs(folder)(Clock()) as jobs:
        await jobs.submit(job)


def test_regression_a_job_that_was_given_up_is_not_unavailable(
    patients: Kiln, client: httpx.Client
) -> None:
    """Where another attempt might have helped, the result says that there is none: no 503."""
    problem = problem_members(WorkersUnavailable("No process was to be had."))
    job = new_job(Clock(time.time()), state="failed", problem=problem)
    asyncio.run(kept(patients.data, job))
    answer = client.get(f"/jobs/{job.id}/result")
    assert (answer.status_code, answer.json()["type"]) == (422, "/docs#job-failed")
    assert answer.json()["cause"] == problem
    assert "No process was to be had." in answer.json()["detail"]
    assert f"POST /jobs/{job.id}/retry" in answer.json()["detail"]
    with plotkiln.Client(patients.url) as ours, pytest.raises(JobFailed, match="No process was"):
        ours.jobs.result(job.id)


def test_a_cancelled_render_ends(client: httpx.Client, tmp_path: Path) -> None:
    """Cancelling a job that runs ends the process that draws it; a second time changes nothing."""
    sheet = Sheet(tmp_path / "sheet", 60)
    job = submit(client, sheet.spec())
    wait_until(lambda: sheet.pid and running(client, job))
    pid = sheet.pid
    assert pid is not None
    assert alive(pid)
    cancelled = client.delete(f"/jobs/{job['id']}")
    told = time.monotonic()
    wait_until(lambda: not alive(pid), 5)
    print(f"the worker was gone {time.monotonic() - told:.2f} s after the answer")
    assert cancelled.status_code == 200
    assert cancelled.json()["state"] == "cancelled"
    again = client.delete(f"/jobs/{job['id']}")
    assert again.json() == cancelled.json()
    assert again.headers["etag"] == cancelled.headers["etag"]


def test_a_job_that_ended_stays_as_it_is(client: httpx.Client) -> None:
    """Cancelling what has succeeded leaves it so."""
    job = ended(client, submit(client, patient(0, "ended"))["id"])
    assert client.delete(f"/jobs/{job['id']}").json() == job


def test_a_cancelled_job_is_tried_again(client: httpx.Client, tmp_path: Path) -> None:
    """A retry is a new job of the same input; jobs that run or succeeded have none."""
    sheet = Sheet(tmp_path / "sheet", 60)
    first = submit(client, sheet.spec())
    assert client.post(f"/jobs/{first['id']}/retry").status_code == 409
    client.delete(f"/jobs/{first['id']}")
    sheet.tell(0)
    answer = client.post(f"/jobs/{first['id']}/retry")
    second = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/jobs/{second['id']}"
    assert second["id"] != first["id"]
    assert second["retry_of"] == first["id"]
    assert [second[name] for name in ("digest", "kind", "style")] == [
        first[name] for name in ("digest", "kind", "style")
    ]
    assert ended(client, second["id"])["state"] == "succeeded"
    assert client.post(f"/jobs/{second['id']}/retry").status_code == 409


def test_a_redirect_needs_an_object_store(client: httpx.Client) -> None:
    """Where the store has no addresses to give, the picture itself comes instead."""
    job = ended(client, submit(client, patient(0, "redirected"))["id"])
    assert "url" not in job["result"]
    answer = client.get(f"/jobs/{job['id']}/result?redirect=1")
    assert answer.status_code == 200
    assert client.get(f"/jobs/{job['id']}/result?redirect=2").status_code == 400


def test_a_server_that_ends_holds_nobody_back(tmp_path: Path) -> None:
    """At SIGTERM long polls are answered with what is, and the server ends soon after."""
    with patient_kiln(tmp_path, PLOTKILN_DRAIN="25") as kiln:
        with kiln.client() as client:
            job = ended(client, submit(client, patient(0))["id"])
        headers = {"Prefer": "wait=55", "If-None-Match": f'"{job["version"]}"'}
        with closing(HTTPConnection("127.0.0.1", kiln.port)) as poll:
            poll.request("GET", f"/jobs/{job['id']}", headers=headers)
            os.kill(kiln.pid, signal.SIGTERM)
            begun = time.monotonic()
            answer = poll.getresponse()
            print(f"answered {time.monotonic() - begun:.2f} s after SIGTERM")
            assert answer.status == 304
            assert answer.headers["Preference-Applied"] is None
        assert kiln.stop(within=20) == 0
