"""Clients of the live channel, as other programs write them: by a library of their own."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from kilns import Kiln
from redis_servers import RedisServer

__all__ = ["FRIEND", "Ear", "channel", "listening", "subscribe"]

#: An origin whose pages may listen, too.
FRIEND = "https://friend.example"


class Ear:
    """One open socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def hear(self, *, within: float = 10.0) -> dict[str, Any]:
        """Return the next event."""
        async with asyncio.timeout(within):
            frame = await self.socket.recv()
        assert isinstance(frame, str)
        event: dict[str, Any] = json.loads(frame)
        return event

    async def hear_until(self, kind: str, *, within: float = 20.0) -> list[dict[str, Any]]:
        """Return the events up to the first of a type."""
        events = [await self.hear(within=within)]
        while events[-1]["type"] != kind:
            events.append(await self.hear(within=within))
        return events

    async def say(self, event: Mapping[str, object]) -> None:
        """Send an event."""
        await self.socket.send(json.dumps(event))


@asynccontextmanager
async def listening(
    url: str, *topics: str, after: str | None = None, **options: Any
) -> AsyncIterator[Ear]:
    """Open a socket of a server, whose welcome is not read yet."""
    query = "&".join([*(f"topic={topic}" for topic in topics), *([f"after={after}"] * bool(after))])
    address = f"{url.replace('http', 'ws', 1)}/live?{query}"
    options = {"subprotocols": ["cloudevents.json"], "proxy": None, **options}
    async with connect(address, **options) as socket:
        yield Ear(socket)


def subscribe(*topics: str) -> dict[str, object]:
    """Return the event that asks for topics."""
    return {
        "specversion": "1.0",
        "id": "1",
        "source": "/test",
        "type": "plotkiln.live.subscribe",
        "data": {"topics": topics},
    }


def channel(data: Path, redis: RedisServer, **settings: str) -> Kiln:
    """Return a `plotkiln live`; entering starts it."""
    return Kiln(
        data,
        command=[sys.executable, "-m", "plotkiln", "live"],
        PLOTKILN_REDIS_URL=redis.url,
        **{"PLOTKILN_LIVE_ORIGINS": FRIEND, **settings},
    )
