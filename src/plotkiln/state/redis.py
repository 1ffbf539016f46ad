"""Redis for asyncio: one pool of connections, and one kind of error."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec

from plotkiln.errors import AccessDenied, StoreUnavailable
from plotkiln.traces import span

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["Durability", "Loss", "durability", "open_redis", "redis_answer", "redis_errors"]

#: Seconds to connect in, and to be answered in. A script here takes microseconds: whoever takes
#: longer hangs.
_CONNECT, _ANSWER = 1.0, 2.5

#: Commands under way at once; more wait for a connection, as long as for an answer.
_CONNECTIONS = 16


class Loss(NamedTuple):
    """What a server's settings may lose, and the mend."""

    what: str
    mend: str


class Durability(msgspec.Struct, frozen=True, kw_only=True):
    """What a server does with data when memory, or the process, ends."""

    version: str
    #: `noeviction`, or how keys are chosen that vanish when memory is short.
    eviction: str
    #: Whether every write goes to a log on disk.
    appended: bool
    #: `always`, `everysec` or `no`: when that log is written out; empty where it is not told.
    flushed: str = ""

    def losses(self) -> Iterator[Loss]:
        """Yield what may be lost."""
        if self.eviction != "noeviction":
            forgets = "when memory is short, Redis forgets counts, charts and jobs"
            yield Loss(
                f"maxmemory-policy is {self.eviction}: {forgets}",
                "Set maxmemory-policy to noeviction.",
            )
        if not self.appended:
            forgets = "a restart of Redis forgets what came after its last snapshot"
            yield Loss(f"appendonly is off: {forgets}", "Set appendonly to yes.")
        elif self.flushed == "no":
            forgets = "a crash of Redis's machine forgets what the disk had not been given yet"
            yield Loss(f"appendfsync is no: {forgets}", "Set appendfsync to everysec or always.")


@asynccontextmanager
async def open_redis(url: str) -> AsyncIterator["Redis"]:
    """Return a client of `redis://…`, `rediss://…` or `unix://…`; it connects at its first command.

    Nothing is sent twice: a command that nobody answered may have been done, and only its sender
    knows whether it may be done again. A connection that Redis closed meanwhile, or that leads to a
    server that became a replica, is opened anew before it is used again. The URL's query overrides
    the bounds: `?socket_timeout=5`.

    Raises `StoreUnavailable` when the URL is none.
    """
    # 80 ms, for those who keep their state in Redis
    from redis.asyncio import BlockingConnectionPool, Redis  # noqa: PLC0415
    from redis.asyncio.retry import Retry  # noqa: PLC0415
    from redis.backoff import NoBackoff  # noqa: PLC0415
    from redis.exceptions import ReadOnlyError  # noqa: PLC0415

    try:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=_ANSWER,
            socket_connect_timeout=_CONNECT,
            socket_timeout=_ANSWER,
            retry=Retry(NoBackoff(), 0),
            # after a failover the way leads elsewhere: look it up anew
            retry_on_error=[ReadOnlyError],
            client_name="plotkiln",
            protocol=2,
        )
    except ValueError as error:
        raise StoreUnavailable("PLOTKILN_REDIS_URL is no address of a Redis", why=error) from error
    client: Redis = Redis.from_pool(pool)
    try:
        yield client
    finally:
        await client.aclose()


@contextmanager
def redis_errors() -> Iterator[None]:
    """Raise `StoreUnavailable` for whatever Redis, or the way to it, fails by.

    `AccessDenied` where it refuses the user or the command. A cancel that its client drops while it
    connects (Python 3.11's `asyncio.wait_for` does) is raised once it has answered.
    """
    from redis import exceptions  # noqa: PLC0415 -- as above; loaded by now

    denied = (
        exceptions.AuthenticationError,
        exceptions.AuthorizationError,
        exceptions.NoPermissionError,
    )
    before = _cancels()
    try:
        yield
    except denied as error:
        raise AccessDenied("Redis denies access", why=error) from error
    except (exceptions.RedisError, OSError) as error:
        raise StoreUnavailable("Redis fails", why=error) from error
    if _cancels() > before:
        raise asyncio.CancelledError


async def redis_answer(call: Any) -> Any:
    """Wait for Redis, whose client says of each command that it may, or may not, be awaited.

    Raises what `redis_errors` raises.
    """
    with redis_errors(), span("redis", {"db.system.name": "redis"}, kind="client"):
        return await cast("Awaitable[Any]", call)


async def durability(redis: "Redis") -> Durability:
    """Ask a server what it does with data.

    By INFO; CONFIG, which many a provider refuses, tells only what INFO does not. Raises
    `StoreUnavailable`.
    """
    from redis.exceptions import ResponseError  # noqa: PLC0415 -- as above

    with redis_errors():
        told = await redis.info("server") | await redis.info("memory")
        told |= await redis.info("persistence")
        try:
            flushed = (await redis.config_get("appendfsync")).get("appendfsync", "")
        except ResponseError:  # a refusal, too: `NoPermissionError` is one
            flushed = ""
    return Durability(
        version=str(told.get("redis_version", "unknown")),
        eviction=str(told.get("maxmemory_policy", "unknown")),
        appended=bool(told.get("aof_enabled")),
        flushed=str(flushed),
    )


def _cancels() -> int:
    """Return how many cancels this task was sent and has not done with."""
    task = asyncio.current_task()
    return 0 if task is None else task.cancelling()
