"""Log lines carry all that is known of the work they are of."""

from pathlib import Path
from typing import Any

import msgspec

from kilns import Kiln

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def lines(kiln: Kiln) -> list[dict[str, Any]]:
    """Return what a kiln has logged."""
    return [msgspec.json.decode(line) for line in kiln.log.read_text().splitlines()]


def test_a_request_is_told_with_all_its_facts(tmp_path: Path) -> None:
    """Ids, who asks, look and rendering, on Knative who writes the line; the last is the end."""
    headers = {"X-Request-Id": "mine", "traceparent": f"00-{TRACE}-{CALLER}-01"}
    event = {"specversion": "1.0", "id": "e-1", "source": "/t", "type": "unknown"}
    settings = {"K_SERVICE": "plot", "K_REVISION": "plot-00007", "PLOTKILN_EPHEMERAL": "allow"}
    with Kiln(tmp_path, command=None, **settings) as kiln:
        with kiln.client() as client:
            picture = client.post("/plot", json={"y": [1, 2]}, headers=headers)
            kind = {"Content-Type": "application/cloudevents+json"}
            client.post("/events", json=event, headers=kind).raise_for_status()
        assert kiln.stop() == 0
    requests = [line for line in lines(kiln) if line["message"] == "request"]
    drawn = next(line for line in requests if line["path"] == "/plot")
    assert picture.headers["etag"] == f'"{drawn["digest"]}"'
    assert picture.headers["plotkiln-style"] == drawn["style"]
    told = ("service", "revision", "request_id", "trace_id", "span_id", "principal", "status")
    known = ["plot", "plot-00007", "mine", TRACE, CALLER, "anonymous", 200]
    assert [drawn[name] for name in told] == known
    handled = next(line for line in requests if line["path"] == "/events")
    assert handled.keys().isdisjoint({"trace_id", "digest"})
    assert [line["message"] for line in lines(kiln)][-2:] == ["account", "stopped"]


def test_one_request_knows_nothing_of_another(tmp_path: Path) -> None:
    """What was known of a request is forgotten with it; a long address is told in part."""
    with Kiln(tmp_path) as kiln:
        with kiln.client() as client:
            client.post("/plot", json={"y": [1, 2]}, headers={"X-Request-Id": "first"})
            client.get("/health/live", headers={"X-Request-Id": "second"})
            client.get(f"/eyJ{'-eyJ' * 15_000}", headers={"X-Request-Id": "long"})
        kiln.stop()
    of = {line.get("request_id"): line for line in lines(kiln)}
    assert of["second"].keys().isdisjoint({"digest", "style", "trace_id"})
    assert of["long"]["path"] == f"/eyJ{'-eyJ' * 63}"
