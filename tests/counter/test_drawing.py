"""The program that draws: a subscriber of another broker's, and no broker of its own."""

import json
from pathlib import Path

import httpx

from event_sinks import EventSink
from kilns import Kiln
from programs import program
from servers import wait_until

HITS = {
    "specversion": "1.0",
    "id": "a-total",
    "source": "/counters",
    "type": "plotkiln.hits",
    "subject": "home",
    "data": {"total": 7, "generation": 1},
}


def deliver(running: Kiln, path: str = "/") -> int:
    """Send a total; return the status of the answer."""
    headers = {"content-type": "application/cloudevents+json"}
    answer = httpx.post(f"{running.url}{path}", content=json.dumps(HITS), headers=headers)
    return answer.status_code


def test_drawing_runs_no_broker(tmp_path: Path) -> None:
    """What is delivered is drawn, and nobody's events are taken, though there is no K_SINK."""
    with program("draw", tmp_path) as running:
        assert deliver(running) == 204
        assert httpx.get(f"{running.url}/artifacts/hits.png").headers["plotkiln-number"] == "7"
        assert deliver(running, "/broker/default/default") == 404
        assert httpx.get(f"{running.url}/events").status_code == 404
    assert not (tmp_path / "events.sqlite").exists()


def test_drawing_tells_the_sink(tmp_path: Path) -> None:
    """A picture that was replaced is said to K_SINK, without hops of its own."""
    with EventSink() as sink, program("draw", tmp_path, K_SINK=sink.url) as running:
        assert deliver(running) == 204
        wait_until(lambda: sink.taken)
    told = sink.taken[0].event
    assert (told.type, told.subject) == ("plotkiln.artifact.updated", "hits.png")
    assert "knativebrokerttl" not in told.extensions
