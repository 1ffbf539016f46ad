"""Events on their way through one server: in, to whoever handles them, and out again."""

import json
import re
from base64 import b64decode
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from event_sinks import Answer, EventSink
from kilns import Kiln
from plotkiln.events.event import CloudEvent
from plotkiln.events.http_binding import Message, from_http, to_binary
from servers import wait_until

NUMBERS = count(1)

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

RULES = {
    "rules": [
        {
            "name": "loads",
            "filters": [{"exact": {"type": "load"}}],
            "artifact": "load-{subject}.png",
            "number": "data.number",
            "spec": {"y": {"$from": "data.y"}, "size": {"width": 240, "height": 160}},
        },
        {
            "name": "styled",
            "filters": [{"exact": {"type": "styled"}}],
            "artifact": "styled.png",
            "number": "data.number",
            "spec": {"y": [1, 2], "style": "nowhere"},
        },
    ]
}

TRIGGER = """\
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {name: far}
spec:
  broker: default
  filters: [{prefix: {type: far}}]
  subscriber: {ref: {apiVersion: v1, kind: Service, name: far-away}}
  delivery: {retry: 1, backoffPolicy: linear, backoffDelay: PT0.05S, timeout: PT5S}
---
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {name: load}
spec:
  broker: default
  filters: [{exact: {type: load}}]
  subscriber: {ref: {apiVersion: v1, kind: Service, name: render}}
"""


def event(type_: str, *, data: object = None, **attributes: Any) -> CloudEvent:
    """Return an event of its own."""
    written = None if data is None else json.dumps(data).encode()
    own = {"id": f"own-{next(NUMBERS)}", "source": "/test", **attributes}
    return CloudEvent(type=type_, data=written, datacontenttype="application/json", **own)


def post(client: httpx.Client, one: CloudEvent, path: str = "/events") -> httpx.Response:
    """Send an event in binary mode."""
    message = to_binary(one)
    return client.post(path, headers=message.headers, content=message.body)


def counted(client: httpx.Client, name: str, label: str) -> int:
    """Return a counter of the metrics."""
    found = re.search(
        rf'^plotkiln_{name}_total{{\w+="{label}"}} (\S+)', metrics(client), re.MULTILINE
    )
    return round(float(found[1])) if found else 0


def metrics(client: httpx.Client) -> str:
    """Return all metrics."""
    return client.get("/metrics").text


def until(probe: Callable[[], bool]) -> None:
    """Wait for what is done behind an answer."""
    wait_until(probe, 60)


def test_an_event_redraws_a_picture(client: httpx.Client) -> None:
    """An event that a rule wants is answered when its picture is drawn, with no body."""
    total = event("plotkiln.hits", subject="drawn", data={"total": 41, "generation": 1})
    answer = post(client, total)
    assert (answer.status_code, answer.content) == (204, b"")
    picture = client.get("/artifacts/hits-drawn.png")
    assert picture.status_code == 200
    assert picture.headers["plotkiln-number"] == "41"


def test_an_event_that_came_before_does_nothing(client: httpx.Client) -> None:
    """A second delivery is answered as the first was, without a render."""
    total = event("plotkiln.hits", subject="twice", data={"total": 7, "generation": 1})
    post(client, total)
    drawn, repeated = (
        counted(client, "pictures", "drawn"),
        counted(client, "events_received", "repeated"),
    )
    assert post(client, total).status_code == 204
    assert counted(client, "pictures", "drawn") == drawn
    assert counted(client, "events_received", "repeated") == repeated + 1


def test_a_reply_is_an_event(client: httpx.Client) -> None:
    """A hit is answered with its total as an event in binary mode, twice the same."""
    hit = event("plotkiln.new_hit", subject="replied", extensions={"traceparent": TRACE})
    first, second = post(client, hit), post(client, hit)
    assert (first.status_code, second.status_code) == (200, 200)
    reply = from_http(first.headers.multi_items(), first.content)
    assert reply == from_http(second.headers.multi_items(), second.content)
    assert (reply.type, reply.subject) == ("plotkiln.hits", "replied")
    assert json.loads(reply.data or b"") == {"total": 1, "generation": 1}
    assert reply.extensions["traceparent"] == TRACE


def test_an_event_that_nobody_wants_is_taken(client: httpx.Client) -> None:
    """What no rule matches is no error: Triggers may be wider than rules."""
    assert post(client, event("nobody.wants")).status_code == 204


