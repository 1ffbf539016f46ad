"""Who may do what in Consul: policies, namespaces, several agents, and a lost leader."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from conftest import require
from plotkiln.errors import AccessDenied, StoreUnavailable
from plotkiln.style.history import Note
from plotkiln.style.live import LiveStyles
from plotkiln.style.stores import StyleStore
from plotkiln.style.stores.consul import ConsulStyles
from plotkiln.style.stores.consul_config import ConsulConfig
from servers import Consul, eventually, free_port, wait_until

pytestmark = pytest.mark.anyio

A, B = b'{"font": {"size": 9}}', b'{"font": {"size": 10}}'

READ = """
key_prefix "styles/" { policy = "read" }
key_prefix "styles-history/" { policy = "read" }
"""
WRITE = """
key_prefix "styles/" { policy = "write" }
key_prefix "styles-history/" { policy = "write" }
"""


@pytest.fixture(scope="module")
def guarded() -> Iterator[Consul]:
    """Start a Consul that asks for tokens, lists included."""
    require(Consul.binary(), "consul")
    settings = {"acl": {"enable_key_list_policy": True}}
    with Consul(acl=True, settings=settings) as agent:
        agent.put("styles/default", A)
        yield agent


@asynccontextmanager
async def as_(agent: Consul, rules: str) -> AsyncIterator[StyleStore]:
    """Open the styles with a token of these rules."""
    token = agent.create_token(secrets.token_hex(8), rules=rules)
    config = ConsulConfig(address=agent.url, token=token, wait=1)
    async with ConsulStyles(config, prefix="styles") as store:
        yield store


async def test_reading_needs_read_and_list(guarded: Consul) -> None:
    """With `list` on the folders everything is read: documents, history, names."""
    async with as_(guarded, READ.replace('"read"', '"list"')) as store:
        assert await store.read("default") is not None
        assert "default" in (await store.list()).documents
        assert await store.history("nobody") == []
        await store.recorded()


async def test_without_list_the_missing_permission_is_named(guarded: Consul) -> None:
    """Where lists are guarded too, `read` alone lists nothing, and the error says what lacks."""
    async with as_(guarded, READ) as store:
        assert await store.read("default") is not None
        with pytest.raises(AccessDenied, match=r'list .*key_prefix "styles/"'):
            await store.list()
        with pytest.raises(AccessDenied, match=r'list .*key_prefix "styles-history/default/"'):
            await store.history("default")


async def test_a_token_that_only_reads_writes_nothing(guarded: Consul) -> None:
    """Writes, removals and drafts are denied with the permission they need; nothing changes."""
    rules = READ.replace('"read"', '"list"')
    async with as_(guarded, rules) as store:
        stored = await store.read("default")
        assert stored is not None
        for act in (
            store.write("default", B, expected=stored.version),
            store.write("new", B, expected=0),
            store.delete("default", expected=stored.version),
            store.publish(stored, "new", expected=0, note=Note()),
            store.observe(await store.list()),
        ):
            with pytest.raises(AccessDenied, match=r'needs write on the key_prefix .*"styles'):
                await act
        assert await store.read("default") == stored


async def test_writing_needs_the_history_too(guarded: Consul) -> None:
    """A policy that forgets the history lets nobody write past it."""
    rules = (
        'key_prefix "styles/" { policy = "write" } key_prefix "styles-history/" { policy = "list" }'
    )
    async with as_(guarded, rules) as store:
        with pytest.raises(AccessDenied, match='"styles-history/other/"'):
            await store.write("other", A, expected=0)
        assert await store.read("other") is None


async def test_a_token_that_writes_does_everything(guarded: Consul) -> None:
    """With `write` on both folders styles live, with their history."""
    async with as_(guarded, WRITE) as store:
        stored = await store.write("lives", A, expected=0, note=Note(who="ada"))
        stored = await store.write("lives", B, expected=stored.version)
        await store.delete("lives", expected=stored.version)
        kinds = [entry.kind for entry in await store.history("lives")]
        assert kinds == ["deleted", "written", "written"]
        assert await store.prune() == 0


async def test_a_narrowed_policy_counts_at_once(guarded: Consul) -> None:
    """What a policy loses is denied with the next call, and what it regains is there."""
    name = secrets.token_hex(8)
    token = guarded.create_token(name, rules=WRITE)
    config = ConsulConfig(address=guarded.url, token=token)
    async with ConsulStyles(config, prefix="styles") as store:
        stored = await store.write("narrow", A, expected=0)
        guarded.change_rules(name, rules=READ)
        with pytest.raises(AccessDenied):
            await store.write("narrow", B, expected=stored.version)
        guarded.change_rules(name, rules="")
        with pytest.raises(AccessDenied, match='read on the key "styles/narrow"'):
            await store.read("narrow")
        guarded.change_rules(name, rules=WRITE)
        await store.delete("narrow", expected=stored.version)


async def test_a_revoked_token_is_told_and_a_renewed_one_is_taken(
    guarded: Consul, tmp_path: Path
) -> None:
    """A token that is deleted is no token; one that is put into the file is used at once."""
    file = tmp_path / "token"
    token = guarded.create_token(secrets.token_hex(8), rules=WRITE)
    file.write_text(token)
    config = ConsulConfig(address=guarded.url, token_file=file)
    async with ConsulStyles(config, prefix="styles") as store:
        stored = await store.write("revoked", A, expected=0)
        guarded.revoke(token)
        with pytest.raises(AccessDenied, match="ACL not found"):
            await store.write("revoked", B, expected=stored.version)
        with pytest.raises(AccessDenied, match="ACL not found"):
            await store.read("revoked")
        file.write_text(guarded.create_token(secrets.token_hex(8), rules=WRITE))
        await store.delete("revoked", expected=stored.version)


class Wire(msgspec.Struct):
    """What was sent: each request's line, headers and body."""

    requests: list[tuple[str, dict[str, str], bytes]] = []

    def queries(self) -> list[dict[str, list[str]]]:
        """Return the query of each request."""
        return [parse_qs(urlsplit(line.split()[1]).query) for line, _, _ in self.requests]


