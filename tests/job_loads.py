"""Many jobs on servers that are killed: submitted until accepted, and looked at when all ended."""

import random
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import msgspec

from kilns import Kiln
from patients import patient
from servers import wait_until

__all__ = [
    "Attempts",
    "JobLoad",
    "Outcome",
    "finishes",
    "killed_at_random",
    "killed_at_work",
    "spec_of",
]

#: Submitters at once.
_SUBMITTERS = 6
#: Seconds until a submission must be accepted, and until all must have ended.
_ACCEPTED_WITHIN, _ENDED_WITHIN = 120.0, 600.0
#: Seconds that a kill waits at most for its victim to be at work.
_AT_WORK_WITHIN = 5.0


def spec_of(number: int) -> dict[str, Any]:
    """Return one of many drawings; each fifth takes long enough to be hit."""
    if number % 5 == 0:
        return patient(1.0, mark=f"job {number}")
    values = [(number * step) % 17 for step in range(1, 9)]
    size = {"width": 240, "height": 160}
    return {"x": [*range(8)], "y": values, "title": f"job {number}", "size": size}


class Outcome(msgspec.Struct, frozen=True):
    """How one job ended, and what it yielded."""

    id: str
    state: str
    attempt: int
    #: None where there is none.
    data: bytes | None


class JobLoad:
    """Submits so many jobs to servers that may be dead just then, each until it is accepted."""

    def __init__(self, kilns: Sequence[Kiln], count: int) -> None:
        self._kilns = kilns
        self._count = count
        self._chance = random.Random(11)  # noqa: S311 -- no secret
        self._lock = threading.Lock()
        self._waiting = iter(range(count))
        #: The job of each number.
        self.accepted: dict[int, str] = {}
        #: Submissions that were answered with an error, or not at all.
        self.refused = 0
        #: Share of the jobs that may be submitted by now.
        self.allowed: Callable[[], float] = lambda: 1.0

    def submit(self) -> None:
        """Submit all."""
        with ThreadPoolExecutor(_SUBMITTERS) as pool:
            for done in [pool.submit(self._run) for _ in range(_SUBMITTERS)]:
                done.result()

    def wait(self) -> None:
        """Wait until all have ended."""
        wait_until(self._all_ended, _ENDED_WITHIN, every=0.25)

    def outcomes(self) -> dict[int, Outcome]:
        """Return what became of each."""
        with self._client() as client:
            return {number: _outcome(client, id_) for number, id_ in self.accepted.items()}

    def known(self) -> int:
        """Return how many jobs the servers know of."""
        with self._client() as client:
            return sum(1 for _ in _listed(client, "queued,running,succeeded,failed,expired"))

    def _run(self) -> None:
        while (number := self._next()) is not None:
            while number / self._count > self.allowed():
                time.sleep(0.02)
            id_ = self._accepted(number)
            with self._lock:
                self.accepted[number] = id_

    def _next(self) -> int | None:
        with self._lock:
            return next(self._waiting, None)

    def _accepted(self, number: int) -> str:
        end = time.monotonic() + _ACCEPTED_WITHIN
        while time.monotonic() < end:
            with suppress(httpx.TransportError), self._client() as client:
                key = {"Idempotency-Key": f"load-{number}"}
                answer = client.post("/jobs", json=spec_of(number), headers=key)
                if answer.status_code == 202:
                    return str(answer.json()["id"])
                assert answer.status_code in {429, 503}, answer.text
            with self._lock:
                self.refused += 1
            time.sleep(0.1)
        raise TimeoutError(f"the job {number} was never accepted")

    def _all_ended(self) -> bool:
        with suppress(httpx.TransportError, httpx.HTTPStatusError), self._client() as client:
            return next(_listed(client, "queued,running"), None) is None
        return False

    def _client(self) -> httpx.Client:
        return self._chance.choice(self._kilns).client(timeout=20)


def _listed(client: httpx.Client, states: str) -> Iterator[dict[str, Any]]:
    before: dict[str, str] = {}
    while True:
        answer = client.get("/jobs", params={"state": states, "limit": 100, **before})
        page = answer.raise_for_status().json()
        yield from page["jobs"]
        if "before" not in page:
            return
        before = {"before": page["before"]}


