"""A steady load on one server, bounded in count and time, and a count of what came back."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from itertools import count
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec
from PIL import Image

from servers import wait_until

__all__ = ["Answer", "Load", "Report", "picture_fault", "summary"]

#: Adds the counts of one case to the report that is printed after the tests.
Report = Callable[[str, dict[str, object]], None]

#: Seconds that one request may take before its client gives up: longer than any budget here.
_PATIENCE = 60.0


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What one request got."""

    #: Monotonic times, in seconds.
    began: float
    ended: float
    #: HTTP status; 0 where the connection broke.
    status: int
    #: From Server-Timing: memory, store, drawn or joined.
    source: str = ""
    #: The headers Plotkiln-Style and Plotkiln-Style-State.
    style: str = ""
    state: str = ""
    etag: str = ""
    #: What is wrong with it, empty where nothing is.
    fault: str = ""
    #: Requests that it took.
    tries: int = 1

    @property
    def version(self) -> int:
        """The version of the style that it was drawn in."""
        return int(self.style.rpartition("@")[2] or -1)


class Load:
    """Clients that post one spec after the other while the context is entered.

    Most specs are distinct, so that no cache answers them. A broken connection is tried once more
    after `ready` says so, where it is given.
    """

    def __init__(
        self,
        url: str,
        *,
        clients: int = 3,
        most: int = 5000,
        within: float = 120.0,
        repeated_every: int = 5,
        ready: Callable[[], bool] | None = None,
    ) -> None:
        """Prepare at most `most` requests within `within` seconds.

        Of `repeated_every` requests one repeats an earlier spec; 0: none does.
        """
        self._url = url
        self._most = most
        self._within = within
        self._repeated_every = repeated_every
        self._ready = ready
        self._numbers = count()
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._answers: list[Answer] = []
        #: Client → when its request in flight began.
        self._flying: dict[int, float] = {}
        self._threads = [threading.Thread(target=self._run, args=(n,)) for n in range(clients)]

    @property
    def answers(self) -> list[Answer]:
        """What came back so far, in the order in which it did."""
        with self._lock:
            return list(self._answers)

    def since(self, moment: float) -> list[Answer]:
        """Return the answers to requests that began at `moment` or later."""
        return [answer for answer in self.answers if answer.began >= moment]

    def more(self, number: int, *, within: float = 60.0) -> None:
        """Wait until that many further requests have been answered."""
        wanted = len(self.answers) + number
        self._await(lambda: len(self.answers) >= wanted, within)

    def settle(self, *, within: float = 60.0) -> None:
        """Wait until everything that is in flight now was answered."""
        now = time.monotonic()

        def settled() -> bool:
            with self._lock:
                return all(began > now for began in self._flying.values())

        self._await(settled, within)

    def __enter__(self) -> Self:
        self._end = time.monotonic() + self._within
        for thread in self._threads:
            thread.start()
        self.more(len(self._threads))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join(2 * _PATIENCE)

    def _await(self, probe: Callable[[], bool], within: float) -> None:
        def probe_while_running() -> bool:
            if not any(thread.is_alive() for thread in self._threads):
                raise RuntimeError(f"the load is over: {summary(self.answers)}")
            return probe()

        wait_until(probe_while_running, within)

    def _run(self, client: int) -> None:
        with httpx.Client(base_url=self._url, timeout=_PATIENCE) as http:
            while not self._done.is_set() and time.monotonic() < self._end:
                number = next(self._numbers)
                if number >= self._most:
                    return
                with self._lock:
                    self._flying[client] = time.monotonic()
                repeated = self._repeated_every and number % self._repeated_every == 0
                answer = self._ask(http, _spec(number % 3 - 3 if repeated else number))
                with self._lock:
                    self._answers.append(answer)
                    del self._flying[client]

    def _ask(self, http: httpx.Client, spec: dict[str, Any]) -> Answer:
        began = time.monotonic()
        try:
            return _answer(http.post("/plot", json=spec), began, tries=1)
        except httpx.TransportError as error:
            if self._ready is None:
                return _broken(error, began, tries=1)
        wait_until(self._ready, _PATIENCE)
        try:
            return _answer(http.post("/plot", json=spec), began, tries=2)
        except httpx.TransportError as error:
            return _broken(error, began, tries=2)


def picture_fault(data: bytes) -> str:
    """Return why a picture cannot be shown to its last pixel, empty where it can."""
    try:
        with Image.open(BytesIO(data)) as picture:
            picture.load()
    except (OSError, SyntaxError, ValueError) as error:  # all that Pillow raises for bad files
        return f"{len(data)} bytes: {error}"
    return ""


def summary(answers: Iterable[Answer], **facts: object) -> dict[str, object]:
    """Count answers for a report: JSON can hold it."""
    counted = list(answers)
    failed = [answer for answer in counted if answer.status != 200 or answer.fault]
    return {
        "requests": len(counted),
        "failed": len(failed),
        "faults": dict(Counter(f"{one.status} {one.fault}".strip() for one in failed)),
        "sources": _counts(answer.source for answer in counted),
        "states": _counts(answer.state for answer in counted),
        "retried": sum(answer.tries > 1 for answer in counted),
        "slowest_ms": round(1000 * max((one.ended - one.began for one in counted), default=0)),
        **facts,
    }


def _counts(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(name for name in names if name))


def _spec(number: int) -> dict[str, Any]:
    """Return a spec of its own for each number."""
    y: Sequence[float] = [number, (number * 7919) % 101, 3, 5]
    return {"y": y, "title": f"Load {number}", "size": {"width": 480, "height": 320}}


def _answer(response: httpx.Response, began: float, *, tries: int) -> Answer:
    good = response.status_code == 200
    return Answer(
        began=began,
        ended=time.monotonic(),
        status=response.status_code,
        source=response.headers.get("server-timing", "").partition("desc=")[2].partition(",")[0],
        style=response.headers.get("plotkiln-style", ""),
        state=response.headers.get("plotkiln-style-state", ""),
        etag=response.headers.get("etag", ""),
        fault=picture_fault(response.content) if good else response.text[:200],
        tries=tries,
    )


def _broken(error: httpx.TransportError, began: float, *, tries: int) -> Answer:
    fault = f"{type(error).__name__}: {error}"
    return Answer(began=began, ended=time.monotonic(), status=0, fault=fault, tries=tries)
