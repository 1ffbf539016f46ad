"""A server on a Consul that asks for tokens: what its users see of that."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from conftest import require
from kilns import Kiln
from servers import Consul, free_port, wait_until

CREATE = {"If-None-Match": "*"}
RED, BLUE = b'{"title": {"color": "#ff0000"}}', b'{"title": {"color": "#0000ff"}}'


@pytest.fixture(scope="module")
def guarded() -> Iterator[Consul]:
    """Start a Consul that asks for tokens."""
    require(Consul.binary(), "consul")
    with Consul(acl=True) as agent:
        yield agent


def kiln(agent: Consul, data: Path, prefix: str, policy: str, **more: str) -> Kiln:
    """Return a server whose token has one policy on the styles and their history."""
    rules = f'key_prefix "{prefix}" {{ policy = "{policy}" }}'
    return Kiln(
        data,
        command=None,
        CONSUL_HTTP_ADDR=agent.url,
        CONSUL_HTTP_TOKEN=agent.create_token(secrets.token_hex(8), rules=rules),
        PLOTKILN_STYLES_PREFIX=prefix,
        **more,
    )


def test_a_server_that_only_reads_says_what_it_lacks(guarded: Consul, tmp_path: Path) -> None:
    """Pictures and documents are there; a write is 503 with the permission that lacks."""
    guarded.put("reading/default", RED)
    with kiln(guarded, tmp_path, "reading", "read") as running, running.client() as client:
        wait_until(lambda: client.get("/styles/default").json() == {"title": {"color": "#ff0000"}})
        version = client.get("/styles/default").headers["etag"]
        pinned = f"default@{version.strip(chr(34))}"
        drawn = client.post("/plot", json={"y": [1, 2], "style": pinned})
        assert drawn.headers["plotkiln-style"] == pinned
        refused = client.put("/styles/default", content=BLUE, headers={"If-Match": version})
        assert refused.status_code == 503
        assert 'needs write on the key_prefix "reading/"' in refused.json()["detail"]
        history = client.get("/styles/default/history").json()
        assert history["changes"] == []


def test_edits_in_consul_enter_the_history(guarded: Consul, tmp_path: Path) -> None:
    """What is put into Consul by others is in the history, can be pinned and gone back to."""
    dead = f"127.0.0.1:{free_port()},{guarded.url}"
    settings = {"CONSUL_HTTP_ADDR": dead}
    guarded.put("writing/a", RED)
    running = kiln(guarded, tmp_path, "writing", "write")
    running.settings |= settings
    with running, running.client() as client:
        wait_until(lambda: kinds(client) == ["observed"])
        guarded.put("writing/a", BLUE)
        wait_until(lambda: kinds(client) == ["observed", "observed"])
        newest, oldest = client.get("/styles/a/history").json()["changes"]
        assert newest["differences"] == ["title.color #ff0000 → #0000ff"]
        old = f"a@{oldest['version']}"
        assert client.post("/plot", json={"y": [1], "style": old}).status_code == 200
        tag = client.get("/styles/a").headers["etag"]
        asked = {"version": int(oldest["version"])}
        answer = client.post("/styles/a/rollback", json=asked, headers={"If-Match": tag})
        assert answer.status_code == 204
        assert guarded.version("writing/a") == int(answer.headers["etag"].strip('"'))
        assert kinds(client) == ["rolled-back", "observed", "observed"]


def kinds(client: httpx.Client) -> list[str]:
    """Return the kinds of the newest changes."""
    answer = client.get("/styles/a/history")
    return [change["kind"] for change in answer.json().get("changes", [])]
