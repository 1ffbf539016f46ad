"""Measures what history costs a write, and what a pin costs the first picture that has it.

A chain of two styles, on a real Consul and on the embedded store, each with a server. Writes: the
store's own, with its entry, and beside it the bare compare-and-set of one key, which keeps no
history. Pins: the first request for a picture that is kept already, in an old look that the server
has not read yet, by version and by content; beside it the same picture once the look is known.
"""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx

from measuring import Consul, Kiln, data_folder, report, summary
from plotkiln.state import Database
from plotkiln.style.stores import StyleStore
from plotkiln.style.stores.consul import ConsulStyles
from plotkiln.style.stores.consul_config import ConsulConfig
from plotkiln.style.stores.embedded import EmbeddedStyles

WRITES = 100
PINS = 20


def main() -> None:
    """Measure writes to the stores, then pins on a server above each."""
    rows: dict[str, dict[str, float]] = {}
    with data_folder() as folder, Consul() as consul:
        config = ConsulConfig(address=consul.url)
        rows["Consul: one key, no history"] = summary(_bare(consul))
        consul_writes = asyncio.run(_writes(lambda: ConsulStyles(config, prefix="bench")))
        rows["Consul: a write with its entry"] = summary(consul_writes)
        rows["embedded: a write with its entry"] = summary(asyncio.run(_embedded(folder / "w")))
        servers: dict[str, dict[str, str]] = {
            "Consul": {"CONSUL_HTTP_ADDR": consul.url},
            "embedded": {},
        }
        for store, settings in servers.items():
            with Kiln(folder / store, command=None, **settings) as kiln, kiln.client() as client:
                rows |= {f"{store}: {row}": times for row, times in _pins(client).items()}
    report("What does history cost a write, and a pin its first picture?", "ms", {"rows": rows})


def _bare(consul: Consul) -> list[float]:
    times = []
    with httpx.Client(base_url=consul.url) as client:
        version = 0
        for number in range(WRITES):
            start = time.perf_counter()
            client.put(f"/v1/kv/bare?cas={version}", content=_style(number)).raise_for_status()
            times.append((time.perf_counter() - start) * 1000)
            version = consul.version("bare")
    return times


async def _embedded(folder: Path) -> list[float]:
    async with Database(folder / "styles.sqlite", synchronous="FULL") as database:
        return await _writes(lambda: EmbeddedStyles(database))


async def _writes(opened: Callable[[], AbstractAsyncContextManager[StyleStore]]) -> list[float]:
    times = []
    async with opened() as store:
        version = 0
        for number in range(WRITES):
            start = time.perf_counter()
            version = (await store.write("a", _style(number), expected=version)).version
            times.append((time.perf_counter() - start) * 1000)
    return times


def _pins(client: httpx.Client) -> dict[str, dict[str, float]]:
    """Return the times of first and later requests in old looks."""
    picture = client.post("/charts", json={"y": [1, 2, 3]}).json()["url"]
    _put(client, "base", b"{}")
    _put(client, "heir", b'{"extends": "base"}')
    pins = []
    for number in range(PINS):
        _put(client, "base", _style(number))
        drawn = client.get(picture, params={"style": "heir"})
        listed = client.get("/styles").json()["styles"]
        digest = next(style["digest"] for style in listed if style["name"] == "heir")
        pins.append((drawn.headers["plotkiln-style"], f"heir@sha256:{digest}"))
    _put(client, "base", b"{}")
    by_version = [_request(client, picture, pin) for pin, _ in pins]
    by_content = [_request(client, picture, pin) for _, pin in pins]
    again = [_request(client, picture, pin) for pin, _ in pins]
    return {
        "first picture pinned by version": summary(by_version),
        "first picture pinned by content": summary(by_content),
        "the same again": summary(again),
    }


def _request(client: httpx.Client, picture: str, pin: str) -> float:
    start = time.perf_counter()
    client.get(picture, params={"style": pin}).raise_for_status()
    return (time.perf_counter() - start) * 1000


def _put(client: httpx.Client, name: str, document: bytes) -> None:
    stored = client.get(f"/styles/{name}")
    unstored = stored.status_code == httpx.codes.NOT_FOUND
    condition = {"If-None-Match": "*"} if unstored else {"If-Match": stored.headers["etag"]}
    client.put(f"/styles/{name}", content=document, headers=condition).raise_for_status()


def _style(number: int) -> bytes:
    return json.dumps({"watermark": {"text": f"Change {number}"}}).encode()


if __name__ == "__main__":
    main()
