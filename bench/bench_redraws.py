"""Measures how many pictures a burst of a thousand events is drawn in, and how long that takes.

One server with its embedded broker. On one side totals that the events alone tell; on the other
hits, which are counted first, so that the total can be read before each drawing. A single event is
beside them: from the request to the picture.
"""

import asyncio
import re
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx

from measuring import Kiln, data_folder, report, summary

EVENTS = 1000
ROUNDS = 3
SINGLE = 20
CONNECTIONS = 16


def main() -> None:
    """Measure bursts of both kinds in turn, then single events."""
    told: list[dict[str, float]] = []
    counted: list[dict[str, float]] = []
    with data_folder() as folder, Kiln(folder, PLOTKILN_LOG_LEVEL="WARNING") as kiln:
        for _ in range(ROUNDS):
            told.append(asyncio.run(_burst(kiln, "plotkiln.hits")))
            counted.append(asyncio.run(_burst(kiln, "plotkiln.new_hit")))
        single = asyncio.run(_single(kiln))
    rows = {
        f"{kind}: {what}": summary([one[what] for one in measured])
        for kind, measured in (("totals told", told), ("hits counted", counted))
        for what in ("renders", "seconds")
    }
    report(
        "How many pictures does a burst of a thousand events draw?",
        "pictures, and seconds from the first event to the last picture",
        {"rows": rows, "one event to its picture, ms": summary(single)},
    )


async def _burst(kiln: Kiln, kind: str) -> dict[str, float]:
    """Send events of a new subject, in order; return what they cost."""
    subject = f"page-{uuid4().hex[:12]}"
    async with httpx.AsyncClient(base_url=kiln.url, timeout=60) as client:
        before, start = await _drawn(client), time.perf_counter()
        waiting = iter(range(1, EVENTS + 1))
        await asyncio.gather(*(_send(client, kind, subject, waiting) for _ in range(CONNECTIONS)))
        await _shown(client, subject, EVENTS)
        seconds = time.perf_counter() - start
        return {"renders": await _drawn(client) - before, "seconds": seconds}


async def _single(kiln: Kiln) -> list[float]:
    """Return the milliseconds from one total to its picture, one after the other."""
    subject, took = f"page-{uuid4().hex[:12]}", []
    async with httpx.AsyncClient(base_url=kiln.url, timeout=60) as client:
        for number in range(1, SINGLE + 1):
            start = time.perf_counter()
            await _send(client, "plotkiln.hits", subject, iter([number]))
            await _shown(client, subject, number)
            took.append((time.perf_counter() - start) * 1000)
    return took


async def _send(client: httpx.AsyncClient, kind: str, subject: str, waiting: Iterator[int]) -> None:
    for number in waiting:
        headers = {
            "ce-id": uuid4().hex,
            "ce-source": "/bench",
            "ce-type": kind,
            "ce-specversion": "1.0",
            "ce-subject": subject,
        }
        data = {"total": number, "generation": 1}
        answer = await client.post("/broker/default/default", json=data, headers=headers)
        answer.raise_for_status()


async def _shown(client: httpx.AsyncClient, subject: str, number: int) -> None:
    """Wait until the picture shows a number."""
    async with asyncio.timeout(120):
        while True:
            answer = await client.get(f"/artifacts/hits-{subject}.png")
            if answer.headers.get("plotkiln-number") == str(number):
                return
            await asyncio.sleep(0.005)


async def _drawn(client: httpx.AsyncClient) -> int:
    found = re.search(
        r'pictures_total\{source="drawn"\} (\d+)', (await client.get("/metrics")).text
    )
    return int(found[1]) if found else 0


if __name__ == "__main__":
    main()
