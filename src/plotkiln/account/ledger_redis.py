"""The ledger in Redis: any number of machines."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from plotkiln.account.ledger import KEPT_DAYS, Entry, Kind, day_of
from plotkiln.state.redis import redis_answer

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["RedisLedger"]

#: The hash tag puts all of them into one slot.
_PREFIX = "plotkiln:{account}:"

#: Keys: the batch, and the day of each amount. Arguments: for how many seconds days are kept, then
#: field and amount of each.
_ADD = """
if not redis.call('SET', KEYS[1], '', 'NX', 'EX', 3600) then return 0 end
for place = 2, #KEYS do
  redis.call('HINCRBYFLOAT', KEYS[place], ARGV[2 * place - 2], ARGV[2 * place - 1])
  redis.call('EXPIRE', KEYS[place], ARGV[1])
end
return 1
"""

#: Keys: the starts. Arguments: the service, and the time.
_STARTED = """
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known and tonumber(known) <= tonumber(ARGV[2]) then return 0 end
return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
"""


class RedisLedger:
    """Amounts by day, in one Redis: a hash for each day, with a field for each kind and name."""

    def __init__(self, redis: "Redis", *, now: Callable[[], float] = time.time) -> None:
        self._redis = redis
        self._now = now
        self._add = redis.register_script(_ADD)
        self._started = redis.register_script(_STARTED)

    async def add(self, batch: str, entries: Sequence[Entry]) -> None:
        """See `Ledger.add`."""
        keys = [f"{_PREFIX}batch:{batch}", *(_PREFIX + one.day for one in entries)]
        told = [part for one in entries for part in (f"{one.kind}:{one.who}", repr(one.amount))]
        await redis_answer(self._add(keys=keys, args=[KEPT_DAYS * 86400, *told]))

    async def read(self, since: str) -> Sequence[Entry]:
        """See `Ledger.read`."""
        days = [day for day in self._days() if day >= since]
        async with self._redis.pipeline(transaction=False) as pipeline:
            for day in days:
                pipeline.hgetall(_PREFIX + day)
            found = await redis_answer(pipeline.execute())
        return [
            _entry(day, field, amount)
            for day, fields in zip(days, found, strict=True)
            for field, amount in fields.items()
        ]

    async def started(self, service: str, at: float) -> None:
        """See `Ledger.started`."""
        await redis_answer(self._started(keys=[f"{_PREFIX}starts"], args=[service, repr(at)]))

    async def starts(self) -> Mapping[str, float]:
        """See `Ledger.starts`."""
        found = await redis_answer(self._redis.hgetall(f"{_PREFIX}starts"))
        return {service.decode(): float(at) for service, at in found.items()}

    def _days(self) -> list[str]:
        """Return the days that are kept; tomorrow too, by the clocks of others."""
        now = self._now()
        return [day_of(now - ago * 86400) for ago in range(-1, KEPT_DAYS + 1)]


def _entry(day: str, field: bytes, amount: bytes) -> Entry:
    kind, _, who = field.decode().partition(":")
    return Entry(day, cast("Kind", kind), who, float(amount))
