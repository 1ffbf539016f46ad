"""Traces over OTLP: one from a request, one through the broker, and none where none is wanted."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from collectors import Collector
from kilns import Kiln
from plotkiln.spec import encode_spec
from servers import free_port, wait_until

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{CALLER}-01"

RULES = {
    "rules": [
        {
            "name": "warm",
            "filters": [{"exact": {"type": "temperature"}}],
            "artifact": "warm.png",
            "number": "data.number",
            "spec": {"y": [1, 2, 3]},
        }
    ]
}

_STAGES = {"build", "draw", "encode"}


def kiln_of(collector: Collector, data: Path, **settings: str) -> Kiln:
    """Return a kiln whose traces go to a collector."""
    return Kiln(data, command=None, **collector.settings, **settings)


def test_a_picture_is_one_trace(tmp_path: Path) -> None:
    """From the caller's span to the worker's stages, in order and in time."""
    with Collector() as collector, kiln_of(collector, tmp_path) as kiln:
        with kiln.client() as client:
            client.post("/plot", json={"y": [1, 2]}, headers={"traceparent": PARENT})
        assert kiln.stop() == 0  # what was not sent is sent by then
        top = collector.named("POST /plot")
    assert (top.trace, top.parent, top.service, top.kind) == (TRACE, CALLER, "plotkiln", 2)
    assert top.attributes["http.response.status_code"] == 200
    assert top.attributes["plotkiln.principal"] == "anonymous"
    assert collector.below(top) >= {
        *("style", "read rendering", "render", "admission", "queue", "fork", "worker"),
        *("write rendering", *_STAGES),
    }
    worker = collector.named("worker")
    assert {one.name for one in collector.spans if one.parent == worker.id} == _STAGES
    stages = [one for one in collector.spans if one.name in _STAGES]
    assert all(top.began <= one.began <= one.ended <= top.ended for one in stages)


def test_regression_no_spec_is_in_a_trace(tmp_path: Path) -> None:
    """An address that holds a spec is told as its route, however short it is."""
    spec = encode_spec(msgspec.json.encode({"y": [1, 2]}))
    with Collector() as collector, kiln_of(collector, tmp_path) as kiln:
        with kiln.client() as client:
            client.get(f"/plot/{spec}.svg").raise_for_status()
        assert kiln.stop() == 0
        top = collector.named("GET /plot/{encoded}.{format}")
    assert top.attributes["url.path"] == "/plot/{encoded}.{format}"


def test_an_event_is_one_trace(tmp_path: Path) -> None:
    """What enters the broker, its delivery, the picture, and what is told of it are one trace."""
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps(RULES))
    with Collector() as collector, kiln_of(collector, tmp_path, PLOTKILN_RULES=str(rules)) as kiln:
        with kiln.client() as client:
            headers = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/t"}
            headers |= {"ce-type": "temperature", "traceparent": PARENT}
            client.post(
                "/broker/default/default", json={"number": 1}, headers=headers
            ).raise_for_status()
            wait_until(lambda: client.get("/artifacts/warm.png").status_code == 200)
        assert kiln.stop() == 0
        top = collector.named("POST /broker/{namespace}/{name}")
    assert top.trace == TRACE
    below = collector.below(top)
    assert {"deliver default/events-to-pictures", "handle temperature", "render"} <= below
    assert below >= {"worker", "write rendering", "sqlite"}


def test_an_attempt_is_linked_to_its_submission(tmp_path: Path) -> None:
    """A job's rendering belongs to the trace in which it was submitted, and links to it."""
    with Collector() as collector, kiln_of(collector, tmp_path) as kiln:
        with kiln.client() as client:
            job = client.post("/jobs", json={"y": [1, 2]}, headers={"traceparent": PARENT}).json()
            wait_until(lambda: client.get(f"/jobs/{job['id']}").json()["state"] == "succeeded")
        assert kiln.stop() == 0
        submission, attempt = collector.named("POST /jobs"), collector.named("job attempt")
    assert attempt.trace == submission.trace == TRACE
    assert attempt.attributes["plotkiln.job"] == job["id"]
    assert attempt.links == (submission.id,)
    assert "worker" in collector.below(attempt)
    lines = map(json.loads, kiln.log.read_text().splitlines())
    begun = next(line for line in lines if line["message"] == "attempt ended")
    assert (begun["trace_id"], begun["job"], begun["principal"]) == (TRACE, job["id"], "anonymous")


