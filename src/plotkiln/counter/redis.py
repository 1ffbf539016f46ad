"""Totals in Redis: any number of machines."""

import time as clocks
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from plotkiln.counter.totals import Counted, Total
from plotkiln.counter.window import Window, fingerprint
from plotkiln.state.redis import redis_errors

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["RedisTotals"]

#: Count a hit unless a slice knows it. The first key is the counter, the second the slice of now,
#: which is among the others, too. Every key has the subject's hash tag: one node holds them all.
#: A slice is kept for the second argument's seconds, and longer once a window grows: never for less
#: than the third's after its last hit.
_ADD = """
for slice = 3, #KEYS do
  local known = redis.call('HGET', KEYS[slice], ARGV[1])
  if known then return {known, 1} end
end
local generation = redis.call('HGET', KEYS[1], 'generation')
if not generation then
  generation = '1'
  redis.call('HSET', KEYS[1], 'generation', generation)
end
local total = redis.call('HINCRBY', KEYS[1], generation, 1)
local counted = string.format('%s:%.0f', generation, total)
redis.call('HSET', KEYS[2], ARGV[1], counted)
if redis.call('TTL', KEYS[2]) < tonumber(ARGV[3]) then
  redis.call('EXPIRE', KEYS[2], ARGV[2])
end
return {counted, 0}
"""

_RESET = """
local generation = redis.call('HGET', KEYS[1], 'generation') or '1'
local total = redis.call('HGET', KEYS[1], generation) or '0'
local following = string.format('%.0f', tonumber(generation) + 1)
redis.call('HSET', KEYS[1], generation, total, following, '0', 'generation', following)
return {generation, total}
"""

#: Of a counter's hash: the number of its newest generation; the other fields are generations.
_NEWEST = b"generation"

_COUNTER, _END = "plotkiln:counter:{", "}"


class RedisTotals:
    """Totals in one Redis, or in one with replicas.

    A hit and what is remembered of it are written by one script, so that neither is ever there
    without the other. With `appendfsync always` an answered hit survives the end of the server,
    with `everysec` all but those of the last second do. A failover loses what the replica had not
    been sent yet, although it was answered: those hits are gone, and a redelivery of one of them
    counts it. A server that evicts keys forgets counters: `durability` says so.
    """

    def __init__(
        self,
        redis: "Redis",
        window: Window | None = None,
        *,
        clock: Callable[[], float] = clocks.time,
    ) -> None:
        """Take a client; `clock` tells seconds since 1970."""
        self._redis = redis
        self._window = window or Window()
        self._clock = clock
        self._add = redis.register_script(_ADD)
        self._reset = redis.register_script(_RESET)

    async def add(
        self,
        subject: str,
        source: str,
        id: str,  # noqa: A002 -- CloudEvents' name
        *,
        time: datetime | None,
    ) -> Counted:
        """See `Totals.add`."""
        now = self._clock()
        self._window.check(time, now)
        hit, current = fingerprint(subject, source, id), self._window.slice_at(now)
        slices = [_slice_key(subject, one, hit) for one in self._window.slices(now)]
        keys = [_key(subject), _slice_key(subject, current, hit), *slices]
        with redis_errors():
            counted, duplicate = await self._add(
                keys, [hit[1:], self._window.kept, self._window.needed]
            )
        generation, _, total = counted.partition(b":")
        return Counted(total=int(total), generation=int(generation), duplicate=bool(duplicate))

    async def read(self, subject: str) -> Total:
        """See `Totals.read`."""
        return (await self.history(subject))[-1]

    async def reset(self, subject: str) -> Total:
        """See `Totals.reset`."""
        with redis_errors():
            generation, total = await self._reset([_key(subject)])
        return Total(subject=subject, generation=int(generation), total=int(total))

    async def history(self, subject: str) -> Sequence[Total]:
        """See `Totals.history`."""
        with redis_errors():
            found = await self._redis.hgetall(_key(subject))
        numbers = sorted(
            (int(name), int(value)) for name, value in found.items() if name != _NEWEST
        )
        return [
            Total(subject=subject, generation=generation, total=total)
            for generation, total in numbers or [(1, 0)]
        ]

    async def subjects(self) -> Sequence[str]:
        """See `Totals.subjects`; walks all keys of the database, a thousand at a time."""
        with redis_errors():
            keys = self._redis.scan_iter(match=f"{_COUNTER}*{_END}", count=1000)
            names = {key.decode()[len(_COUNTER) : -len(_END)] async for key in keys}
        return sorted(names)


def _key(subject: str) -> str:
    return f"{_COUNTER}{subject}{_END}"


def _slice_key(subject: str, number: int, hit: bytes) -> str:
    """Return the key of a slice's 256th part that remembers a hit.

    Small hashes take 30 bytes for a hit where large ones, and keys of their own, take 75 and 165;
    and none of them is so large that Redis stops to forget it.
    """
    return f"{_key(subject)}:{number}:{hit[0]:02x}"
