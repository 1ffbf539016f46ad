import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from containers import Container
from patients import patient
from sandboxes import Sandbox
from servers import wait_until

#: Makes a container of a program.
Make = Callable[..., Container]


@pytest.fixture
def shared(run: Path, tmp_path: Path) -> Path:
    """Make the folder of bytes that the containers of these tests share, as they would a bucket."""
    (run / "shared").mkdir(exist_ok=True)
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    return folder


@pytest.fixture
def make(sandbox: Sandbox, run: Path, shared: Path, settings: dict[str, str]) -> Make:
    """Return what makes containers that share Redis and bytes, and whose broker is elsewhere."""
    bytes_of_all = {"PLOTKILN_ARTIFACTS_URL": "file:///run/shared", "PLOTKILN_JOB_LEASE": "2"}

    def container(*arguments: str, **further: str) -> Container:
        given = {**settings, **bytes_of_all, **further}
        return Container(sandbox, *arguments, run=run, shared=shared, settings=given)

    return container


def test_a_job_is_rendered_by_a_container_of_its_own(make: Make, run: Path) -> None:
    """The event that is mounted names it; the container ends with 0 once it is done."""
    with make() as server:
        job = _submit(server, run, patient(0.2))
        with closing(make("job", "run", K_EVENT_PATH="/run/event")) as runner:
            runner.launch()
            assert runner.wait() == 0, runner.log()
        assert _state(server, job) == "succeeded"


def test_sigterm_gives_a_job_back(make: Make, run: Path) -> None:
    """A pod that is evicted leaves its job to the next one, and ends within seconds."""
    with make() as server:
        job = _submit(server, run, patient(60.0))
        with closing(make("job", "run", K_EVENT_PATH="/run/event")) as runner:
            runner.launch()
            wait_until(lambda: _state(server, job) == "running")
            assert runner.stop(30.0) in {0, 4}
        wait_until(lambda: _state(server, job) == "queued")


def test_a_sweep_ends(make: Make) -> None:
    """It prints what it did, as JSON, on standard output, and ends with 0."""
    with closing(make("sweep", "--jobs")) as sweep:
        sweep.launch()
        assert sweep.wait() == 0, sweep.log()
        assert "jobs" in json.loads(sweep.log("out"))


def _submit(server: Container, run: Path, spec: dict[str, Any]) -> str:
    """Submit a job, and mount the event that asks for it; return its id."""
    headers = {"Content-Type": "application/json"}
    answer = server.ask("POST", "/jobs", json.dumps(spec).encode(), headers=headers)
    assert answer.status == 202, answer.body
    job = str(json.loads(answer.body)["id"])
    (run / "event").mkdir(exist_ok=True)
    asked = {"id": job, "attempt": 1}
    event = {"specversion": "1.0", "id": f"{job}.1.1", "source": "/plotkiln/jobs"}
    event |= {"type": "plotkiln.job.requested", "subject": job}
    told = {**event, "datacontenttype": "application/json", "data": asked}
    (run / "event/event").write_text(json.dumps(told))
    return job


def _state(server: Container, job: str) -> str:
    return str(json.loads(server.ask("GET", f"/jobs/{job}").body)["state"])
