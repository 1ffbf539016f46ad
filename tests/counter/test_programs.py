import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from event_sinks import EventSink
from hit_counters import hit_counter
from kilns import Kiln
from programs import program
from servers import free_port, wait_until
from visitors import learn

HIT = {"specversion": "1.0", "id": "a", "source": "/hits/", "type": "plotkiln.new_hit"}
STRUCTURED = {"content-type": "application/cloudevents+json"}


def send(running: Kiln, path: str = "/", **attributes: str) -> httpx.Response:
    """Deliver a hit as a Trigger does."""
    event = json.dumps({**HIT, **attributes})
    return httpx.post(f"{running.url}{path}", content=event, headers=STRUCTURED, timeout=20)


def command(data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `plotkiln counter` on a folder."""
    return subprocess.run(
        [sys.executable, "-m", "plotkiln", "counter", *arguments],
        env={"PATH": "/usr/bin:/bin", "PLOTKILN_DATA": str(data), **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def place(request: pytest.FixtureRequest) -> dict[str, str]:
    """Return the setting that names the store: Redis, or nothing for the embedded one."""
    if request.param == "embedded":
        return {}
    return {"PLOTKILN_REDIS_URL": request.getfixturevalue("redis_url")}


both = pytest.mark.parametrize("place", ["embedded", "redis"], indirect=True)


@both
def test_hits_are_counted_over_http(tmp_path: Path, place: dict[str, str]) -> None:
    """A delivery is answered 200 with the total as an event, a redelivery with the same."""
    with program("count", tmp_path, **place) as running:
        first, other, again = send(running), send(running, "/events", id="b"), send(running)
        told = [(answer.status_code, answer.json()) for answer in (first, other, again)]
        metrics = httpx.get(f"{running.url}/metrics").text
    assert told == [
        (200, {"total": 1, "generation": 1}),
        (200, {"total": 2, "generation": 1}),
        (200, {"total": 1, "generation": 1}),
    ]
    assert first.headers["ce-type"] == "plotkiln.hits"
    assert first.headers["ce-id"] == again.headers["ce-id"] != other.headers["ce-id"]
    assert 'plotkiln_hits_total{outcome="duplicate"} 1.0' in metrics


@both
def test_totals_are_shown_and_reset(tmp_path: Path, place: dict[str, str]) -> None:
    """The command line reads what a program counts, closes it, and hits go on from 0."""
    with program("count", tmp_path, **place) as running:
        for number in range(3):
            send(running, id=str(number), subject="a.example")
        closed = command(tmp_path, "reset", "a.example", "--json", **place)
        after = send(running, id="3", subject="a.example").json()
        again = send(running, id="0", subject="a.example").json()
        shown = command(tmp_path, "show", "--json", **place)
        words = command(tmp_path, "show", "a.example", **place)
    assert json.loads(closed.stdout) == {"subject": "a.example", "generation": 1, "total": 3}
    assert (after, again) == ({"total": 1, "generation": 2}, {"total": 1, "generation": 1})
    assert [total["total"] for total in json.loads(shown.stdout)] == [3, 1]
    assert words.stdout.split() == [
        *("a.example", "1", "generation", "2"),
        *("(generation", "1:", "3)"),
    ]


def test_a_reset_is_told_where_there_is_a_broker(tmp_path: Path) -> None:
    """The broker gets the 0 of the next generation; one that is away changes nothing."""
    with EventSink() as sink:
        told = command(tmp_path, "reset", "home", K_SINK=sink.url)
        (taken,) = sink.taken
    assert (taken.event.type, taken.event.subject) == ("plotkiln.hits", "home")
    assert json.loads(taken.event.data or b"") == {"total": 0, "generation": 2}
    assert "its picture follows" in told.stdout
    away = command(tmp_path, "reset", "home", K_SINK=sink.url)
    assert away.returncode == 0
    assert "generation 2 is closed at 0" in away.stdout
    assert sink.url in away.stderr


def test_what_is_no_hit_is_answered_by_its_kind(tmp_path: Path) -> None:
    """Other types are taken without a body; what no retry mends is 4xx, and never counted."""
    old = "2020-01-01T00:00:00Z"
    cases: list[tuple[dict[str, Any], int]] = [
        ({"type": "plotkiln.hits"}, 204),
        ({"subject": "Not A Counter"}, 422),
        ({"time": old}, 422),
        ({"source": ""}, 400),
    ]
    with program("count", tmp_path) as running:
        answers = [send(running, **attributes) for attributes, _ in cases]
        batch = httpx.post(
            running.url,
            content="[]",
            headers={"content-type": "application/cloudevents-batch+json"},
        )
        shown = command(tmp_path, "show")
    assert [answer.status_code for answer in answers] == [status for _, status in cases]
    assert answers[0].content == b""
    assert batch.status_code == 415
    assert shown.stdout == "nothing was counted yet\n"


def test_a_store_that_is_away_is_to_be_tried_again(tmp_path: Path) -> None:
    """Without Redis a hit is 503 with Retry-After, and the program is ready all the same."""
    away = f"redis://127.0.0.1:{free_port()}/0"
    with program("count", tmp_path, PLOTKILN_REDIS_URL=away) as running:
        answer = send(running)
        log = running.log.read_text()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "the counters cannot be reached" in log


def test_a_redis_that_may_forget_is_warned_of(tmp_path: Path, redis_url: str) -> None:
    """A counter on a Redis without a log on disk says at its start what that may cost."""
    with program("count", tmp_path, PLOTKILN_REDIS_URL=redis_url) as running:
        send(running)
        assert running.stop() == 0
    assert "appendonly is off" in running.log.read_text()


def test_page_views_are_counted_and_drawn(tmp_path: Path, redis_url: str) -> None:
    """Three programs and a broker that reads the cluster's YAML bring 30 views to the picture."""
    with hit_counter(tmp_path, redis_url) as line:
        reader = learn(line.draw, ["default"])
        with line.homepage.client() as visitor:
            for _ in range(30):
                assert visitor.get("/hits/").status_code == 200
            wait_until(lambda: line.shown() == (1, 30), 60)
            picture = visitor.get("/artifacts/hits.png").content
        line.settle()
        total = line.total()
        types = Counter(event["type"] for event in line.deliveries("delivered"))
        dead = line.deliveries("dead")
    assert reader.read(picture) == 30
    assert reader.read(line.public.read_bytes()) == 30
    assert total == {"subject": "home", "generation": 1, "total": 30}
    assert types == {"plotkiln.new_hit": 30, "plotkiln.hits": 30}
    assert dead == []


def test_nothing_to_count_is_told(tmp_path: Path) -> None:
    """A name that can be no counter's is refused, with the exit code for what is not there."""
    refused = command(tmp_path, "show", "No Counter")
    assert (refused.returncode, refused.stdout) == (6, "")
    assert "names no counter" in refused.stderr
