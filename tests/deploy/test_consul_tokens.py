"""What `deploy/consul` makes in a Consul is what the manifests name, and what the docs say."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from manifests.objects import Overlay

from docs.fences import ROOT, blocks
from plotkiln.errors import AccessDenied
from plotkiln.style.stores.consul import ConsulStyles
from plotkiln.style.stores.consul_config import ConsulConfig
from servers import Consul

FOLDER = ROOT / "deploy/consul"


def rules(name: str) -> str:
    """Return a policy's file without its comments."""
    return re.sub(r"^#.*\n", "", (FOLDER / name).read_text(), flags=re.MULTILINE)


def tokens(agent: Consul) -> dict[str, str]:
    """Run the script; return the token of each Secret that it prints."""
    binary = Path(Consul.binary() or "consul")
    done = subprocess.run(
        [FOLDER / "tokens.sh"],
        env={
            "PATH": f"{binary.parent}:{os.environ['PATH']}",
            "CONSUL_HTTP_ADDR": agent.url,
            "CONSUL_HTTP_TOKEN": agent.token,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    secrets = [one for one in yaml.safe_load_all(done.stdout) if one]
    return {one["metadata"]["name"]: one["stringData"]["token"] for one in secrets}


def test_the_docs_say_the_same() -> None:
    """The policies of the guide are those of the files."""
    said = {block.info: block.text for block in blocks(ROOT / "docs/consul.md")}
    for name in ("read", "write"):
        assert said["hcl", name].strip() == rules(f"{name}.hcl").strip()


def test_the_secrets_are_those_of_production(guarded: Consul, production: Overlay) -> None:
    """Each token comes as a Secret that production names, also where the policies are there."""
    first, second = tokens(guarded), tokens(guarded)
    assert set(first) == {"plotkiln-consul-read", "plotkiln-consul-write"}
    assert all(production.is_given("Secret", name, "token") for name in first)
    assert set(first.values()).isdisjoint(second.values())


@pytest.mark.anyio
async def test_a_token_may_what_its_name_says(guarded: Consul) -> None:
    """One writes styles, the other reads them and no more."""
    made = tokens(guarded)
    reads, writes = (
        ConsulStyles(
            ConsulConfig(address=guarded.url, token=made[f"plotkiln-consul-{act}"]),
            prefix="plotting/styles",
        )
        for act in ("read", "write")
    )
    async with reads as reader, writes as writer:
        stored = await writer.write("a", b"{}", expected=0)
        assert (await reader.list()).documents["a"] == stored
        with pytest.raises(AccessDenied):
            await reader.write("a", b'{"font": {}}', expected=stored.version)
