"""The policies that docs/consul.md gives do what it says, on a Consul that guards lists too."""

from collections.abc import Iterator

import pytest

from conftest import require
from docs.fences import ROOT, blocks
from plotkiln.errors import AccessDenied
from plotkiln.style.stores.consul import ConsulStyles
from plotkiln.style.stores.consul_config import ConsulConfig
from servers import Consul

pytestmark = pytest.mark.anyio

PREFIX = "plotting/styles"


@pytest.fixture(params=[True, False], ids=["lists guarded", "lists free"])
def guarded(request: pytest.FixtureRequest) -> Iterator[Consul]:
    """Start a Consul that asks for tokens."""
    require(Consul.binary(), "consul")
    settings = {"acl": {"enable_key_list_policy": request.param}}
    with Consul(acl=True, settings=settings) as agent:
        yield agent


def _styles(agent: Consul, name: str) -> ConsulStyles:
    """Return the styles as a token with the documented policy of this name sees them."""
    info = ("hcl", name)
    (rules,) = [block.text for block in blocks(ROOT / "docs/consul.md") if block.info == info]
    token = agent.create_token(name, rules=rules)
    return ConsulStyles(ConsulConfig(address=agent.url, token=token), prefix=PREFIX)


async def test_the_documented_policies_are_enough(guarded: Consul) -> None:
    """One writes and reads everything, the other reads everything and writes nothing."""
    async with _styles(guarded, "write") as writer, _styles(guarded, "read") as reader:
        stored = await writer.write("a", b"{}", expected=0)
        guarded.put(f"{PREFIX}/b", b"{}")
        assert await writer.observe(await writer.list()) == 1
        for styles in (writer, reader):
            assert (await styles.list()).documents["a"] == stored
            assert [entry.version for entry in await styles.history("a")] == [stored.version]
            assert await styles.recorded() == {"a", "b"}
            assert await styles.history("never") == []
        with pytest.raises(AccessDenied):
            await reader.write("a", b'{"font": {}}', expected=stored.version)
        with pytest.raises(AccessDenied):
            await reader.delete("a", expected=stored.version)
        await writer.delete("a", expected=stored.version)