@asynccontextmanager
async def recording() -> AsyncIterator[tuple[str, Wire]]:
    """Answer like a Consul that knows nothing and does everything; record what it is asked."""
    wire = Wire()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        wire.requests.append((head[0], headers, body))
        known = b'{"Results": [], "Errors": null}' if head[0].startswith("PUT") else b""
        status = b"200 OK" if known else b"404 Not Found"
        writer.write(
            b"HTTP/1.1 %s\r\nX-Consul-Index: 7\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
            % (status, len(known), known)
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}", wire


async def test_namespace_and_partition_go_over_the_wire() -> None:
    """Enterprise's two are in the query of each call, and in each step of a transaction."""
    async with recording() as (url, wire):
        config = ConsulConfig(address=url, namespace="team", partition="eu", token="secret")  # noqa: S106 -- made up
        async with ConsulStyles(config, prefix="styles") as store:
            await store.read("a")
            await store.list()
            await store.history("a")
            await store.write("a", A, expected=0)
    assert len(wire.requests) >= 5
    for query in wire.queries():
        assert (query["ns"], query["partition"]) == (["team"], ["eu"])
    assert all(headers["x-consul-token"] == "secret" for _, headers, _ in wire.requests)
    (body,) = [body for line, _, body in wire.requests if line.startswith("PUT")]
    steps = [step["KV"] for step in msgspec.json.decode(body)]
    assert len(steps) == 2
    assert {(step["Namespace"], step["Partition"]) for step in steps} == {("team", "eu")}


async def test_neither_is_sent_where_neither_is_set() -> None:
    """Consul's own edition is asked for no namespace, no partition, and with no token."""
    async with (
        recording() as (url, wire),
        ConsulStyles(ConsulConfig(address=url), prefix="styles") as store,
    ):
        await store.write("a", A, expected=0)
    assert not any({"ns", "partition"} & query.keys() for query in wire.queries())
    assert not any("x-consul-token" in headers for _, headers, _ in wire.requests)
    (body,) = [body for line, _, body in wire.requests if line.startswith("PUT")]
    assert b"Namespace" not in body
    assert b"Partition" not in body