@pytest.mark.parametrize(
    ("type_", "attributes"),
    [
        ("plotkiln.hits", {"subject": "x", "data": {"total": "many", "generation": 1}}),
        ("plotkiln.hits", {"subject": "x", "data": {"total": -1, "generation": 1}}),
        ("plotkiln.hits", {"subject": "x"}),
        ("plotkiln.new_hit", {"subject": "no such/../subject"}),
        ("plotkiln.new_hit", {"subject": "x", "time": "2001-01-01T00:00:00Z"}),
    ],
)
def test_what_no_retry_mends_is_422(
    client: httpx.Client, type_: str, attributes: dict[str, Any]
) -> None:
    """An event that can never be handled is refused for good, so that it becomes a dead letter."""
    answer = post(client, event(type_, **attributes))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_rules_draw_what_the_broker_is_sent(tmp_path: Path) -> None:
    """Without declared Triggers, what a rule of the file wants goes from the broker to it."""
    (tmp_path / "rules.json").write_text(json.dumps(RULES))
    rules = {"PLOTKILN_RULES": str(tmp_path / "rules.json")}
    with Kiln(tmp_path / "data", command=None, **rules) as kiln, kiln.client() as client:
        post(client, event("load", subject="cpu", data={"number": 3, "y": [1, 2]}), INGRESS)
        post(client, event("other", subject="cpu"), INGRESS)
        until(lambda: shown(client, "load-cpu.png") == 3)
        told = {one["type"]: one["deliveries"] for one in events(client)}
    assert [one["trigger"] for one in told["load"]] == ["default/events-to-pictures"]
    assert told["other"] == []


def test_an_unknown_style_is_for_good(tmp_path: Path) -> None:
    """A rule whose style is missing is 422, not 404, which Knative would try again."""
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps(RULES))
    with Kiln(tmp_path / "data", PLOTKILN_RULES=str(rules)) as kiln, kiln.client() as client:
        answer = post(client, event("styled", data={"number": 1}))
        assert answer.status_code == 422
        assert "nowhere" in answer.json()["detail"]


def test_a_store_that_is_away_is_tried_again(tmp_path: Path) -> None:
    """Without Redis an event is 503 with Retry-After, and no 4xx: it may succeed later."""
    with Kiln(tmp_path, PLOTKILN_REDIS_URL="redis://127.0.0.1:1") as kiln, kiln.client() as client:
        for one in (
            event("plotkiln.new_hit", subject="home"),
            event("plotkiln.hits", subject="home", data={"total": 1, "generation": 1}),
        ):
            answer = post(client, one)
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) >= 1


def test_a_hit_goes_all_the_way(client: httpx.Client) -> None:
    """A hit sent to the broker is counted, and its picture drawn; all of it is told."""
    for _ in range(3):
        assert post(client, event("plotkiln.new_hit", subject="way"), INGRESS).status_code == 202
    until(lambda: client.get("/counters/way").json()["total"] == 3)
    until(lambda: shown(client, "hits-way.png") == 3)
    told = client.get("/events?limit=100").json()["events"]
    totals = [one for one in told if (one["type"], one["subject"]) == ("plotkiln.hits", "way")]
    hits = {one["number"] for one in told if one["type"] == "plotkiln.new_hit"}
    assert {one["cause"] for one in totals} <= hits
    assert {one["deliveries"][0]["state"] for one in totals} == {"delivered"}
    until(lambda: any(one["type"] == "plotkiln.artifact.updated" for one in events(client)))


def test_a_changed_style_is_published(client: httpx.Client) -> None:
    """A style that is written is an event in the broker, with name, version and digest."""
    headers = {"If-None-Match": "*"}
    version = client.put("/styles/announced", json={"title": {"color": "red"}}, headers=headers)
    until(lambda: any(one["subject"] == "announced" for one in events(client)))
    (found,) = [one for one in events(client) if one["subject"] == "announced"]
    assert found["type"] == "plotkiln.style.changed"
    told = client.get(f"/events/{found['number']}").json()["event"]["data"]
    assert f'"{told["version"]}"' == version.headers["etag"]
    assert (told["name"], told["state"], len(told["digest"])) == ("announced", "fresh", 64)


def test_a_dead_letter_is_replayed(tmp_path: Path) -> None:
    """What a subscriber gave up is listed with its reason, and goes once more when told to."""
    (tmp_path / "triggers.yaml").write_text(TRIGGER)
    answers = (Answer(503), Answer(400), Answer(202))
    with EventSink(*answers) as sink:
        subscribers = f"far-away={sink.url}/take"
        with (
            Kiln(
                tmp_path / "data",
                PLOTKILN_TRIGGERS=str(tmp_path / "triggers.yaml"),
                PLOTKILN_SUBSCRIBERS=subscribers,
            ) as kiln,
            kiln.client() as client,
        ):
            post(client, event("far.one", id="dead"), INGRESS)
            until(lambda: bool(client.get("/events?state=dead").json()["events"]))
            (dead,) = client.get("/events?state=dead").json()["events"]
            (delivery,) = dead["deliveries"]
            told = (delivery["trigger"], delivery["attempts"], delivery["status"])
            assert told == ("default/far", 2, 400)
            replayed = client.post(f"/events/{dead['number']}/replay")
            assert (replayed.status_code, replayed.json()["deliveries"]) == (202, 1)
            until(lambda: len(sink.taken) == 3)
            until(lambda: not client.get("/events?state=dead").json()["events"])
    assert [one.event.id for one in sink.taken] == ["dead"] * 3
    assert sink.taken[0].path == "/take"
    assert sink.taken[0].headers["prefer"] == "reply"


