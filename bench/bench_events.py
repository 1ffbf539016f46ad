"""Measures events per second from the broker's ingress over a trigger to a counted total.

Servers with the embedded broker, one whose counters are in SQLite, one whose counters are in Redis
(every write in its log before it is answered). Nothing is drawn: the only trigger counts. Two
moments are measured for each batch: everything is accepted, everything is counted. Beside them is
an event that nobody wants, which is accepted and no more. The clients share the machine, hence the
processors, with all of it.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import httpx

from measuring import Kiln, RedisServer, data_folder, report, summary

EVENTS = 1500
ROUNDS = 3
CONNECTIONS = 8

_TRIGGER = """\
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {name: count}
spec:
  broker: default
  filter: {attributes: {type: plotkiln.new_hit}}
  subscriber: {ref: {kind: Service, name: hit-counter}}
"""


def main() -> None:
    """Measure each server in turn, in every round."""
    rates: dict[str, list[float]] = {}
    with data_folder() as folder, ExitStack() as stack:
        for _ in range(ROUNDS):
            for name, kiln in _servers(folder, stack).items():
                subject = f"page-{uuid4().hex[:12]}"
                accepted, counted = asyncio.run(_batch(kiln, subject, "plotkiln.new_hit"))
                rates.setdefault(f"{name}: accepted", []).append(accepted)
                rates.setdefault(f"{name}: counted", []).append(counted)
                accepted, _ = asyncio.run(_batch(kiln, subject, "unwanted"))
                rates.setdefault(f"{name}: accepted, wanted by no trigger", []).append(accepted)
    report(
        "How many events a second are accepted, and how many counted?",
        "events/s, of a batch from its first request on",
        {"rows": {name: summary(found) for name, found in rates.items()}, "events": EVENTS},
    )


_started: dict[str, Kiln] = {}


def _servers(folder: Path, stack: ExitStack) -> dict[str, Kiln]:
    """Return the servers; the first call starts them."""
    if _started:
        return _started
    triggers = folder / "triggers.yaml"
    triggers.write_text(_TRIGGER)
    settings = {"PLOTKILN_TRIGGERS": str(triggers), "PLOTKILN_LOG_LEVEL": "WARNING"}
    _started["SQLite"] = stack.enter_context(Kiln(folder / "sqlite", command=None, **settings))
    if RedisServer.binary():
        log = {"appendonly": "yes", "appendfsync": "always"}
        redis = stack.enter_context(RedisServer(folder / "redis-data", **log))
        settings["PLOTKILN_REDIS_URL"] = redis.url
        _started["Redis"] = stack.enter_context(Kiln(folder / "redis", command=None, **settings))
    return _started


async def _batch(kiln: Kiln, subject: str, kind: str) -> tuple[float, float]:
    """Send events of one subject; return those accepted, and those counted, per second."""
    left, start = iter(range(EVENTS)), time.perf_counter()
    await asyncio.gather(*(_send_all(kiln.port, left, subject, kind) for _ in range(CONNECTIONS)))
    accepted = time.perf_counter() - start
    async with httpx.AsyncClient(base_url=kiln.url, timeout=60) as client:
        while kind == "plotkiln.new_hit":
            if await _total(client, subject) == EVENTS:
                break
            await asyncio.sleep(0.01)
    return EVENTS / accepted, EVENTS / (time.perf_counter() - start)


async def _send_all(port: int, left: Iterator[int], subject: str, kind: str) -> None:
    """Send over one connection, each event when the last one was accepted, while any is left."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in left:
        headers = {
            "Host": "127.0.0.1",
            "Content-Length": "0",
            "ce-specversion": "1.0",
            "ce-id": uuid4().hex,
            "ce-source": "/bench",
            "ce-type": kind,
            "ce-subject": subject,
        }
        lines = ["POST /broker/default/default HTTP/1.1", *(": ".join(h) for h in headers.items())]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 202"), head
    writer.close()
    await writer.wait_closed()


async def _total(client: httpx.AsyncClient, subject: str) -> int:
    total: int = (await client.get(f"/counters/{subject}")).json()["total"]
    return total


if __name__ == "__main__":
    main()
