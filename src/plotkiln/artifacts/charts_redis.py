"""Stored charts in Redis."""

from typing import TYPE_CHECKING

import msgspec

from plotkiln.artifacts.charts import Chart, quota_reached
from plotkiln.state.redis import redis_answer

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["RedisCharts"]

_PREFIX = "plotkiln:chart:"

#: Of each owner: a sorted set of `size:id`, by when they expire, and the sum of the sizes.
_OWNED, _USAGE = "plotkiln:charts-of:", "plotkiln:charts-size:"

#: Keys: the chart, what its owner has, and how much that is. Arguments: the chart and its id; the
#: milliseconds for which it is kept, or nothing; the quota in bytes, or 0; how many expired ones
#: are forgotten at once. A chart never changes under its id; of two times the longer one holds.
#: Returns nothing where it is stored; beyond the quota, what is missing to it, and the times and
#: sizes of those that expire first.
_PUT = """
local left = redis.call('PTTL', KEYS[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local size = left == -2 and #ARGV[1] or redis.call('STRLEN', KEYS[1])
local member = size .. ':' .. ARGV[2]
local quota, usage = tonumber(ARGV[4]), tonumber(redis.call('GET', KEYS[3]) or '0')
local function size_of(one) return tonumber(string.match(one, '^%d+')) end
local function expired()
  local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, ARGV[5])
  for _, one in ipairs(gone) do
    usage = redis.call('DECRBY', KEYS[3], size_of(one))
    redis.call('ZREM', KEYS[2], one)
  end
  return #gone
end
if left == -2 and quota > 0 then
  while usage + size > quota and expired() > 0 do end
  if usage + size > quota then
    local mortal = {KEYS[2], now, '(inf', 'WITHSCORES', 'LIMIT', 0, ARGV[5]}
    return {usage + size - quota, now, redis.call('ZRANGEBYSCORE', unpack(mortal))}
  end
end
if left == -2 then redis.call('SET', KEYS[1], ARGV[1]) end
if not redis.call('ZSCORE', KEYS[2], member) then redis.call('INCRBY', KEYS[3], size) end
if ARGV[3] == '' then
  redis.call('PERSIST', KEYS[1])
elseif left ~= -1 and left < tonumber(ARGV[3]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
local life = redis.call('PTTL', KEYS[1])
redis.call('ZADD', KEYS[2], life == -1 and '+inf' or now + life, member)
"""

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
        keys = [_PREFIX + chart.id, _OWNED + chart.owner, _USAGE + chart.owner]
        full = await redis_answer(
            self._put(keys=keys, args=[written, chart.id, life, quota, _AT_ONCE])
        )
        if full is not None:
            raise quota_reached(quota, _room_in(*full))

    async def usage(self, owner: str) -> int:
        """See `Charts.usage`."""
        return int(await redis_answer(self._redis.get(_USAGE + owner)) or 0)

    async def sweep(self) -> int:
        """Delete nothing: Redis does so by itself."""
        return 0


def _room_in(needed: int, now: int, first: list[bytes]) -> float | None:
    """Return the seconds until so many bytes have expired, None where they never do.

    `first` are members and scores of those that expire first, by turns.
    """
    for member, time in zip(first[::2], first[1::2], strict=True):
        needed -= int(member.partition(b":")[0])
        if needed <= 0:
            return (float(time) - now) / 1000
    return None