async def test_the_next_agent_is_asked(consul: Consul) -> None:
    """Where one address is dead the next one answers, for reads, writes and the watch."""
    prefix = f"test/{secrets.token_hex(8)}/styles"
    address = f"http://127.0.0.1:{free_port()}, {consul.url}"
    async with ConsulStyles(ConsulConfig(address=address), prefix=prefix) as store:
        stored = await store.write("a", A, expected=0)
        assert await store.read("a") == stored
        watch = store.watch()
        assert (await anext(watch)).documents == {"a": stored}
        await watch.aclose()


async def test_an_agent_that_dies_is_followed_by_the_next(tmp_path: Path) -> None:
    """Two agents of one Consul, one killed: reads, writes and the watch go on with the other."""
    require(Consul.binary(), "consul")
    with Consul() as server, Consul(joins=server) as client:
        config = ConsulConfig(address=f"{client.url},{server.url}", wait=5)
        async with (
            ConsulStyles(config, prefix="styles") as store,
            LiveStyles(store, snapshot=None) as live,
        ):
            stored = await store.write("a", A, expected=0)
            await eventually(lambda: "a" in live.known())
            client.kill()
            stored = await store.write("a", B, expected=stored.version)
            await eventually(lambda: live.known()["a"].version == stored.version)
            assert live.reachable


async def test_when_nobody_answers_all_addresses_are_named() -> None:
    """The error lists every address that was tried."""
    address = f"http://127.0.0.1:{free_port()},http://127.0.0.1:{free_port()}"
    async with ConsulStyles(ConsulConfig(address=address), prefix="styles") as store:
        with pytest.raises(StoreUnavailable, match=address):
            await store.read("a")


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Consul, Consul]]:
    """Start two servers that need each other for a leader; the first holds the style `a`."""
    require(Consul.binary(), "consul")
    with (
        Consul(data=tmp_path / "one", servers=2) as one,
        Consul(data=tmp_path / "two", servers=2, joins=one) as two,
    ):
        one.wait_for_leader()
        one.put("styles/a", A)
        # what is committed reaches a follower with the leader's next word
        wait_until(lambda: one.knows("styles/a"))
        yield one, two


async def test_without_a_leader_styles_are_read(pair: tuple[Consul, Consul]) -> None:
    """A server that lost its leader tells what it knows; it is stale, and nothing is deleted."""
    one, two = pair
    version = one.version("styles/a")
    config = ConsulConfig(address=one.url, wait=5, read_timeout=1)
    async with (
        ConsulStyles(config, prefix="styles") as store,
        LiveStyles(store, snapshot=None) as live,
    ):
        await eventually(lambda: live.reachable and "a" in live.known())
        await asyncio.to_thread(two.kill)
        await eventually(lambda: not live.reachable, 30)
        assert (live.look("a").version, live.look("a").state) == (version, "stale")
        await _read_without_a_leader(store, version)
        async with LiveStyles(store, snapshot=None, cold_timeout=20) as cold:
            await cold.settled()
            assert (cold.look("a").version, cold.look("a").state) == (version, "stale")
            assert "no leader" in (cold.fault or "")
        await asyncio.to_thread(two.start, ready=False)
        await eventually(lambda: live.reachable, 60)
        assert live.look("a").state == "fresh"
        # the write that nobody answered may have been done when the leader came back
        stored = await store.read("a")
        assert stored is not None
        assert stored.data in {A, B}
        assert (await store.write("a", b"{}", expected=stored.version)).version > version


async def _read_without_a_leader(store: StyleStore, version: int) -> None:
    listing = await store.list()
    assert listing.documents["a"].version == version
    assert "no leader" in (listing.doubt or "")
    stored = await store.read("a")
    assert stored == listing.documents["a"]
    for act in (store.read("unknown"), store.write("a", B, expected=version)):
        with pytest.raises(StoreUnavailable):
            await act
    assert await store.observe(listing) == 0
