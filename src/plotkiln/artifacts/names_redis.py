"""Artifacts in Redis."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from plotkiln.artifacts.names import Artifact
from plotkiln.errors import PreconditionFailed
from plotkiln.state.redis import redis_answer

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["RedisArtifacts"]

#: All keys lie in one hash slot, so that a record and the list of names change together.
_PREFIX = "plotkiln:{artifacts}:"
_NAMES = f"{_PREFIX}names"

#: Returns the version that was found: the one that was expected where the record was replaced.
_REPLACE = """
local found = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if found == tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'version', found + 1, 'record', ARGV[2])
  redis.call('ZADD', KEYS[2], 0, ARGV[3])
end
return found
"""

_FORGET = """
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('DEL', KEYS[1])
"""


class RedisArtifacts:
    """Artifacts by name, in one Redis for all processes of a cluster.

    The server must not evict (`maxmemory-policy noeviction`). What it acknowledged and lost in a
    failover sets a name back to an older picture, until the next event with a newer number.
    """

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._replace = redis.register_script(_REPLACE)
        self._forget = redis.register_script(_FORGET)

    async def get(self, name: str) -> Artifact | None:
        """Return what a name points to, None where there is no such name."""
        found = await redis_answer(self._redis.hget(_PREFIX + name, "record"))
        return None if found is None else msgspec.json.decode(found, type=Artifact)

    async def put(self, artifact: Artifact) -> Artifact:
        """Replace the record of version `artifact.version` (0 creates); return the stored one.

        Raises `PreconditionFailed` when the stored version is another.
        """
        name, expected = artifact.name, artifact.version
        after = msgspec.structs.replace(artifact, version=expected + 1)
        found = await redis_answer(
            self._replace(
                keys=[_PREFIX + name, _NAMES], args=[expected, msgspec.json.encode(after), name]
            )
        )
        if int(found) != expected:
            raise PreconditionFailed(f"{name} has version {int(found)}, not {expected}.")
        return after

    async def remove(self, name: str) -> None:
        """Forget a name, if it is there."""
        await redis_answer(self._forget(keys=[_PREFIX + name, _NAMES], args=[name]))

    async def names(self, *, after: str = "", limit: int = 100) -> Sequence[str]:
        """Return the first `limit` names that come after one, in the order of their bytes."""
        start = f"({after}" if after else "-"
        found = await redis_answer(self._redis.zrangebylex(_NAMES, start, "+", start=0, num=limit))
        return [name.decode() if isinstance(name, bytes) else name for name in found]
