"""The last good pictures in Redis, for all processes of a cluster."""

from typing import TYPE_CHECKING

import msgspec

from plotkiln.artifacts.last_good import LastPicture, Shown
from plotkiln.state.redis import redis_errors

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["RedisLastGood"]

_PREFIX = "plotkiln:last-good:"


class RedisLastGood:
    """One key for each, that Redis removes by itself."""

    def __init__(self, redis: "Redis", *, keep: float) -> None:
        """Take a client, and the seconds for which a picture is remembered."""
        self._redis = redis
        self._keep = keep

    async def get(self, shown: Shown) -> LastPicture | None:
        """See `LastGood.get`."""
        with redis_errors():
            stored = await self._redis.get(_key(shown))
        if not isinstance(stored, bytes):
            return None
        return msgspec.json.decode(stored, type=LastPicture)

    async def put(self, shown: Shown, picture: LastPicture) -> None:
        """See `LastGood.put`."""
        with redis_errors():
            written = msgspec.json.encode(picture)
            await self._redis.set(_key(shown), written, px=round(self._keep * 1000))

    async def sweep(self) -> int:
        """See `LastGood.sweep`: nothing is left to do."""
        return 0


def _key(shown: Shown) -> str:
    return f"{_PREFIX}{shown.spec_digest}:{shown.format}:{shown.style}"
