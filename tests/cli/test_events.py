"""`plotkiln events`, as a user runs it: against a server, against a folder, to any sink."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from event_sinks import Answer, EventSink
from kilns import Kiln
from plotkiln.cli.exits import Exit
from plotkiln.events.event import CloudEvent
from plotkiln.events.http_binding import to_binary
from servers import wait_until

EVENT = {"specversion": "1.0", "id": "of-file", "source": "/file", "type": "filed", "hops": 3}

#: A hit whose subject can name no counter: it is given up at once.
DEAD = ("--type", "plotkiln.new_hit", "--subject", "No Name")


def plotkiln(*arguments: str, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `plotkiln events` with these arguments."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "plotkiln", "events", *arguments],
        input=given,
        capture_output=True,
        check=False,
        env={**kept, "LANG": "C.UTF-8", **settings},
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def kiln(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server with a dead letter."""
    with Kiln(tmp_path_factory.mktemp("events")) as running:
        sent = plotkiln("send", *DEAD, PORT=str(running.port))
        assert sent.returncode == Exit.OK, sent.stderr
        with running.client() as client:
            wait_until(lambda: client.get("/events?state=dead").json()["events"])
        yield running


def asked(kiln: Kiln, *arguments: str) -> Any:
    """Return what an act prints as JSON."""
    ended = plotkiln(*arguments, "--json", PORT=str(kiln.port), PLOTKILN_DATA=str(kiln.data))
    assert ended.returncode == Exit.OK, ended.stderr
    return json.loads(ended.stdout)


def test_dead_letters_are_listed_and_shown(kiln: Kiln) -> None:
    """The list says where an event failed and why; `show` adds the event itself."""
    (dead,) = asked(kiln, "dead-letters")["events"]
    assert asked(kiln, "list", "--state", "dead")["events"] == [dead]
    assert asked(kiln, "list", "--limit", "1", "--before", str(dead["number"] + 1))["events"] == [
        dead
    ]
    shown = asked(kiln, "show", str(dead["number"]))
    assert shown["event"]["subject"] == "No Name"
    words = plotkiln("dead-letters", "--url", kiln.url).stdout
    assert (
        "default/new-hits-to-counter, 1 attempt: 422 subject: 'No Name' names no counter" in words
    )
    assert "\x1b" not in words


def test_the_folder_is_read_without_a_server(kiln: Kiln) -> None:
    """`--stored` says the same as the server."""
    assert asked(kiln, "dead-letters", "--stored") == asked(kiln, "dead-letters")
    (dead,) = asked(kiln, "dead-letters", "--stored")["events"]
    number = str(dead["number"])
    assert asked(kiln, "show", number, "--stored") == asked(kiln, "show", number)


def test_an_event_is_replayed(kiln: Kiln) -> None:
    """`replay` delivers once more where it failed, and says how often."""
    (dead,) = asked(kiln, "dead-letters")["events"]
    replayed = asked(kiln, "replay", str(dead["number"]))
    assert replayed == {"number": dead["number"], "deliveries": 1}


def test_what_is_not_there_is_told(kiln: Kiln, tmp_path: Path) -> None:
    """An unknown event is 6, no server 4, an empty folder 6, each with words."""
    unknown = plotkiln("show", "999", PORT=str(kiln.port))
    assert (unknown.returncode, "no event 999" in unknown.stderr) == (Exit.NOT_FOUND, True)
    away = plotkiln("list", "--url", "http://127.0.0.1:1")
    assert (away.returncode, "--stored" in away.stderr) == (Exit.UNAVAILABLE, True)
    empty = plotkiln("list", "--stored", PLOTKILN_DATA=str(tmp_path))
    assert (empty.returncode, "events.sqlite" in empty.stderr) == (Exit.NOT_FOUND, True)
    assert not list(tmp_path.iterdir())


