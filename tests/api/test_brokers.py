from pathlib import Path

import httpx
import pytest

from kilns import Kiln
from servers import wait_until

BINARY = {"ce-specversion": "1.0", "ce-id": "b-1", "ce-source": "/test", "ce-type": "test.broker"}
STRUCTURED = {"content-type": "application/cloudevents+json"}
INGRESS = "/broker/default/default"


def event(**members: object) -> dict[str, object]:
    """Return an event in the JSON format."""
    return {
        "specversion": "1.0",
        "id": "s-1",
        "source": "/test",
        "type": "test.broker",
        **members,
    }


def listed(client: httpx.Client, **wanted: str) -> list[dict[str, object]]:
    """Return the accepted events that have these attributes."""
    page = client.get("/events", params={"limit": 500}).json()["events"]
    return [one for one in page if wanted.items() <= one.items()]


def test_an_event_is_taken_in_either_mode(client: httpx.Client) -> None:
    """Both modes are 202 without a body, and are kept with their attributes and data."""
    binary = client.post(
        INGRESS, headers={**BINARY, "content-type": "text/plain", "ce-hops": "3"}, content=b"hello"
    )
    structured = client.post(
        INGRESS, headers=STRUCTURED, json=event(data={"total": 3}, subject="home")
    )
    assert [(one.status_code, one.content) for one in (binary, structured)] == [(202, b"")] * 2
    (first,) = listed(client, id="b-1", source="/test")
    (second,) = listed(client, id="s-1", source="/test")
    shown = client.get(f"/events/{first['number']}").json()["event"]
    assert (shown["data"], shown["datacontenttype"], shown["hops"]) == ("hello", "text/plain", "3")
    assert client.get(f"/events/{second['number']}").json()["event"]["data"] == {"total": 3}
    assert second["deliveries"] == []


@pytest.mark.parametrize(
    ("headers", "content", "status", "places"),
    [
        ({**BINARY, "ce-id": ""}, b"", 400, ["ce-id"]),
        ({"ce-id": "1"}, b"", 400, ["ce-source", "ce-type", "ce-specversion"]),
        ({**BINARY, "ce-datacontenttype": "a/b"}, b"", 400, ["ce-datacontenttype"]),
        ({**BINARY, "ce-time": "noon"}, b"", 400, ["time"]),
        ({"content-type": "application/json"}, b"{}", 400, None),
        (STRUCTURED, b"{", 400, None),
        (STRUCTURED, b'{"id":"1"}', 400, ["source", "type", "specversion"]),
        ({"content-type": "application/cloudevents-batch+json"}, b"[]", 415, []),
        ({"content-type": "application/cloudevents+avro"}, b"x", 415, []),
    ],
)
def test_what_is_no_event_is_refused(
    client: httpx.Client,
    headers: dict[str, str],
    content: bytes,
    status: int,
    places: list[str] | None,
) -> None:
    """A refusal is problem details with every fault; nothing is filled in."""
    for path in (INGRESS, "/events"):
        answer = client.post(path, headers=headers, content=content)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        if places is not None:
            found = [fault["path"] for fault in answer.json().get("errors", [])]
            if headers.get("ce-id") != "":
                assert found == places


def test_large_events_are_taken_within_a_bound(client: httpx.Client) -> None:
    """64 KiB pass, as the specification asks; beyond the bound the answer is 413."""
    headers = {**BINARY, "ce-id": "large", "content-type": "application/octet-stream"}
    assert client.post(INGRESS, headers=headers, content=b"x" * (64 << 10)).status_code == 202
    assert client.post(INGRESS, headers=headers, content=b"x" * (1 << 20)).status_code == 202
    for path in (INGRESS, "/events"):
        refused = client.post(path, headers=headers, content=b"x" * ((1 << 20) + 1))
        assert (refused.status_code, refused.json()["type"]) == (413, "/docs#too-large")


