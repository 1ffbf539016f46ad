"""One job by an event's file, and one sweep, as a cluster runs them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clusters import Cluster
from event_sinks import EventSink
from kilns import alive
from patients import Sheet, patient
from plotkiln.cli.exits import Exit
from servers import wait_until


@pytest.fixture
def sink() -> Iterator[EventSink]:
    """Start a broker that only takes events."""
    with EventSink() as started:
        yield started


@pytest.fixture
def cluster(tmp_path: Path, sink: EventSink) -> Iterator[Cluster]:
    """Start the server."""
    started = Cluster(tmp_path, sink)
    with started.server:
        yield started


def test_a_job_is_done_by_its_events_file(cluster: Cluster) -> None:
    """It ends, the broker is told, and the same event asks for nothing more."""
    job = cluster.submit(patient(0.1))
    folder = cluster.file()
    assert cluster.run("job", "run", K_EVENT_PATH=str(folder))[0] == Exit.OK
    after = cluster.job(job)
    assert (after["state"], after["attempt"]) == ("succeeded", 1)
    assert cluster.told().type == "plotkiln.job.finished"
    with cluster.server.client() as client:
        assert client.get(after["result"]["href"]).content.startswith(b"\x89PNG")
    assert cluster.run("job", "run", str(folder / "event"))[0] == Exit.OK
    assert cluster.job(job)["version"] == after["version"]


def test_a_job_that_fails_by_what_it_asks_for_has_ended(cluster: Cluster) -> None:
    """Kubernetes need not run it again: the job has failed, and says why."""
    job = cluster.submit(patient(30.0))
    folder = cluster.file()
    code, _ = cluster.run("job", "run", K_EVENT_PATH=str(folder), PLOTKILN_JOB_BUDGET="0.5")
    assert code == Exit.OK
    assert cluster.job(job)["problem"]["type"] == "/docs#deadline"


def test_regression_what_passes_is_for_another_event(cluster: Cluster) -> None:
    """Where the input cannot be had, the next attempt is asked for; this event can do no more."""
    job = cluster.submit(patient(0.1))
    folder = cluster.file()
    gone = {"PLOTKILN_ARTIFACTS_URL": "s3://nowhere/", "AWS_ENDPOINT": "http://127.0.0.1:1"}
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "x"}
    process = cluster.begin(
        "job", "run", K_EVENT_PATH=str(folder), AWS_ALLOW_HTTP="true", **gone, **keys
    )
    try:
        code = process.wait(55)
        process.communicate()
    finally:
        process.kill()
    assert code == Exit.OK
    assert cluster.told().id == f"{job['id']}.2.1"
    again = cluster.job(job)
    assert (again["state"], again["attempt"]) == ("queued", 1)
    assert cluster.run("job", "run", K_EVENT_PATH=str(cluster.file()))[0] == Exit.OK
    assert cluster.job(job)["state"] == "succeeded"


def test_records_that_do_not_answer_are_for_another_time(
    cluster: Cluster, free_tcp_port: int
) -> None:
    """Where no attempt could begin, the exit code says that the same event may do more later."""
    cluster.submit(patient(0.1))
    nowhere = f"redis://127.0.0.1:{free_tcp_port}/0"
    code, _ = cluster.run(
        "job", "run", K_EVENT_PATH=str(cluster.file()), PLOTKILN_REDIS_URL=nowhere
    )
    assert code == Exit.UNAVAILABLE


def test_a_pod_that_is_evicted_gives_its_job_back(cluster: Cluster, tmp_path: Path) -> None:
    """SIGTERM ends the drawing at once; the job is queued again, and published."""
    sheet = Sheet(tmp_path / "sheet", 60)
    job = cluster.submit(sheet.spec())
    process = cluster.begin(
        "job", "run", K_EVENT_PATH=str(cluster.file()), PLOTKILN_DRAIN="0", PLOTKILN_JOB_LEASE="60"
    )
    wait_until(lambda: sheet.pid)
    assert sheet.pid is not None
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == Exit.OK
    process.communicate()
    wait_until(lambda: not alive(sheet.pid or 0), 1)
    again = cluster.job(job)
    assert (again["state"], again["attempt"]) == ("queued", 1)
    # by itself, or where a busy machine gave it no time for that, by the server's sweep
    wait_until(lambda: cluster.told().id == f"{job['id']}.2.1", 75)


def test_a_job_that_is_cancelled_elsewhere_ends_here(cluster: Cluster, tmp_path: Path) -> None:
    """The drawing is gone within a second, and the process has nothing more to do."""
    sheet = Sheet(tmp_path / "sheet", 60)
    job = cluster.submit(sheet.spec())
    process = cluster.begin("job", "run", K_EVENT_PATH=str(cluster.file()))
    wait_until(lambda: sheet.pid)
    with cluster.server.client() as client:
        assert client.delete(f"/jobs/{job['id']}").json()["state"] == "cancelled"
    wait_until(lambda: not alive(sheet.pid or 0), 1)
    assert process.wait(20) == Exit.OK
    process.communicate()
    assert cluster.job(job)["state"] == "cancelled"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('{"specversion": "1.0", "id": "1", "source": "/", "type": "plotkiln.hits"}', Exit.INPUT),
        ("{", Exit.INPUT),
        (None, Exit.INPUT),
    ],
)
def test_what_is_no_job_is_refused(tmp_path: Path, content: str | None, code: Exit) -> None:
    """A file that asks for no job, is no event, or is not there."""
    file = tmp_path / "event"
    if content is not None:
        file.write_text(content)
    done = subprocess.run(
        [sys.executable, "-m", "plotkiln", "job", "run", str(file)],
        env={"PATH": os.environ["PATH"], "PLOTKILN_DATA": str(tmp_path)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_sweep_from_outside_does_all_there_is(cluster: Cluster) -> None:
    """What its worker left is taken back and published, by a process that ends then."""
    job = cluster.submit(patient(60.0))
    process = cluster.begin("job", "run", K_EVENT_PATH=str(cluster.file()))
    wait_until(lambda: cluster.job(job)["state"] == "running", 30)
    cluster.server.stop(signal.SIGKILL)  # nobody else sweeps
    process.kill()
    process.communicate()
    time.sleep(1.1)  # the lease
    code, printed = cluster.run("sweep")
    assert code == Exit.OK
    swept = json.loads(printed)
    assert swept["jobs"]["taken_back"] == 1
    assert {"renderings", "charts", "history", "others"} < swept.keys()
    if not swept["jobs"]["published"]:  # its pause was not over yet
        time.sleep(0.5)
        swept = json.loads(cluster.run("sweep", "--jobs")[1])
        assert swept.keys() == {"jobs"}
        assert swept["jobs"]["published"] == 1
    assert cluster.told().id == f"{job['id']}.2.1"


def test_regression_a_sweep_asks_nothing_of_a_bucket_with_rules(cluster: Cluster) -> None:
    """Without bounds nothing is listed, neither pictures nor inputs: nobody calls the bucket."""
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "x"}
    with socket.create_server(("127.0.0.1", 0)) as bucket:
        bucket.setblocking(False)
        code, printed = cluster.run(
            "sweep",
            PLOTKILN_ARTIFACTS_URL="s3://pictures/",
            PLOTKILN_ARTIFACTS_MAX_AGE="0",
            PLOTKILN_ARTIFACTS_MAX_SIZE="0",
            AWS_ENDPOINT=f"http://127.0.0.1:{bucket.getsockname()[1]}",
            AWS_ALLOW_HTTP="true",
            **keys,
        )
        with pytest.raises(BlockingIOError):
            bucket.accept()
    assert code == Exit.OK
    assert "inputs" not in json.loads(printed)["others"]
