"""Records of secrets in Redis."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from plotkiln.identity.records import Kind
from plotkiln.state.redis import redis_answer, redis_errors

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["RedisRecords"]

_PREFIX = "plotkiln:identity:"

#: Keys that one step of a search looks at.
_STEP = 1000


class RedisRecords:
    """Records by kind and name, in one Redis for all processes of a cluster.

    The server must not evict (`maxmemory-policy noeviction`): whose session or key it forgot is a
    stranger again.
    """

    def __init__(self, redis: "Redis", *, now: Callable[[], float] = time.time) -> None:
        self._redis = redis
        self._now = now

    async def get(self, kind: Kind, name: str) -> bytes | None:
        """Return one record, None where there is none or its time is over."""
        found: bytes | None = await redis_answer(self._redis.get(_key(kind, name)))
        return found

    async def put(self, kind: Kind, name: str, value: bytes, *, expires: float | None) -> None:
        """Keep a record until `expires`, in epoch seconds, for good if None; replace an older."""
        left = self._left(expires)
        if left is not None and left <= 0:
            await self.remove(kind, name)
        else:
            await redis_answer(self._redis.set(_key(kind, name), value, px=left))

    async def add(self, kind: Kind, name: str, value: bytes, *, expires: float | None) -> bool:
        """Keep a record where there is none, in one step; say whether there was none."""
        left = self._left(expires)
        if left is not None and left <= 0:
            return await self.get(kind, name) is None
        return bool(await redis_answer(self._redis.set(_key(kind, name), value, px=left, nx=True)))

    async def change(self, kind: Kind, name: str, value: bytes, *, expires: float | None) -> bool:
        """Replace a record where there is one, in one step; say whether there was one."""
        left = self._left(expires)
        if left is not None and left <= 0:
            return await self.remove(kind, name)
        return bool(await redis_answer(self._redis.set(_key(kind, name), value, px=left, xx=True)))

    async def take(self, kind: Kind, name: str) -> bytes | None:
        """Read and remove one record in one step: of several takers one gets it, the rest None."""
        found: bytes | None = await redis_answer(self._redis.getdel(_key(kind, name)))
        return found

    async def remove(self, kind: Kind, name: str) -> bool:
        """Remove one record; say whether it was there."""
        return bool(await redis_answer(self._redis.delete(_key(kind, name))))

    async def names(self, kind: Kind) -> list[str]:
        """Return the names of all records of a kind whose time is not over, sorted.

        Goes through the whole server in small steps, which keep nobody else waiting: for operators.
        """
        prefix = _key(kind, "")
        with redis_errors():
            found = {
                key.decode().removeprefix(prefix)
                async for key in self._redis.scan_iter(match=f"{prefix}*", count=_STEP)
            }
        return sorted(found)

    async def sweep(self) -> int:
        """Delete nothing: Redis does so by itself."""
        return 0

    def _left(self, expires: float | None) -> int | None:
        """Return milliseconds: as a duration, since the clock of Redis' machine may be another."""
        return None if expires is None else round((expires - self._now()) * 1000)


def _key(kind: Kind, name: str) -> str:
    return f"{_PREFIX}{kind}:{name}"
