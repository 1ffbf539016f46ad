"""Measures a counted page against one that counts and draws while its reader waits.

One server, one reader, who looks at both in turn. The page says a hit and is answered; what it
leads to is done behind it. The other side is what a page would wait for if it did all of it itself:
a request that counts, and one that draws the new total; both are the same server's own. Beside them
is the page while others look at it, too, and how many pictures that crowd was drawn in.
"""

import asyncio
import re
import time
from uuid import uuid4

import httpx

from measuring import Kiln, data_folder, report, summary

LOOKS = 40
CROWD = 1000
READERS = 8


def main() -> None:
    """Measure both sides in turn, then the page in a crowd."""
    with data_folder() as folder, Kiln(folder, PLOTKILN_LOG_LEVEL="WARNING") as kiln:
        page, waiting = asyncio.run(_alone(kiln))
        crowded, seconds, renders = asyncio.run(_crowd(kiln))
    report(
        "How long does a page take that is counted behind its reader, or before their eyes?",
        "ms",
        {
            "rows": {
                "page, counted and drawn behind it": summary(page),
                "counted and drawn in the request": summary(waiting),
                f"page, while {READERS} readers look": summary(crowded),
            },
            "the crowd": {
                "pages": CROWD,
                "seconds to the last picture": round(seconds, 2),
                "pictures drawn": renders,
            },
        },
    )


async def _alone(kiln: Kiln) -> tuple[list[float], list[float]]:
    """Look at both sides in turn; each look waits until the server is at rest."""
    page: list[float] = []
    waiting: list[float] = []
    async with httpx.AsyncClient(base_url=kiln.url, timeout=60) as client:
        for number in range(LOOKS + 1):
            looked = await _look(client, "/hits/alone")
            await _shown(client, "alone", number + 1)
            waited = await _wait_for_all(client, number)
            page, waiting = [*page, looked], [*waiting, waited]
        return page[1:], waiting[1:]  # the first of each starts render processes


async def _crowd(kiln: Kiln) -> tuple[list[float], float, int]:
    """Have many readers look at one page; return their waits, and what it cost."""
    took: list[float] = []
    async with httpx.AsyncClient(base_url=kiln.url, timeout=60) as client:
        before, start = await _drawn(client), time.perf_counter()
        left = iter(range(CROWD))

        async def read() -> None:
            for _ in left:
                waited = await _look(client, "/hits/crowd")
                took.append(waited)

        await asyncio.gather(*(read() for _ in range(READERS)))
        await _shown(client, "crowd", CROWD)
        return took, time.perf_counter() - start, await _drawn(client) - before


async def _look(client: httpx.AsyncClient, path: str) -> float:
    start = time.perf_counter()
    (await client.get(path)).raise_for_status()
    return (time.perf_counter() - start) * 1000


async def _wait_for_all(client: httpx.AsyncClient, number: int) -> float:
    """Count a hit, and draw a total that nobody drew yet, one after the other."""
    start = time.perf_counter()
    hit = _headers(uuid4().hex, "plotkiln.new_hit")
    counted = (await client.post("/events", headers=hit)).raise_for_status()
    total = _headers(counted.headers["ce-id"], "plotkiln.hits")
    data = {"total": 1_000_000 + number, "generation": counted.json()["generation"]}
    (await client.post("/events", headers=total, json=data)).raise_for_status()
    return (time.perf_counter() - start) * 1000


def _headers(name: str, kind: str) -> dict[str, str]:
    own = {"ce-id": name, "ce-source": "/bench", "ce-type": kind}
    return {**own, "ce-specversion": "1.0", "ce-subject": "waiting"}


async def _shown(client: httpx.AsyncClient, subject: str, number: int) -> None:
    """Wait until the picture shows a number."""
    while True:
        shown = await client.get(f"/artifacts/hits-{subject}.png")
        if int(shown.headers.get("plotkiln-number", 0)) >= number:
            return
        await asyncio.sleep(0.01)


async def _drawn(client: httpx.AsyncClient) -> int:
    metrics = (await client.get("/metrics")).text
    found = re.search(r'plotkiln_pictures_total\{source="drawn"\} (\S+)', metrics)
    return round(float(found[1])) if found else 0


if __name__ == "__main__":
    main()
