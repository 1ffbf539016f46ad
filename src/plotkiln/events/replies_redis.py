"""Replies in Redis, for all processes of a cluster."""

from typing import TYPE_CHECKING

from plotkiln.events.event import CloudEvent
from plotkiln.events.replies import Replied, event_key, read_reply, written_reply
from plotkiln.state.redis import redis_errors

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["RedisReplies"]

_PREFIX = b"plotkiln:replied:"


class RedisReplies:
    """One key for each event, that Redis removes by itself; a lost one costs a second handling."""

    def __init__(self, redis: "Redis", *, window: float) -> None:
        """Take a client, and the seconds for which a reply is known."""
        self._redis = redis
        self._window = window

    async def find(self, event: CloudEvent, scope: str) -> Replied | None:
        """See `Replies.find`."""
        with redis_errors():
            stored = await self._redis.get(_PREFIX + event_key(event, scope))
        return read_reply(stored) if isinstance(stored, bytes) else None

    async def keep(self, event: CloudEvent, reply: CloudEvent | None, scope: str) -> None:
        """See `Replies.keep`."""
        with redis_errors():
            key, life = _PREFIX + event_key(event, scope), round(self._window * 1000)
            await self._redis.set(key, written_reply(reply), px=life)

    async def sweep(self) -> int:
        """See `Replies.sweep`: nothing is left to do."""
        return 0
