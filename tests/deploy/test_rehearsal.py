"""The trial as its manifests say it, in processes of one machine: every name leads somewhere."""

import json
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from manifests.objects import Overlay

from conftest import require
from kilns import Kiln
from plotkiln.events.json_format import to_json
from redis_servers import RedisServer
from rehearsals import Rehearsal, rehearsal
from s3_servers import S3Server
from servers import Consul, wait_until


@pytest.fixture(scope="module")
def trial(
    overlays: Callable[[str], Overlay],
    consul: Consul,
    redis_server: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Rehearsal, S3Server]]:
    """Start every Service of the minimal overlay on real stores, and its Triggers."""
    require(S3Server.binary(), "moto_server")
    redis_server.command("FLUSHALL")
    with S3Server() as s3:
        s3.bucket("pictures")
        hosts = {
            "consul:8500": urlsplit(consul.url).netloc,
            "redis://redis:6379/0": redis_server.url,
            "http://objects:9000": s3.url,
        }
        keys = {
            name: s3.settings()[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        }
        folder = tmp_path_factory.mktemp("trial")
        with rehearsal(overlays("minimal"), folder, hosts=hosts, secrets=keys) as started:
            yield started, s3


def test_a_hit_becomes_a_picture(trial: tuple[Rehearsal, S3Server]) -> None:
    """A page's hit is counted by one Service, drawn by another, and shown by the front door."""
    services = trial[0].services
    assert httpx.get(f"{services['hit-homepage'].url}/hits/", timeout=60).status_code == 200
    for shown_by in ("hit-homepage", "plot"):
        picture = f"{services[shown_by].url}/artifacts/hits.png"
        wait_until(partial(_is_there, picture), 120, every=0.2)
        answer = httpx.get(picture, timeout=60)
        assert answer.headers["plotkiln-number"] == "1"
        assert answer.headers["content-type"] == "image/png"


def _is_there(address: str) -> bool:
    return httpx.get(address, timeout=60).status_code == 200


def test_a_job_is_rendered_elsewhere(trial: tuple[Rehearsal, S3Server]) -> None:
    """What the front door accepts reaches `render` by the Broker, and its picture the bucket."""
    plot = trial[0].services["plot"]
    spec = {"x": [1, 2, 3], "y": [4, 1, 7]}
    with plot.client() as client:
        job = client.post("/jobs", json=spec).headers["location"]
        wait_until(lambda: client.get(job).json()["state"] == "succeeded", 120, every=0.2)
        assert client.get(f"{job}/result").content.startswith(b"\x89PNG")
    ended = 'plotkiln_job_attempts_total{outcome="succeeded"} 1'
    assert ended in httpx.get(f"{trial[0].services['render'].url}/metrics", timeout=30).text
    assert ended not in httpx.get(f"{plot.url}/metrics", timeout=30).text


def test_a_long_job_is_a_job_of_its_own(trial: tuple[Rehearsal, S3Server], tmp_path: Path) -> None:
    """What takes longer than a Service may answer goes to the JobSink, whose pod renders it."""
    started, plot = trial[0], trial[0].services["plot"]
    patient = Kiln(tmp_path)
    patient.settings = {
        **plot.settings,
        "PLOTKILN_DATA": str(tmp_path),
        "PLOTKILN_JOB_BUDGET": "7200",
    }
    with patient, patient.client() as client:
        job = client.post("/jobs", json={"x": [1, 2], "y": [2, 1]}).headers["location"]
        wait_until(lambda: started.jobsink.taken, 60)
        (tmp_path / "event").write_bytes(to_json(started.jobsink.taken[0].event))
        started.job.settings["K_EVENT_PATH"] = str(tmp_path)
        subprocess.run(started.job._command, env=started.job.environment(), check=True, timeout=120)
        assert client.get(job).json()["state"] == "succeeded"


def test_what_nobody_can_handle_is_kept(trial: tuple[Rehearsal, S3Server]) -> None:
    """An event that is given up lies in the bucket, with the Trigger's Service and the reason."""
    started, s3 = trial
    event = {
        "specversion": "1.0",
        "id": "unusable",
        "source": "/tests",
        "type": "plotkiln.new_hit",
        "subject": "No-Such-Name",
    }
    headers = {"Content-Type": "application/cloudevents+json"}
    answer = httpx.post(started.ingress, content=json.dumps(event), headers=headers, timeout=30)
    assert answer.status_code == 202
    store = s3.store("pictures")
    wait_until(lambda: [*store.list("charts/dead-letters/")][:1], 120, every=0.2)
    ((found,),) = store.list("charts/dead-letters/")
    letter = json.loads(bytes(store.get(found["path"]).bytes()))
    assert letter["id"] == "unusable"
    assert letter["knativeerrorcode"] == "422"
    assert "hit-counter" in letter["knativeerrordest"]


def test_the_front_door_takes_no_events(trial: tuple[Rehearsal, S3Server]) -> None:
    """What is reached from outside has no door for events."""
    headers = {f"ce-{name}": "1" for name in ("id", "source", "type")} | {"ce-specversion": "1.0"}
    for name, status in (("plot", 404), ("render", 204)):
        url = f"{trial[0].services[name].url}/events"
        assert httpx.post(url, headers=headers, timeout=30).status_code == status
