"""The JavaScript SDK of CloudEvents reads what we write, and we read what it writes."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from conftest import require
from installed import CHECKOUT
from kilns import Kiln
from plotkiln.events.event import CloudEvent
from plotkiln.events.http_binding import to_binary, to_structured
from servers import wait_until

SOURCES = Path(__file__).parent / "javascript"
INSTALLED = CHECKOUT / ".cache" / "javascript"

TRIGGER = """\
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {name: javascript}
spec:
  broker: default
  filters: [{any: [{exact: {type: asked}}, {exact: {type: told}}]}]
  subscriber: {ref: {kind: Service, name: javascript}}
  delivery: {retry: 0, timeout: PT10S}
"""

MODES = ("binary", "structured")

#: What both sides must agree on: every attribute, extensions, and data of each kind.
EVENTS: list[dict[str, Any]] = [
    {"id": "bare", "source": "/here", "type": "told"},
    {
        "id": "full-1",
        "source": "https://example.org/pages?of=all#top",
        "type": "told",
        "subject": "pages/home.html",
        "time": "2026-03-01T09:30:00.123Z",
        "dataschema": "https://example.org/schemas/hits.json",
        "datacontenttype": "application/json",
        "partitionkey": "home",
        "data": {"total": 1336, "names": ["é", "汉", "😀"], "none": None},
    },
    {
        "id": "text",
        "source": "/here",
        "type": "told",
        "datacontenttype": "text/plain",
        "data": "Grüße, \"quoted\" & 100%",
    },
]  # fmt: skip


@pytest.fixture(scope="session")
def javascript() -> Path:
    """Return the folder of the scripts beside the SDK, which is installed where it is missing."""
    require(shutil.which("node") and shutil.which("npm"), "npm", mend="Node.js 20 or newer")
    INSTALLED.mkdir(parents=True, exist_ok=True)
    lock = (SOURCES / "package-lock.json").read_bytes()
    done = INSTALLED / "installed.json"
    for file in SOURCES.iterdir():
        if file.is_file():
            shutil.copy(file, INSTALLED / file.name)
    if not done.exists() or done.read_bytes() != lock:
        command = ["npm", "ci", "--ignore-scripts", "--no-progress", "--loglevel", "error"]
        subprocess.run(command, check=True, cwd=INSTALLED, timeout=300)
        done.write_bytes(lock)
    return INSTALLED


class Subscriber:
    """A subscriber in JavaScript; it listens while it is entered."""

    def __init__(self, folder: Path, log: Path) -> None:
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                ["node", "subscriber.mjs"], cwd=folder, stdout=output, stderr=subprocess.STDOUT
            )
        wait_until(self._lines)
        self.url = f"http://127.0.0.1:{self._lines()[0]}"

    @property
    def taken(self) -> list[dict[str, Any]]:
        """The events, as the SDK read them."""
        return [json.loads(line) for line in self._lines()[1:]]

    def _lines(self) -> list[str]:
        assert self._process.poll() is None, self._log.read_text()
        return [
            line for line in self._log.read_text().splitlines(keepends=True) if line[-1] == "\n"
        ]

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


@pytest.fixture(scope="module")
def subscriber(javascript: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subscriber]:
    """Start a subscriber."""
    started = Subscriber(javascript, tmp_path_factory.mktemp("subscriber") / "output.txt")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def client(
    subscriber: Subscriber, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """Talk to a server whose broker delivers to that subscriber."""
    folder = tmp_path_factory.mktemp("brokered")
    (folder / "triggers.yaml").write_text(TRIGGER)
    settings = {
        "PLOTKILN_TRIGGERS": str(folder / "triggers.yaml"),
        "PLOTKILN_SUBSCRIBERS": f"javascript={subscriber.url}",
    }
    with Kiln(folder / "data", command=None, **settings) as kiln, kiln.client() as opened:
        yield opened


def emitted(folder: Path, url: str, mode: str, events: list[dict[str, Any]]) -> list[Any]:
    """Send events by the SDK; return the replies."""
    ended = subprocess.run(
        ["node", "emitter.mjs", url, mode],
        input=json.dumps(events).encode(),
        capture_output=True,
        check=False,
        cwd=folder,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    replies: list[Any] = json.loads(ended.stdout)
    return replies


def kept(client: httpx.Client, name: str) -> dict[str, Any]:
    """Return an accepted event in the JSON format, less what brokers add."""
    listed = client.get("/events?limit=100").json()["events"]
    number = next(one["number"] for one in listed if one["id"] == name)
    event: dict[str, Any] = client.get(f"/events/{number}").json()["event"]
    del event["knativearrivaltime"]
    return event


@pytest.mark.parametrize("mode", MODES)
def test_we_read_what_it_writes(javascript: Path, client: httpx.Client, mode: str) -> None:
    """Events of the SDK arrive with every attribute and the data, in both modes."""
    named = [{**event, "id": f"{event['id']}-{mode}"} for event in EVENTS]
    url = str(client.base_url.join("/broker/default/default"))
    assert emitted(javascript, url, mode, named) == [None] * len(named)
    for event in named:
        assert _as_told(kept(client, event["id"]), event) == {**event, "specversion": "1.0"}


@pytest.mark.parametrize("mode", MODES)
def test_it_reads_our_replies(javascript: Path, client: httpx.Client, mode: str) -> None:
    """The reply to a hit is an event to the SDK."""
    hit = {"id": f"hit-{mode}", "source": "/js", "type": "plotkiln.new_hit", "subject": mode}
    (reply,) = emitted(javascript, str(client.base_url.join("/events")), mode, [hit])
    assert (reply["type"], reply["subject"]) == ("plotkiln.hits", mode)
    assert reply["data"] == {"total": 1, "generation": 1}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event["id"])
@pytest.mark.parametrize("mode", MODES)
def test_it_reads_what_we_deliver(
    client: httpx.Client, subscriber: Subscriber, mode: str, event: dict[str, Any]
) -> None:
    """What the broker delivers is an event to the SDK, with every attribute and the data."""
    name = f"{event['id']}-out-{mode}"
    ours = _ours({**event, "id": name})
    message = to_structured(ours) if mode == "structured" else to_binary(ours)
    client.post("/broker/default/default", headers=message.headers, content=message.body)
    wait_until(lambda: _named(subscriber, name))
    found = _named(subscriber, name)[0]
    del found["knativearrivaltime"]
    assert _as_told(found, event) == {**event, "id": name, "specversion": "1.0"}


@pytest.mark.parametrize("mode", MODES)
def test_we_read_its_replies(client: httpx.Client, subscriber: Subscriber, mode: str) -> None:
    """What it replies, in either mode, is routed as an event."""
    asked = CloudEvent(
        id=f"asked-{mode}",
        source="/here",
        type="asked",
        subject=mode,
        datacontenttype="application/json",
        data=b'{"a":1}',
    )
    client.post("/broker/default/default", headers=to_binary(asked).headers, content=asked.data)
    wait_until(lambda: _is_listed(client, f"re-asked-{mode}"))
    reply = kept(client, f"re-asked-{mode}")
    assert (reply["type"], reply["source"]) == ("answered", "/javascript")
    assert reply["data"] == {"asked": {"a": 1}}


def _ours(members: dict[str, Any]) -> CloudEvent:
    data = members.get("data")
    written = data if isinstance(data, str) or data is None else json.dumps(data)
    known = {name: members[name] for name in members if name not in {"data", "partitionkey"}}
    extensions = {"partitionkey": members["partitionkey"]} if "partitionkey" in members else {}
    encoded = None if written is None else written.encode()
    return CloudEvent(**known, extensions=extensions, data=encoded)


def _named(subscriber: Subscriber, name: str) -> list[dict[str, Any]]:
    return [one for one in subscriber.taken if one.get("id") == name]


def _is_listed(client: httpx.Client, name: str) -> bool:
    return any(one["id"] == name for one in client.get("/events?limit=100").json()["events"])


def _as_told(found: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    """Return an event less what the SDK makes up: a time, and a media type."""
    made_up = {"time", "datacontenttype"} - event.keys()
    return {name: value for name, value in found.items() if name not in made_up}
