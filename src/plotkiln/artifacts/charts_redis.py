"""Stored charts in Redis."""

from typing import TYPE_CHECKING

import msgspec

from plotkiln.artifacts.charts import Chart, quota_reached
from plotkiln.state.redis import redis_answer, redis_errors

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["RedisCharts"]

_PREFIX = "plotkiln:chart:"

#: Of each owner: a sorted set of `size:id`, by when they expire, and the sum of the sizes. Both end
#: with the last of the charts.
_OWNED, _USAGE = "plotkiln:charts-of:", "plotkiln:charts-size:"

#: What both scripts know: `forget` takes some expired ones off what an owner has, the oldest first.
_FORGETTING = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function forget(owned, usage, most)
  local gone = redis.call('ZRANGEBYSCORE', owned, '-inf', now, 'LIMIT', 0, most)
  for _, one in ipairs(gone) do
    redis.call('DECRBY', usage, string.match(one, '^%d+'))
    redis.call('ZREM', owned, one)
  end
  return #gone
end
"""

#: Keys: what an owner has, and how much that is. Arguments: how many are forgotten at most.
_FORGET = _FORGETTING + "return forget(KEYS[1], KEYS[2], ARGV[1])"

#: Keys: what an owner has, how much that is, and the chart. Arguments: the chart, its id and size;
#: the milliseconds for which it is kept, or nothing; the quota in bytes, or 0; how many expired
#: ones are forgotten in passing, and at once where room is needed. A chart never changes under its
#: id; of two times the longer one holds. Returns nothing where it is stored; beyond the quota, what
#: is missing to it, and the times and sizes of those that expire first.
_PUT = (
    _FORGETTING
    + """
local owned, usage, chart = unpack(KEYS)
local size, life, quota = tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
local function above() return tonumber(redis.call('GET', usage) or '0') + size - quota end
forget(owned, usage, ARGV[6])
local left = redis.call('PTTL', chart)
if left == -2 and quota > 0 then
  while above() > 0 and forget(owned, usage, ARGV[7]) > 0 do end
  if above() > 0 then
    local mortal = {owned, now, '(inf', 'WITHSCORES', 'LIMIT', 0, ARGV[7]}
    return {above(), now, redis.call('ZRANGEBYSCORE', unpack(mortal))}
  end
end
if left == -2 then redis.call('SET', chart, ARGV[1]) end
if life == '' then
  redis.call('PERSIST', chart)
elseif left ~= -1 and left < tonumber(life) then
  redis.call('PEXPIRE', chart, life)
end
local member, kept = size .. ':' .. ARGV[2], redis.call('PTTL', chart)
if not redis.call('ZSCORE', owned, member) then redis.call('INCRBY', usage, size) end
redis.call('ZADD', owned, kept == -1 and '+inf' or now + kept, member)
local last = redis.call('ZRANGE', owned, -1, -1, 'WITHSCORES')[2]
for _, key in ipairs({owned, usage}) do
  if last == 'inf' then redis.call('PERSIST', key) else redis.call('PEXPIREAT', key, last) end
end
"""
)

#: Expired charts that one put forgets in passing: more than it adds.
_IN_PASSING = 10
#: Expired charts that one step forgets, or looks at.
_AT_ONCE = 1000


class RedisCharts:
    """Charts by id, in one Redis for all processes of a cluster.

    The server must not evict (`maxmemory-policy noeviction`): the address of a chart that it forgot
    shows nothing any more.
    """

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._put = redis.register_script(_PUT)
        self._forget = redis.register_script(_FORGET)

    async def get(self, id: str) -> Chart | None:  # noqa: A002 -- the field's word
        """Return one chart, None where there is none or it has expired."""
        found = await redis_answer(self._redis.get(_PREFIX + id))
        return None if found is None else msgspec.msgpack.decode(found, type=Chart)

    async def put(self, chart: Chart, *, keep: float | None, quota: int = 0) -> None:
        """Store a chart for `keep` seconds from now, for ever if None; never shorten its time.

        Raises `LimitReached` where all charts of its owner would be more than `quota` bytes.
        """
        # MessagePack: specs are bytes, which JSON would have as base64
        written = msgspec.msgpack.encode(chart)
        life = "" if keep is None else round(keep * 1000)
        keys = [_OWNED + chart.owner, _USAGE + chart.owner, _PREFIX + chart.id]
        told = (written, chart.id, len(chart.spec), life)
        full = await redis_answer(self._put(keys=keys, args=[*told, quota, _IN_PASSING, _AT_ONCE]))
        if full is not None:
            raise quota_reached(quota, _room_in(*full))

    async def usage(self, owner: str) -> int:
        """See `Charts.usage`."""
        return int(await redis_answer(self._redis.get(_USAGE + owner)) or 0)

    async def sweep(self) -> int:
        """Forget the charts whose time is over, which Redis has deleted; return how many."""
        with redis_errors():
            found = self._redis.scan_iter(match=f"{_OWNED}*", count=_AT_ONCE)
            return sum([await self._forget_all(key) async for key in found])

    async def _forget_all(self, owned: bytes) -> int:
        keys, forgotten = [owned, _USAGE.encode() + owned.removeprefix(_OWNED.encode())], 0
        while some := await redis_answer(self._forget(keys=keys, args=[_AT_ONCE])):
            forgotten += some
        return forgotten


def _room_in(needed: int, now: int, first: list[bytes]) -> float | None:
    """Return the seconds until so many bytes have expired, None where they never do.

    `first` are members and scores of those that expire first, by turns.
    """
    for member, time in zip(first[::2], first[1::2], strict=True):
        needed -= int(member.partition(b":")[0])
        if needed <= 0:
            return (float(time) - now) / 1000
    return None
