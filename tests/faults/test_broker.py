"""The embedded broker is killed under load: what it accepted is delivered, and so are replies."""

import random
import signal
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import pytest

from event_sinks import Answer, EventSink
from kilns import Kiln
from load import Report
from plotkiln.events.event import CloudEvent
from plotkiln.events.http_binding import to_binary
from servers import wait_until

pytestmark = pytest.mark.fault

KILLS = 8
CLIENTS = 4

TRIGGERS = """\
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {name: asking}
spec:
  broker: default
  filter: {attributes: {type: asked}}
  subscriber: {ref: {kind: Service, name: sink}}
  delivery: {retry: 20, backoffPolicy: linear, backoffDelay: PT0.1S, timeout: PT5S}
---
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {name: answering}
spec:
  broker: default
  filter: {attributes: {type: answered}}
  subscriber: {ref: {kind: Service, name: sink}}
  delivery: {retry: 20, backoffPolicy: linear, backoffDelay: PT0.1S, timeout: PT5S}
"""


def replied(event: CloudEvent) -> Answer:
    """Answer each question, and refuse a tenth of all for now."""
    if random.random() < 0.1:  # noqa: S311 -- no secret
        return Answer(503)
    if event.type == "answered":
        return Answer(202)
    answer = CloudEvent(id=f"re-{event.id}", source="/sink", type="answered")
    return Answer(200, to_binary(answer))


class Senders:
    """Clients that send events for as long as they are entered, and note which were accepted."""

    def __init__(self, url: str) -> None:
        self._ingress = f"{url}/broker/default/default"
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._accepted: set[str] = set()
        self._threads = [threading.Thread(target=self._run, args=(n,)) for n in range(CLIENTS)]
        #: Events that were sent without an answer: they may have been accepted.
        self.unanswered = 0

    @property
    def accepted(self) -> set[str]:
        """The ids that were answered 202."""
        with self._lock:
            return set(self._accepted)

    def more(self, number: int) -> None:
        """Wait until that many further events were accepted."""
        wanted = len(self.accepted) + number
        wait_until(lambda: len(self.accepted) >= wanted, 60)

    def stop(self) -> None:
        """Wait for what is under way, and send no more."""
        self._done.set()
        for thread in self._threads:
            thread.join(30)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self, client: int) -> None:
        number = 0
        while not self._done.is_set():
            with suppress(httpx.TransportError), httpx.Client(timeout=5) as http:
                while not self._done.is_set():
                    number += 1
                    self._send(http, f"{client}-{number}")

    def _send(self, http: httpx.Client, name: str) -> None:
        message = to_binary(CloudEvent(id=name, source="/load", type="asked"))
        try:
            answer = http.post(self._ingress, headers=message.headers)
        except httpx.ConnectError:
            self._done.wait(0.05)
            raise
        except httpx.TransportError:
            with self._lock:
                self.unanswered += 1
            raise
        assert answer.status_code in {202, 503}, answer.text
        if answer.status_code == 202:
            with self._lock:
                self._accepted.add(name)


def test_accepted_events_survive_the_death_of_the_broker(tmp_path: Path, report: Report) -> None:
    """Whatever was answered 202 is delivered, and its reply too, however often all is killed."""
    (tmp_path / "triggers.yaml").write_text(TRIGGERS)
    chance = random.Random(7)  # noqa: S311 -- no secret
    with EventSink(reply=replied) as sink:
        kiln = Kiln(
            tmp_path / "data",
            PLOTKILN_TRIGGERS=str(tmp_path / "triggers.yaml"),
            PLOTKILN_SUBSCRIBERS=f"sink={sink.url}",
            PLOTKILN_LOG_LEVEL="ERROR",
        )
        with kiln, Senders(kiln.url) as senders:
            for _ in range(KILLS):
                senders.more(chance.randrange(20, 120))
                kiln.stop(signal.SIGKILL)
                kiln.start()
            senders.more(20)
            senders.stop()
            wanted = senders.accepted
            with kiln.client() as client:
                wait_until(lambda: not _page(client, "waiting"), 120)
                dead = _page(client, "dead")
    taken = Counter(one.event.id for one in sink.taken)
    report(
        "the broker, killed",
        {
            "kills": KILLS,
            "accepted": len(wanted),
            "unanswered": senders.unanswered,
            "lost": len(wanted - taken.keys()),
            "replies lost": len({f"re-{name}" for name in wanted} - taken.keys()),
            "delivered more than once": sum(times > 1 for times in taken.values()),
            "deliveries": sum(taken.values()),
        },
    )
    assert not dead
    assert wanted <= taken.keys()
    assert {f"re-{name}" for name in wanted} <= taken.keys()


def _page(client: httpx.Client, state: str) -> list[object]:
    found: list[object] = client.get(f"/events?state={state}&limit=500").json()["events"]
    return found
