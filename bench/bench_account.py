"""Measures what the account costs: a drawing that is counted, and a batch that is written.

One process does what a server does: it counts each drawing in memory, and adds twenty amounts at
once to the ledger, as it does every 30 s. A span that nobody exports stands beside it: it is on the
same way.
"""

import asyncio
import time
from typing import Any

from measuring import RedisServer, data_folder, report, summary
from plotkiln.account import Entry, Ledger
from plotkiln.account.ledger_redis import RedisLedger
from plotkiln.account.ledger_sqlite import SqliteLedger
from plotkiln.service.tally import Tally
from plotkiln.state import Database
from plotkiln.state.redis import open_redis
from plotkiln.traces import span

BATCHES = 300
TIMES = 20_000

_AMOUNTS = [Entry("2026-03-01", "busy", f"user:{number}", 0.5) for number in range(20)]


def main() -> None:
    """Measure counting, then each ledger."""
    rows: dict[str, Any] = {
        "count one drawing (µs)": _counted(),
        "one span, not exported (µs)": _spanned(),
    }
    rows["a batch of 20, SQLite (ms)"] = asyncio.run(_in_sqlite())
    if RedisServer.binary() is not None:
        with RedisServer() as server:
            rows["a batch of 20, Redis (ms)"] = asyncio.run(_in_redis(server.url))
    report("What does the account cost, and a span that nobody exports?", "as told", {"rows": rows})


def _counted() -> float:
    tally = Tally("bench")
    start = time.perf_counter()
    for _ in range(TIMES):
        tally.worked(0.1)
    return round((time.perf_counter() - start) / TIMES * 1e6, 2)


def _spanned() -> float:
    start = time.perf_counter()
    for _ in range(TIMES):
        with span("render"):
            pass
    return round((time.perf_counter() - start) / TIMES * 1e6, 2)


async def _in_sqlite() -> dict[str, float]:
    with data_folder() as folder:
        async with Database(folder / "state.sqlite") as database:
            return await _added(SqliteLedger(database))


async def _in_redis(url: str) -> dict[str, float]:
    async with open_redis(url) as redis:
        return await _added(RedisLedger(redis))


async def _added(ledger: Ledger) -> dict[str, float]:
    took = []
    for number in range(BATCHES):
        start = time.perf_counter()
        await ledger.add(f"batch {number}", _AMOUNTS)
        took.append((time.perf_counter() - start) * 1000)
    return summary(took)


if __name__ == "__main__":
    main()
