"""Measures what a job costs beside the same picture at once: accepted, and there.

Each round posts the same small chart twice, as `POST /plot` and as `POST /jobs`, with an `alt` of
its own so that nobody has it yet. A job is waited for by one long poll, and its result fetched. The
first rounds warm the processes and do not count. Redis is left out where there is none.
"""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx

from measuring import Kiln, RedisServer, data_folder, report, summary

ROUNDS, WARM = 40, 5

CHART: dict[str, Any] = {"x": [1, 2, 3, 4, 5, 6, 7, 8], "y": [4, 1, 7, 5, 2, 8, 3, 6]}


def main() -> None:
    """Measure on each kind of store in turn."""
    results = {}
    for name in ("SQLite", "Redis"):
        if name == "SQLite" or RedisServer.binary():
            results[name] = _measured_on(name)
    report(
        "What does a job cost: until it is accepted, and until its picture is there?",
        "ms",
        {"rows": results},
    )


def _measured_on(store: str) -> dict[str, Any]:
    times: dict[str, list[float]] = {}
    with ExitStack() as stack:
        folder = stack.enter_context(data_folder())
        redis = stack.enter_context(RedisServer()).url if store == "Redis" else ""
        kiln = stack.enter_context(Kiln(folder / "data", PLOTKILN_REDIS_URL=redis))
        client = stack.enter_context(kiln.client())
        for turn in range(ROUNDS + WARM):
            for name, milliseconds in _round(client):
                times.setdefault(name, []).extend([milliseconds] if turn >= WARM else [])
    return {name: summary(values) for name, values in times.items()}


def _round(client: httpx.Client) -> Iterator[tuple[str, float]]:
    start = time.perf_counter()
    client.post("/plot", content=_body()).raise_for_status()
    yield "POST /plot, until the picture", _since(start)

    start = time.perf_counter()
    accepted = client.post("/jobs", content=_body()).raise_for_status()
    yield "POST /jobs, until accepted", _since(start)
    address = accepted.headers["Location"]
    client.get(address, headers={"Prefer": "wait=30"}).raise_for_status()
    yield "POST /jobs, until the long poll says that it has ended", _since(start)
    client.get(f"{address}/result").raise_for_status()
    yield "POST /jobs, until the picture", _since(start)

    start = time.perf_counter()
    client.post("/jobs", content=accepted.request.content).raise_for_status()
    yield "POST /jobs of what is there already, until accepted", _since(start)


def _body() -> bytes:
    return json.dumps({**CHART, "alt": f"{time.perf_counter_ns()}"}).encode()


def _since(start: float) -> float:
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
