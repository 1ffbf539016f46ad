"""A server whose broker is elsewhere and renders nothing by itself, and commands beside it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from event_sinks import EventSink
from kilns import Kiln
from patients import PATIENT
from plotkiln.events.event import CloudEvent
from servers import wait_until
from templated import write_files

__all__ = ["Cluster"]


class Cluster:
    """A server, what its broker was told, and the commands that a cluster runs."""

    def __init__(self, folder: Path, sink: EventSink, **settings: str) -> None:
        templates = write_files(folder / "templates", {"patient.py": PATIENT})
        self.sink = sink
        self.folder = folder
        self.settings = {
            "PLOTKILN_TEMPLATES": str(templates),
            "PLOTKILN_JOB_LEASE": "1",
            "K_SINK": sink.url,
            **settings,
        }
        self.server = Kiln(folder / "data", command=None, **self.settings)

    def submit(self, spec: dict[str, Any]) -> dict[str, Any]:
        """Submit a job, and wait until the broker was told of it."""
        with self.server.client() as client:
            answer = client.post("/jobs", json=spec)
        assert answer.status_code == 202, answer.text
        job: dict[str, Any] = answer.json()
        wait_until(lambda: any(one.event.subject == job["id"] for one in self.sink.taken))
        return job

    def job(self, submitted: dict[str, Any]) -> dict[str, Any]:
        """Return a job as it is now."""
        with self.server.client() as client:
            found: dict[str, Any] = client.get(f"/jobs/{submitted['id']}").json()
        return found

    def told(self, number: int = -1) -> CloudEvent:
        """Return an event that the broker was sent, the last if not another."""
        return self.sink.taken[number].event

    def file(self) -> Path:
        """Write the last event as a JobSink mounts it; return the folder."""
        event = self.told()
        written = {
            "specversion": "1.0",
            "id": event.id,
            "source": event.source,
            "type": event.type,
            "subject": event.subject,
            "datacontenttype": "application/json",
            "data": json.loads(event.data or b"null"),
        }
        folder = self.folder / f"event-{event.id}"
        folder.mkdir(exist_ok=True)
        (folder / "event").write_text(json.dumps(written))
        return folder

    def begin(self, *words: str, **settings: str) -> "subprocess.Popen[str]":
        """Begin a command."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        given = {"PLOTKILN_DATA": str(self.server.data), **self.settings, **settings}
        return subprocess.Popen(
            [sys.executable, "-m", "plotkiln", *words],
            env={**kept, **given},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, **settings: str) -> tuple[int, str]:
        """Run a command; return its exit code and what it printed, or else said."""
        process = self.begin(*words, **settings)
        printed, said = process.communicate(timeout=60)
        return process.returncode, printed or said