def test_metrics_are_pushed_as_a_process_ends(tmp_path: Path) -> None:
    """Whoever ends before the first scrape has told what it counted all the same."""
    with Collector() as collector, kiln_of(collector, tmp_path) as kiln:
        with kiln.client() as client:
            client.post("/plot", json={"y": [1, 2]}).raise_for_status()
        assert kiln.stop() == 0
    (drawn,) = collector.metrics["plotkiln_pictures_total"].sum.data_points
    assert (drawn.as_double, drawn.attributes[0].value.string_value) == (1.0, "drawn")
    (took,) = collector.metrics["plotkiln_render_seconds"].histogram.data_points
    assert (took.count, sum(took.bucket_counts)) == (1, 1)
    assert len(took.bucket_counts) == len(took.explicit_bounds) + 1
    assert not took.HasField("min")
    assert not took.HasField("max")
    assert "plotkiln_start_seconds" in collector.metrics


def test_a_sweep_tells_how_jobs_stand(tmp_path: Path) -> None:
    """Where no pod is awake to be scraped, the clock's process tells what it saw."""
    with Collector() as collector:
        settings = {"PLOTKILN_DATA": str(tmp_path), **collector.settings}
        command = [sys.executable, "-m", "plotkiln", "sweep", "--jobs"]
        subprocess.run(command, env={**os.environ, **settings}, check=True, timeout=60)
    assert "plotkiln_job_oldest_queued_seconds" in collector.metrics


def test_nobody_waits_for_a_dead_collector(tmp_path: Path) -> None:
    """Requests are answered, and the end comes soon, where nobody takes the traces.

    The account comes before the wait, and the log tells it once.
    """
    address = f"http://127.0.0.1:{free_port()}"
    with Kiln(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=address) as kiln:
        with kiln.client() as client:
            client.post("/plot", json={"y": [1, 2]}).raise_for_status()
        began = time.monotonic()
        assert kiln.stop(signal.SIGTERM) == 0
    assert time.monotonic() - began < 30
    lines = [json.loads(line) for line in kiln.log.read_text().splitlines()]
    assert sum(line["logger"].startswith(("opentelemetry", "urllib3")) for line in lines) == 1
    (account,) = (line["time"] for line in lines if line["message"] == "account")
    (stopped,) = (line["time"] for line in lines if line["message"] == "stopped")
    drained = next(line["time"] for line in lines if line["message"] == "draining")
    assert drained <= account <= stopped


def test_nothing_of_it_is_imported_unless_asked_for() -> None:
    """Without an address for traces neither the SDK nor what it sends by is in `sys.modules`."""
    program = (
        "import sys, plotkiln.cli.tracing as t, plotkiln.cli.serve, plotkiln.cli.composition\n"
        "from plotkiln.settings import Settings\n"
        "with t.traces_exported(Settings(), {}): pass\n"
        "print([name for name in sys.modules if name.startswith(('opentelemetry', 'requests'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


@pytest.mark.parametrize(
    ("hidden", "told"), [("opentelemetry", "install plotkiln[otel]"), ("", "http/protobuf, not by")]
)
def test_what_cannot_be_exported_is_refused(hidden: str, told: str, tmp_path: Path) -> None:
    """A missing SDK, or a protocol that it has not, ends the start with code 2 and the mend."""
    program = f"import sys; sys.modules[{hidden!r}] = None\n" if hidden else ""
    program += (
        "from plotkiln.cli.main import main; sys_exit = main(['serve']); raise SystemExit(sys_exit)"
    )
    environment = {
        "PORT": "0",
        "PLOTKILN_DATA": str(tmp_path),
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
        **({} if hidden else {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}),
    }
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert told in done.stderr.decode()
