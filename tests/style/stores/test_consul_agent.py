"""What can be asked of a Consul without writing anything, with and without permission."""

import json
import secrets
from collections.abc import Iterator
from urllib.error import HTTPError

import pytest

from conftest import require
from plotkiln.errors import AccessDenied, StoreUnavailable
from plotkiln.style.stores.consul_agent import ConsulAgent
from plotkiln.style.stores.consul_config import ConsulConfig
from servers import Consul, free_port

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def guarded() -> Iterator[Consul]:
    """Start a Consul that denies what no policy allows."""
    require(Consul.binary(), "consul")
    with Consul(acl=True) as agent:
        yield agent


def agent_of(consul: Consul, token: str, prefix: str = "styles") -> ConsulAgent:
    """Look at a Consul with a token."""
    return ConsulAgent(ConsulConfig(address=consul.url, token=token), prefix=prefix)


def prefix_rules(folder: str, policy: str) -> str:
    """Return the rules that allow something below a folder."""
    return json.dumps({"key_prefix": {folder: {"policy": policy}}})


async def test_the_release_is_told(consul: Consul) -> None:
    """A Consul without ACLs tells anybody its release."""
    async with agent_of(consul, "") as agent:
        version = await agent.version()
    assert version == consul.call("GET", "agent/self")["Config"]["Version"]


async def test_the_release_may_be_hidden(guarded: Consul) -> None:
    """Without permission to read the agent the release is not known, which is no fault."""
    async with agent_of(guarded, "") as agent:
        assert await agent.version() is None


async def test_permission_to_write_is_found_without_writing(guarded: Consul) -> None:
    """A token that may write both folders passes, and neither has a key afterwards."""
    prefix = f"test/{secrets.token_hex(4)}/styles"
    token = guarded.create_token(f"w{secrets.token_hex(4)}", rules=prefix_rules(prefix, "write"))
    async with agent_of(guarded, token, prefix) as agent:
        await agent.check_write()
    with pytest.raises(HTTPError, match="404"):
        guarded.call("GET", f"kv/{prefix}?keys")


@pytest.mark.parametrize("policy", ["read", "deny"])
async def test_a_missing_permission_is_named(guarded: Consul, policy: str) -> None:
    """A token that may not write is told which permission it lacks."""
    prefix = f"test/{secrets.token_hex(4)}/styles"
    token = guarded.create_token(f"r{secrets.token_hex(4)}", rules=prefix_rules(prefix, policy))
    async with agent_of(guarded, token, prefix) as agent:
        with pytest.raises(AccessDenied, match=f"write on the key_prefix .*{prefix}-history/"):
            await agent.check_write()


async def test_the_history_needs_permission_too(guarded: Consul) -> None:
    """A token that may write styles alone cannot write them: the history goes along."""
    prefix = f"test/{secrets.token_hex(4)}/styles"
    rules = prefix_rules(f"{prefix}/", "write")
    token = guarded.create_token(f"h{secrets.token_hex(4)}", rules=rules)
    async with agent_of(guarded, token, prefix) as agent:
        with pytest.raises(AccessDenied):
            await agent.check_write()


async def test_an_absent_consul_is_unavailable() -> None:
    """Where nothing listens neither question has an answer."""
    config = ConsulConfig(address=f"http://127.0.0.1:{free_port()}")
    async with ConsulAgent(config, prefix="styles") as agent:
        with pytest.raises(StoreUnavailable):
            await agent.version()
        with pytest.raises(StoreUnavailable):
            await agent.check_write()
