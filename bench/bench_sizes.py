"""Measures what one of each takes that a store keeps: of Redis' memory, of SQLite's disk.

A thousand of each are written through the stores themselves; what the store has grown by, divided,
is the row. Charts hold a spec of a hundred points (about a kilobyte). Of Consul is measured what
its KV holds for one style and for one entry of its history, before replication.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from measuring import Consul, Kiln, RedisServer, data_folder, report

# isort: split
# which has said where the tests' parts are
from counters import Clock
from ledgers import new_job
from plotkiln.artifacts import Artifact, Chart
from plotkiln.artifacts.last_good import LastPicture, Shown
from plotkiln.cli.shared import SharedStores, open_shared
from plotkiln.events.event import CloudEvent
from plotkiln.settings import read_settings
from plotkiln.state import Database

EACH = 1000

#: Size of a store, in bytes, as it is now.
Measure = Callable[[], int]
Write = Callable[[SharedStores, int], Awaitable[Any]]


def main() -> None:
    """Measure each store in turn."""
    rows: dict[str, Any] = {}
    with data_folder() as folder:
        rows["SQLite"] = asyncio.run(
            _measured({"PLOTKILN_DATA": str(folder)}, lambda: _files(folder), folder)
        )
    if RedisServer.binary() is not None:
        with RedisServer() as server, data_folder() as folder:
            told = {"PLOTKILN_DATA": str(folder), "PLOTKILN_REDIS_URL": server.url}
            rows["Redis"] = asyncio.run(_measured(told, lambda: _memory(server), folder))
    if Consul.binary() is not None:
        with Consul() as consul, data_folder() as folder:
            rows["Consul"] = _styles(consul, folder)
    report("What does keeping one of each take?", "bytes", {"each": EACH, "rows": rows})


async def _measured(told: dict[str, str], measure: Measure, folder: Path) -> dict[str, int]:
    row = {}
    for name, write in _WRITES.items():
        async with _opened(told, folder) as stores:
            await write(stores, EACH)  # tables, scripts and clients are there from now on
        before = measure()
        async with _opened(told, folder) as stores:
            for number in range(EACH):
                await write(stores, number)
        row[name] = (measure() - before) // EACH
    return row


@asynccontextmanager
async def _opened(told: dict[str, str], folder: Path) -> AsyncIterator[SharedStores]:
    settings = read_settings(told)
    async with Database(folder / "state.sqlite") as database, open_shared(settings, database) as it:
        yield it


async def _chart(stores: SharedStores, number: int) -> None:
    points = [round((number * 31 + at * at) % 997 / 7, 2) for at in range(100)]
    spec = json.dumps({"y": points, "title": f"Chart {number}"}).encode()
    chart = Chart(id=f"{number:026}", owner="anonymous", spec=spec, spec_digest=f"{number:064}")
    await stores.charts.put(chart, keep=3600)


async def _artifact(stores: SharedStores, number: int) -> None:
    await stores.artifacts.put(
        Artifact(
            name=f"picture-{number}.png",
            digest=f"{number:064}",
            style_digest="5" * 64,
            style="default@42",
            spec=b'{"template": "odometer", "params": {"total": 123456}}',
            media_type="image/png",
            owner="anonymous",
        )
    )


async def _job(stores: SharedStores, number: int) -> None:
    job = new_job(Clock(), digest=f"{number:064}", title="Sales by month", kind="line")
    await stores.jobs.submit(job, idempotency_key=job.id)


async def _hit(stores: SharedStores, number: int) -> None:
    await stores.totals.add("index", "/hits", f"{number:032}", time=datetime.now(UTC))


async def _reply(stores: SharedStores, number: int) -> None:
    event = CloudEvent(id=f"{number:032}", source="/hits", type="plotkiln.new_hit")
    reply = CloudEvent(id=f"{number:032}", source="/counter", type="plotkiln.hits")
    assert stores.replies is not None
    await stores.replies.keep(event, reply, "bench")


async def _last(stores: SharedStores, number: int) -> None:
    shown = Shown(spec_digest=f"{number:064}", format="png", style="default")
    picture = LastPicture(digest=f"{number:064}", style="default@42", style_digest="5" * 64)
    await stores.last_good.put(shown, picture)


_WRITES: dict[str, Write] = {
    "chart": _chart,
    "named picture": _artifact,
    "job": _job,
    "hit within the window": _hit,
    "handled event": _reply,
    "last good picture": _last,
}


def _styles(consul: Consul, folder: Path) -> dict[str, int]:
    """Write a style a few times; return what the KV holds for it and for each entry."""
    style = (Path(__file__).parents[1] / "examples" / "style.json").read_bytes()
    with Kiln(folder, command=None, CONSUL_HTTP_ADDR=consul.url) as kiln, kiln.client() as client:
        version = client.put("/styles/sized", content=style, headers={"If-None-Match": "*"})
        for number in range(20):
            changed = {**json.loads(style), "title": {"fontsize": 10 + number}}
            tag = {"If-Match": version.headers["etag"]}
            version = client.put("/styles/sized", json=changed, headers=tag).raise_for_status()
        entries = consul.call("GET", "kv/plotting/styles-history/?recurse")
        (stored,) = consul.call("GET", "kv/plotting/styles/sized")
    sizes = [len(one["Value"]) * 3 // 4 for one in entries]
    return {
        "style": len(stored["Value"]) * 3 // 4,
        "entry of its history": sum(sizes) // len(sizes),
    }


def _files(folder: Path) -> int:
    """Return the bytes of the databases; the last connection has emptied their logs."""
    return sum(os.path.getsize(file) for file in folder.glob("*.sqlite"))  # noqa: PTH202


def _memory(server: RedisServer) -> int:
    told = server.command("INFO", "memory").decode()
    return int(told.partition("used_memory:")[2].split()[0])


if __name__ == "__main__":
    main()
