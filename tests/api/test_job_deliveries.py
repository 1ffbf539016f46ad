"""Jobs as a cluster's broker has them rendered: events delivered over HTTP."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from clusters import Cluster
from event_sinks import EventSink
from kilns import alive
from patients import Sheet, patient
from plotkiln.events.event import CloudEvent
from plotkiln.events.http_binding import to_binary
from servers import wait_until


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Start a server that renders one job at once."""
    with EventSink() as sink:
        folder = tmp_path_factory.mktemp("cluster")
        started = Cluster(folder, sink, PLOTKILN_WORKERS="1", PLOTKILN_JOB_WORKERS="1")
        with started.server:
            yield started


def deliver(cluster: Cluster, event: CloudEvent, *, timeout: float = 60.0) -> httpx.Response:
    """Deliver an event as a broker does."""
    message = to_binary(event)
    with cluster.server.client(timeout=timeout) as client:
        return client.post("/events", headers=message.headers, content=message.body)


def test_a_delivery_renders_and_is_answered_with_the_end(cluster: Cluster) -> None:
    """The reply says that the job has finished; a second delivery has the same reply."""
    job = cluster.submit(patient(0.1, mark="reply"))
    asked = cluster.told()
    answer = deliver(cluster, asked)
    assert answer.status_code == 200
    assert answer.headers["ce-type"] == "plotkiln.job.finished"
    assert answer.headers["ce-subject"] == job["id"]
    assert answer.json()["state"] == "succeeded"
    again = deliver(cluster, asked)
    assert again.headers["ce-id"] == answer.headers["ce-id"]
    assert cluster.job(job)["attempt"] == 1


def test_one_job_more_than_there_is_room_for_comes_again(cluster: Cluster, tmp_path: Path) -> None:
    """It is refused as a broker understands, and stays queued."""
    sheet = Sheet(tmp_path / "sheet", 60)
    first = cluster.submit(sheet.spec())
    thread = threading.Thread(target=deliver, args=(cluster, cluster.told()))
    thread.start()
    wait_until(lambda: sheet.pid)
    second = cluster.submit(patient(0.1, mark="no room"))
    asked = cluster.told()
    refused = deliver(cluster, asked)
    assert refused.status_code == 429
    assert "Retry-After" in refused.headers
    assert cluster.job(second)["state"] == "queued"
    sheet.tell(0)
    thread.join()
    assert cluster.job(first)["state"] == "succeeded"
    assert deliver(cluster, asked).status_code == 200


def test_a_delivery_that_is_cut_off_ends_the_drawing(cluster: Cluster, tmp_path: Path) -> None:
    """The process is gone, the attempt has failed, and the job is queued for the next."""
    sheet = Sheet(tmp_path / "sheet", 60)
    job = cluster.submit(sheet.spec())
    asked = cluster.told()
    with pytest.raises(httpx.ReadTimeout):
        deliver(cluster, asked, timeout=3.0)
    assert sheet.pid is not None
    wait_until(lambda: not alive(sheet.pid or 0), 3)
    wait_until(lambda: cluster.told().id == f"{job['id']}.2.1", 20)
    again = cluster.job(job)
    assert (again["state"], again["attempt"]) == ("queued", 1)
    assert again["problem"]["type"] == "/docs#no-worker"
    sheet.tell(0)
    assert deliver(cluster, cluster.told()).status_code == 200
    assert cluster.job(job)["state"] == "succeeded"