def test_a_dead_letter_says_what_was_answered(tmp_path: Path) -> None:
    """The place of dead letters gets the first KiB of the answer's body, in base64."""
    refusal = Answer(400, Message([("content-type", "text/plain")], b"no " * 500))
    with EventSink(refusal) as sink, EventSink() as grave:
        letters = f"deadLetterSink: {{uri: {grave.url}}}"
        triggers = TRIGGER.replace("timeout: PT5S", f"timeout: PT5S, {letters}")
        (tmp_path / "triggers.yaml").write_text(triggers)
        kiln = Kiln(
            tmp_path / "data",
            PLOTKILN_TRIGGERS=str(tmp_path / "triggers.yaml"),
            PLOTKILN_SUBSCRIBERS=f"far-away={sink.url}",
        )
        with kiln, kiln.client() as client:
            post(client, event("far.one"), INGRESS)
            until(lambda: bool(grave.taken))
            (dead,) = client.get("/events?state=dead").json()["events"]
    told = grave.taken[0].event.extensions
    assert (told["knativeerrordest"], told["knativeerrorcode"]) == ("far-away", "400")
    assert b64decode(str(told["knativeerrordata"])) == (b"no " * 500)[:1024]
    assert dead["deliveries"][0]["detail"].startswith("no no ")


def test_an_event_without_hops_is_refused(client: httpx.Client) -> None:
    """The ingress answers 400, as Knative's does, and keeps nothing."""
    spent = event("far.spent", subject="spent", extensions={"knativebrokerttl": "0"})
    answer = post(client, spent, INGRESS)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "knativebrokerttl")
    assert not [one for one in events(client) if one["subject"] == "spent"]


def test_a_reply_from_elsewhere_is_routed(tmp_path: Path) -> None:
    """What a subscriber at an address replies is an event again, here one that draws."""

    def reply(taken: CloudEvent) -> Answer:
        y = {"number": 1, "y": [1, 5, 2]}
        told = event("load", id=f"{taken.id}-reply", subject="cpu", data=y)
        return Answer(200, to_binary(told))

    (tmp_path / "triggers.yaml").write_text(TRIGGER)
    (tmp_path / "rules.json").write_text(json.dumps(RULES))
    with EventSink(reply=reply) as sink:
        kiln = Kiln(
            tmp_path / "data",
            PLOTKILN_TRIGGERS=str(tmp_path),
            PLOTKILN_SUBSCRIBERS=f"far-away={sink.url}",
            PLOTKILN_RULES=str(tmp_path / "rules.json"),
        )
        with kiln, kiln.client() as client:
            post(client, event("far.asked"), INGRESS)
            until(lambda: shown(client, "load-cpu.png") == 1)


def test_events_of_ours_go_to_the_sink(tmp_path: Path) -> None:
    """With K_SINK a hit on a page, and what changes, is sent there with the overrides."""
    overrides = '{"extensions": {"cluster": "east"}}'
    with (
        EventSink() as sink,
        Kiln(tmp_path, K_SINK=f"{sink.url}/ns/default", K_CE_OVERRIDES=overrides) as kiln,
        kiln.client() as client,
    ):
        client.get("/hits/")
        until(lambda: counted(client, "events_published", "sent") == 1)
    (hit,) = sink.taken
    assert (hit.path, hit.event.type) == ("/ns/default", "plotkiln.new_hit")
    assert hit.event.extensions == {"cluster": "east"}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"PLOTKILN_TRIGGERS": "triggers.yaml"}, ["far-away", "PLOTKILN_SUBSCRIBERS"]),
        ({"PLOTKILN_TRIGGERS": "nowhere"}, ["nowhere", "cannot be read"]),
        ({"PLOTKILN_RULES": "nowhere.json"}, ["PLOTKILN_RULES", "nowhere.json"]),
    ],
)
def test_what_cannot_be_resolved_is_an_error_at_start(
    tmp_path: Path, settings: dict[str, str], words: list[str]
) -> None:
    """A Trigger or a rule that leads nowhere ends the start with words."""
    (tmp_path / "triggers.yaml").write_text(TRIGGER)
    given = {name: str(tmp_path / value) for name, value in settings.items()}
    kiln = Kiln(tmp_path / "data", command=None, **given)
    with pytest.raises(RuntimeError) as ended:
        kiln.start()
    assert all(word in str(ended.value) for word in words)
    assert "Traceback" not in str(ended.value)


INGRESS = "/broker/default/default"


def events(client: httpx.Client) -> list[dict[str, Any]]:
    """Return the newest events."""
    found: list[dict[str, Any]] = client.get("/events?limit=200").json()["events"]
    return found


def shown(client: httpx.Client, name: str) -> int:
    """Return the number that a picture shows, 0 where there is none."""
    return int(client.get(f"/artifacts/{name}").headers.get("plotkiln-number", 0))
