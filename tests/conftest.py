"""What all tests share: real parts, started once a session, absent only with a reason."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from issuers import Issuer
from redis_servers import RedisServer
from servers import Consul


def require(present: object, what: str, *, mend: str = "tests/install-tools.sh") -> None:
    """Skip at a desk where a part is missing; fail where CI=true, which must have every part."""
    if present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs {what}: {mend} brings it")
    pytest.skip(f"{what} is not here: run {mend}")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run the asynchronous tests on asyncio, as the web process does."""
    return "asyncio"


@pytest.fixture(scope="session")
def consul() -> Iterator[Consul]:
    """Start one Consul for all tests that do not kill it; each uses a prefix of its own."""
    require(Consul.binary(), "consul")
    with Consul() as agent:
        yield agent


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Consul]:
    """Start a Consul for one test, that keeps its data when it is killed."""
    require(Consul.binary(), "consul")
    with Consul(data=tmp_path / "consul") as agent:
        yield agent


@pytest.fixture
def forgetful() -> Iterator[Consul]:
    """Start a Consul for one test, that is empty again after a restart."""
    require(Consul.binary(), "consul")
    with Consul() as agent:
        yield agent


@pytest.fixture
def guarded() -> Iterator[Consul]:
    """Start a Consul for one test, that asks for tokens."""
    require(Consul.binary(), "consul")
    with Consul(acl=True) as agent:
        yield agent


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """Start one Redis for all tests that do not kill it."""
    require(RedisServer.binary(), "redis-server")
    with RedisServer() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """Return the address of a Redis that is empty."""
    redis_server.command("FLUSHALL")
    return redis_server.url


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    """Start one OpenID provider for all tests that change nothing about it but add clients."""
    require(Issuer.is_installed(), "oidc-provider", mend="make test")
    with Issuer() as provider:
        yield provider


@pytest.fixture
def own_issuer() -> Iterator[Issuer]:
    """Start an OpenID provider for one test, which may rotate its keys and have it go away."""
    require(Issuer.is_installed(), "oidc-provider", mend="make test")
    with Issuer() as provider:
        yield provider
