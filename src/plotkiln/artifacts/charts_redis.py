"""Stored charts in Redis."""

from typing import TYPE_CHECKING

import msgspec

from plotkiln.artifacts.charts import Chart
from plotkiln.state.redis import redis_answer

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["RedisCharts"]

_PREFIX = "plotkiln:chart:"

#: Arguments: the chart, and the milliseconds for which it is kept, or nothing. A chart never
#: changes under its id; of two times the longer one holds.
_PUT = """
local left = redis.call('PTTL', KEYS[1])
if left == -2 then redis.call('SET', KEYS[1], ARGV[1]) end
if ARGV[2] == '' then
  redis.call('PERSIST', KEYS[1])
elseif left ~= -1 and left < tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
"""


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

    async def put(self, chart: Chart, *, keep: float | None) -> None:
        """Store a chart for `keep` seconds from now, for ever if None; never shorten its time."""
        # MessagePack: specs are bytes, which JSON would have as base64
        written = msgspec.msgpack.encode(chart)
        life = "" if keep is None else round(keep * 1000)
        await redis_answer(self._put(keys=[_PREFIX + chart.id], args=[written, life]))

    async def sweep(self) -> int:
        """Delete nothing: Redis does so by itself."""
        return 0