def _outcome(client: httpx.Client, id_: str) -> Outcome:
    job = client.get(f"/jobs/{id_}").raise_for_status().json()
    result = client.get(f"/jobs/{id_}/result")
    data = result.content if result.status_code == 200 else None
    if data is not None:
        assert result.headers["etag"].strip('"') == job["result"]["digest"]
    return Outcome(id_, job["state"], job["attempt"], data)


@contextmanager
def killed_at_random(
    load: JobLoad, victims: Sequence[Callable[[], None]], times: int
) -> Iterator[Counter[int]]:
    """Kill any of the victims so many times while inside; each call ends and restarts one.

    Each of them is killed before any is once more. Jobs are submitted hardly faster than kills
    come, so that each kill finds some under way.
    """
    chance = random.Random(13)  # noqa: S311 -- no secret
    kills: Counter[int] = Counter()
    load.allowed = lambda: (sum(kills.values()) + 2) / times

    def kill() -> None:
        turns: list[int] = []
        for _ in range(times):
            time.sleep(chance.uniform(0.2, 1.2))
            turns = turns or chance.sample(range(len(victims)), len(victims))
            victim = turns.pop()
            victims[victim]()
            kills[victim] += 1

    killing = ThreadPoolExecutor(1).submit(kill)
    try:
        yield kills
    finally:
        killing.result()
        load.allowed = lambda: 1.0


def killed_at_work(victim: Kiln) -> None:
    """Kill a server and all its processes in the midst of an attempt, and start it again.

    One that gets nothing to do for a while is killed at rest.
    """
    with suppress(TimeoutError):
        wait_until(lambda: _under_way(victim), _AT_WORK_WITHIN, every=0.005)
    victim.stop(signal.SIGKILL)
    victim.start()


def _under_way(kiln: Kiln) -> set[tuple[str, int]]:
    """Return the attempts that a server is at, by what it logged since it was started last."""
    attempts: set[tuple[str, int]] = set()
    for record in _logged(kiln):
        match record.get("message"):
            case "listening":
                attempts.clear()
            case "job begun":
                attempts.add((record["job"], record["attempt"]))
            case "attempt ended":
                attempts.discard((record["job"], record["attempt"]))
    return attempts


def finishes(kilns: Sequence[Kiln]) -> dict[str, set[str]]:
    """Return the ids of the events that brokers of these servers took of each job's end."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for kiln in kilns:
        with kiln.client() as client:
            for event in _accepted(client):
                if event["type"] == "plotkiln.job.finished":
                    found[event["subject"]].add(event["id"])
    return found


def _accepted(client: httpx.Client) -> Iterator[dict[str, Any]]:
    """Yield all events that a server's own broker took; none where it has no broker."""
    before: dict[str, int] = {}
    while True:
        answer = client.get("/events", params={"limit": 500, **before})
        if answer.status_code == 404:
            return
        page = answer.raise_for_status().json()
        yield from page["events"]
        if "before" not in page:
            return
        before = {"before": page["before"]}


def _logged(kiln: Kiln) -> Iterator[dict[str, Any]]:
    """Yield a server's log, less what was torn by a kill."""
    for line in kiln.log.read_bytes().splitlines():
        with suppress(msgspec.DecodeError):
            yield msgspec.json.decode(line, type=dict[str, Any])


class Attempts:
    """What servers logged of attempts: which rendered to completion, and which were ended."""

    def __init__(self, kilns: Sequence[Kiln]) -> None:
        #: Attempts that rendered, by job.
        self.rendered: defaultdict[str, list[int]] = defaultdict(list)
        #: Attempts after which something was recorded.
        self.ended: set[tuple[str, int]] = set()
        for kiln in kilns:
            for record in _logged(kiln):
                self._read(record)

    def _read(self, record: dict[str, Any]) -> None:
        if record.get("message") == "job rendered":
            self.rendered[record["job"]].append(record["attempt"])
        elif record.get("message") == "attempt ended":
            self.ended.add((record["job"], record["attempt"]))

    @property
    def twice(self) -> list[str]:
        """Jobs that rendered more than once though no worker of theirs died."""
        return [
            job
            for job, attempts in self.rendered.items()
            if len(attempts) > 1
            and any((job, attempt) in self.ended for attempt in sorted(attempts)[:-1])
        ]
