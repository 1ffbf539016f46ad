import asyncio
import socket
from pathlib import Path

import pytest

from conftest import require
from event_sinks import Authority
from plotkiln.errors import AccessDenied, StoreUnavailable
from plotkiln.state.redis import durability, open_redis, redis_errors
from redis_servers import RedisServer
from servers import free_port

pytestmark = pytest.mark.anyio


async def test_a_client_reads_what_it_wrote(redis_url: str) -> None:
    """What is written comes back, as bytes."""
    async with open_redis(redis_url) as redis:
        await redis.set("one", "1")
        assert await redis.get("one") == b"1"


async def test_more_callers_than_connections_wait_their_turn(redis_url: str) -> None:
    """Hundreds of commands at once are all answered by the few connections there are."""
    async with open_redis(redis_url) as redis:
        answers = await asyncio.gather(*(redis.incr("many") for _ in range(500)))
    assert sorted(answers) == list(range(1, 501))


async def test_a_server_that_is_away_is_unavailable() -> None:
    """Where nobody listens, the error is the tree's own, and says where."""
    async with open_redis(f"redis://127.0.0.1:{free_port()}/0") as redis:
        with pytest.raises(StoreUnavailable, match=r"Redis fails: .*127\.0\.0\.1"), redis_errors():
            await redis.get("one")


async def test_a_server_that_hangs_is_given_up() -> None:
    """Whoever takes a command and says nothing is away after the time that the URL allows."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"redis://127.0.0.1:{mute.getsockname()[1]}/0?socket_timeout=0.1"
        async with open_redis(url) as redis:
            with pytest.raises(StoreUnavailable), redis_errors():
                await redis.get("one")


async def test_a_restart_costs_no_command(tmp_path: Path) -> None:
    """A connection that broke while nothing was asked is opened anew before the next command."""
    require(RedisServer.binary(), "redis-server")
    with RedisServer(tmp_path, appendonly="yes", appendfsync="always") as server:
        async with open_redis(server.url) as redis:
            await redis.set("one", "1")
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
            assert await redis.get("one") == b"1"


async def test_a_server_that_became_a_replica_is_left(tmp_path: Path) -> None:
    """A write that a replica refuses is unavailable, and its connection is not used again."""
    require(RedisServer.binary(), "redis-server")
    with RedisServer(tmp_path) as server:
        async with open_redis(server.url) as redis:
            before = await redis.client_id()
            server.command("REPLICAOF", "127.0.0.1", str(free_port()))
            with pytest.raises(StoreUnavailable, match="read only replica"), redis_errors():
                await redis.set("one", "1")
            assert await redis.client_id() != before


async def test_a_server_is_reached_over_tls(tmp_path: Path) -> None:
    """`rediss://` encrypts, and trusts the authority that the URL names and no other."""
    require(RedisServer.binary(), "redis-server")
    authority, port = Authority(tmp_path), free_port()
    certificate = str(authority.issue())
    options = {"tls_port": str(port), "tls_auth_clients": "no"}
    options |= {"tls_cert_file": certificate, "tls_key_file": certificate}
    options |= {"tls_ca_cert_file": str(tmp_path / "ca.pem")}
    with RedisServer(tmp_path / "data", **options):
        url = f"rediss://127.0.0.1:{port}/0"
        async with open_redis(f"{url}?ssl_ca_certs={tmp_path / 'ca.pem'}") as redis:
            assert await redis.ping()
        async with open_redis(url) as redis:
            with pytest.raises(StoreUnavailable, match="certificate"), redis_errors():
                await redis.ping()


async def test_a_refused_user_is_denied(tmp_path: Path) -> None:
    """A wrong password is no outage: it stays wrong until somebody mends it."""
    require(RedisServer.binary(), "redis-server")
    with RedisServer(tmp_path, requirepass="right") as server:
        url = server.url.replace("redis://", "redis://:wrong@")
        async with open_redis(url) as redis:
            with pytest.raises(AccessDenied), redis_errors():
                await redis.get("one")


async def test_an_address_that_is_none_is_told() -> None:
    """A URL of another scheme is refused with the setting's name."""
    with pytest.raises(StoreUnavailable, match="PLOTKILN_REDIS_URL"):
        async with open_redis("http://127.0.0.1"):
            pass


async def test_what_may_lose_data_is_told(tmp_path: Path, redis_url: str) -> None:
    """A server that evicts keys, or keeps no log, is warned of; one that does neither is not."""
    require(RedisServer.binary(), "redis-server")
    async with open_redis(redis_url) as redis:
        (loss,) = (await durability(redis)).losses()
    assert loss.what.startswith("appendonly is off")
    with RedisServer(tmp_path, appendonly="yes", maxmemory_policy="allkeys-lru") as server:
        async with open_redis(server.url) as redis:
            (loss,) = (await durability(redis)).losses()
    assert loss.what.startswith("maxmemory-policy is allkeys-lru")


async def test_when_the_log_is_flushed_is_told_where_it_may_be(tmp_path: Path) -> None:
    """A log that is never written out is warned of; a user who may not ask is told all else."""
    require(RedisServer.binary(), "redis-server")
    with RedisServer(tmp_path, appendonly="yes", appendfsync="no") as server:
        async with open_redis(server.url) as redis:
            (loss,) = (await durability(redis)).losses()
            assert loss.what.startswith("appendfsync is no")
        server.command("ACL", "SETUSER", "plain", "on", ">word", "~*", "+@all", "-config")
        async with open_redis(server.url.replace("redis://", "redis://plain:word@")) as redis:
            told = await durability(redis)
        assert (told.appended, told.flushed, list(told.losses())) == (True, "", [])