def test_an_event_of_flags(tmp_path: Path) -> None:
    """Flags make an event; what is left out is made up, and a file can be its data."""
    (tmp_path / "data.csv").write_text("a,b\n")
    with EventSink() as sink:
        sent = plotkiln(
            "send",
            *("--to", f"{sink.url}/any", "--type", "t", "--subject", "s", "--extension", "hops=3"),
            *("--data", f"@{tmp_path}/data.csv", "--content-type", "text/csv"),
        )
    assert sent.returncode == Exit.OK, sent.stderr
    ((path, headers, event),) = sink.taken
    assert path == "/any"
    assert headers["ce-type"] == "t"
    assert (event.source, event.subject, event.data) == ("/cli", "s", b"a,b\n")
    assert (event.datacontenttype, event.extensions) == ("text/csv", {"hops": "3"})
    assert event.time
    assert sent.stdout == f"{event.id} 202 Accepted\n"


def test_an_event_of_a_file() -> None:
    """A file is sent as it is, in the mode that is asked for; flags change it."""
    with EventSink() as sink:
        sent = plotkiln(
            *("send", "-", "--to", sink.url, "--mode", "structured", "--subject", "s", "--json"),
            given=json.dumps(EVENT),
        )
    assert json.loads(sent.stdout) == {"id": "of-file", "status": 202, "reply": None, "detail": ""}
    (taken,) = sink.taken
    assert taken.headers["content-type"].startswith("application/cloudevents+json")
    assert taken.event == CloudEvent(
        id="of-file", source="/file", type="filed", subject="s", extensions={"hops": 3}
    )


def test_a_reply_is_printed() -> None:
    """What a sink answers with is shown as an event."""
    json_type = "application/json"
    reply = CloudEvent(
        id="2", source="/sink", type="reply", datacontenttype=json_type, data=b'{"a":1}'
    )
    with EventSink(Answer(200, to_binary(reply))) as sink:
        sent = plotkiln("send", "--to", sink.url, "--type", "t", "--json")
    assert json.loads(sent.stdout)["reply"]["data"] == {"a": 1}


@pytest.mark.parametrize(
    ("status", "code"),
    [(204, Exit.OK), (400, Exit.INPUT), (404, Exit.NOT_FOUND), (503, Exit.UNAVAILABLE)],
)
def test_a_refusal_has_an_exit_code(status: int, code: Exit) -> None:
    """A script can tell what came of it."""
    with EventSink(Answer(status)) as sink:
        assert plotkiln("send", "--to", sink.url, "--type", "t").returncode == code


@pytest.mark.parametrize(
    ("arguments", "given", "words"),
    [
        (("send",), "", "--type"),
        (("send", "--type", "t", "--source", "a b"), "", "source: expected a URI-reference"),
        (("send", "--type", "t", "--extension", "Hops=1"), "", "Hops"),
        (("send", "--type", "t", "--extension", "hops"), "", "NAME=VALUE"),
        (("send", "-"), "{}", "id: is missing"),
        (("send", "--type", "t", "--data", "@/nowhere"), "", "/nowhere"),
    ],
)
def test_what_is_no_event_is_not_sent(arguments: tuple[str, ...], given: str, words: str) -> None:
    """Faults are told before anything is sent."""
    ended = plotkiln(*arguments, "--to", "http://127.0.0.1:1", given=given)
    assert ended.returncode == Exit.INPUT
    assert words in ended.stderr


def test_the_sink_of_the_environment_gets_its_token(tmp_path: Path) -> None:
    """K_SINK is the default, and alone is sent the token."""
    (tmp_path / "token").write_text("secret\n")
    with EventSink() as sink, EventSink() as other:
        settings = {"K_SINK": sink.url, "PLOTKILN_SINK_TOKEN_FILE": str(tmp_path / "token")}
        plotkiln("send", "--type", "t", **settings)
        plotkiln("send", "--type", "t", "--to", other.url, **settings)
    assert sink.taken[0].headers["authorization"] == "Bearer secret"
    assert "authorization" not in other.taken[0].headers