def test_an_unknown_broker_is_told(client: httpx.Client) -> None:
    """Only brokers that are declared, and default/default, take events."""
    answer = client.post("/broker/pages/default", headers=BINARY)
    assert answer.status_code == 404
    assert "no broker pages/default" in answer.json()["detail"]


def test_other_methods_are_refused(client: httpx.Client) -> None:
    """The ingress takes POST, and OPTIONS for those who ask beforehand."""
    answer = client.get(INGRESS)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"POST", "OPTIONS"}


@pytest.mark.parametrize("path", [INGRESS, "/events"])
def test_a_sender_may_ask_beforehand(client: httpx.Client, path: str) -> None:
    """The handshake of HTTP web hooks allows whoever asks, and says so."""
    asked = {"WebHook-Request-Origin": "sender.example", "WebHook-Request-Rate": "100"}
    answer = client.options(path, headers=asked)
    assert answer.status_code == 200
    assert answer.headers["webhook-allowed-origin"] == "sender.example"
    assert answer.headers["webhook-allowed-rate"] == "*"
    assert "webhook-allowed-origin" not in client.options(path).headers


def test_a_trace_in_http_headers_is_kept(client: httpx.Client) -> None:
    """An event without a trace of its own gets that of the request which carries it."""
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    client.post(INGRESS, headers={**BINARY, "ce-id": "traced", "traceparent": parent})
    (found,) = listed(client, id="traced")
    assert client.get(f"/events/{found['number']}").json()["event"]["traceparent"] == parent


def test_pages_of_events(client: httpx.Client) -> None:
    """Events are listed newest first; `before` of one page leads to the next."""
    for number in range(5):
        client.post(INGRESS, headers={**BINARY, "ce-id": f"page-{number}"})
    first = client.get("/events?limit=2").json()
    second = client.get("/events", params={"limit": 2, "before": first["before"]}).json()
    assert [one["id"] for one in (*first["events"], *second["events"])] == [
        "page-4", "page-3", "page-2", "page-1",
    ]  # fmt: skip
    assert first["before"] == first["events"][-1]["number"]


@pytest.mark.parametrize("query", ["state=lost", "limit=0", "limit=501", "before=0", "before=x"])
def test_a_wrong_query_is_told(client: httpx.Client, query: str) -> None:
    """What cannot be asked is 400."""
    assert client.get(f"/events?{query}").status_code == 400


@pytest.mark.parametrize("number", ["0", "999999", "x", "9" * 30])
def test_an_unknown_event_is_told(client: httpx.Client, number: str) -> None:
    """What is no event, or not kept, is 404."""
    assert client.get(f"/events/{number}").status_code == 404
    assert client.post(f"/events/{number}/replay").status_code == 404


def test_a_cluster_has_its_own_broker(tmp_path: Path) -> None:
    """With K_SINK no embedded broker runs, and the answer says so in words."""
    with Kiln(tmp_path, K_SINK="http://127.0.0.1:1/") as kiln, kiln.client() as client:
        for answer in (
            client.post(INGRESS, headers=BINARY),
            client.get("/events"),
            client.get("/events/1"),
            client.post("/events/1/replay"),
        ):
            assert answer.status_code == 404
            assert "No embedded broker runs" in answer.json()["detail"]
        assert client.post("/events", headers=BINARY).status_code == 204
    assert not (tmp_path / "events.sqlite").exists()


def test_a_broker_that_cannot_be_opened_is_tried_again(tmp_path: Path) -> None:
    """While its file cannot be opened events are 503, and all else works; then it opens."""
    blocked = tmp_path / "events.sqlite"
    blocked.mkdir(parents=True)
    with Kiln(tmp_path) as kiln, kiln.client() as client:
        refused = client.post(INGRESS, headers=BINARY)
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) >= 1
        assert client.post("/plot", json={"y": [1, 2]}).status_code == 200
        blocked.rmdir()
        wait_until(lambda: client.post(INGRESS, headers=BINARY).status_code == 202, 30)
