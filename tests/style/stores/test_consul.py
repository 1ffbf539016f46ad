"""What only the store in Consul has: its address, tokens, TLS, foreign keys and wrong answers."""

import asyncio
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from conftest import require
from plotkiln.errors import AccessDenied, SettingsError, StoreUnavailable
from plotkiln.style.stores import Listing
from plotkiln.style.stores.consul import ConsulStyles
from plotkiln.style.stores.consul_config import ConsulConfig
from servers import Consul, free_port

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[str]:
    """Listen on a port and give every request the same answer; yield the address."""

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(respond, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}"


async def _list(config: ConsulConfig, prefix: str = "styles") -> Listing:
    async with ConsulStyles(config, prefix=prefix) as styles:
        return await styles.list()


async def test_other_keys_are_no_styles(consul: Consul) -> None:
    """Deeper keys, folders and keys that no style may have are passed over."""
    prefix = f"test/{secrets.token_hex(8)}/styles"
    for key in ("", "folder/", "folder/deep", ".dot", "with%20space", "default", "with-dash_1.0"):
        consul.put(f"{prefix}/{key}", b"{}")
    consul.put(f"{prefix}-history/default", b"{}")
    listing = await _list(ConsulConfig(address=consul.url), prefix=f"/{prefix}/")
    assert listing.documents.keys() == {"default", "with-dash_1.0"}


async def test_a_refused_connection_is_unavailable() -> None:
    """Where nothing listens the error names the address."""
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(StoreUnavailable, match=url):
        await _list(ConsulConfig(address=url))


async def test_silence_is_given_up() -> None:
    """A server that accepts and says nothing is given up after the read timeout."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(StoreUnavailable, match="ReadTimeout"):
            await _list(ConsulConfig(address=url, read_timeout=0.1))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", "no Consul"),
        (b"HTTP/1.1 200 OK\r\nx-consul-index: 7\r\ncontent-length: 2\r\n\r\nhi", "no Consul"),
        (b"HTTP/1.1 301 Moved\r\nlocation: /ui/\r\ncontent-length: 0\r\n\r\n", "301"),
        (b"HTTP/1.1 500 Oops\r\ncontent-length: 17\r\n\r\nNo cluster leader", "No cluster leader"),
        (b"not HTTP at all\r\n\r\n", "does not answer"),
    ],
)
async def test_no_other_answer_passes_for_an_empty_store(answer: bytes, words: str) -> None:
    """A proxy's 404, a web page, a redirect and an error list nothing."""
    async with answering(answer) as url:
        with pytest.raises(StoreUnavailable, match=words):
            await _list(ConsulConfig(address=url))


async def test_denied_access_is_told_from_absence(tmp_path: Path) -> None:
    """Reading a hidden key and writing without permission are denied; an absent key is None."""
    require(Consul.binary(), "consul")
    with Consul(acl=True) as agent:
        agent.put("styles/default", b"{}")
        token = agent.create_token("reader", rules='key "styles/absent" { policy = "read" }')
        async with ConsulStyles(
            ConsulConfig(address=agent.url, token=token), prefix="styles"
        ) as styles:
            assert await styles.read("absent") is None
            assert (await styles.list()).documents == {}
            with pytest.raises(AccessDenied):
                await styles.read("default")
            with pytest.raises(AccessDenied):
                await styles.write("absent", b"{}", expected=0)
        with pytest.raises(AccessDenied, match="ACL not found"):
            await _list(ConsulConfig(address=agent.url, token=secrets.token_hex(16)))


async def test_a_storm_of_changes_is_read_at_a_bounded_rate(consul: Consul) -> None:
    """Changes without a pause are gathered: about ten listings a second, the last one included."""
    prefix = f"test/{secrets.token_hex(8)}/styles"
    begin = time.monotonic()
    listings = 0
    async with (
        ConsulStyles(ConsulConfig(address=consul.url), prefix=prefix) as styles,
        aclosing(styles.watch()) as watch,
    ):
        storm = asyncio.create_task(asyncio.to_thread(_storm, consul, f"{prefix}/default"))
        async for listing in watch:
            listings += 1
            if listing.documents and listing.documents["default"].data == b"199":
                break
        await storm
    assert listings <= 2 + (time.monotonic() - begin) / 0.1 + 1


def _storm(consul: Consul, key: str) -> None:
    for number in range(200):
        consul.put(key, b"%d" % number)


async def test_a_unix_socket_is_an_address(tmp_path: Path) -> None:
    """Consul is reached through its Unix socket too."""
    require(Consul.binary(), "consul")
    path = tmp_path / "consul.sock"
    with Consul(settings={"addresses": {"http": f"127.0.0.1 unix://{path}"}}) as agent:
        agent.put("styles/default", b"{}")
        listing = await _list(ConsulConfig(address=f"unix://{path}"))
    assert listing.documents.keys() == {"default"}


async def test_tls_checks_both_sides(tmp_path: Path) -> None:
    """Consul's certificate is checked, ours is sent; an unknown CA is refused with the reason."""
    require(Consul.binary(), "consul")
    for arguments in (["ca", "create"], ["cert", "create", "-server"], ["cert", "create", "-cli"]):
        await asyncio.to_thread(
            subprocess.run,
            [Consul.binary() or "consul", "tls", *arguments],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )
    authority = tmp_path / "consul-agent-ca.pem"
    port = free_port()
    settings = {
        "ports": {"https": port},
        "ca_file": str(authority),
        "cert_file": str(tmp_path / "dc1-server-consul-0.pem"),
        "key_file": str(tmp_path / "dc1-server-consul-0-key.pem"),
        "verify_incoming_https": True,
    }
    config = ConsulConfig(
        address=f"https://localhost:{port}",
        ca_cert=authority,
        client_cert=tmp_path / "dc1-cli-consul-0.pem",
        client_key=tmp_path / "dc1-cli-consul-0-key.pem",
    )
    with Consul(settings=settings) as agent:
        agent.put("styles/default", b"{}")
        assert (await _list(config)).documents.keys() == {"default"}
        async with ConsulStyles(config, prefix="styles") as styles:
            stored = await styles.write("over-tls", b"{}", expected=0)
            assert [entry.version for entry in await styles.history("over-tls")] == [stored.version]
        with pytest.raises(StoreUnavailable, match="CERTIFICATE"):
            await _list(msgspec.structs.replace(config, ca_cert=None))
        with pytest.raises(StoreUnavailable):
            await _list(msgspec.structs.replace(config, client_cert=None, client_key=None))


def test_bad_certificates_are_a_matter_of_settings(tmp_path: Path) -> None:
    """A missing CA file and an unusable certificate are told before anything is sent."""
    config = ConsulConfig(address="https://localhost", ca_cert=tmp_path / "none.pem")
    with pytest.raises(SettingsError, match=r"none\.pem"):
        ConsulStyles(config, prefix="styles")
    (tmp_path / "own.pem").write_text("no certificate")
    config = ConsulConfig(address="https://localhost", client_cert=tmp_path / "own.pem")
    with pytest.raises(SettingsError, match=r"own\.pem"):
        ConsulStyles(config, prefix="styles")


@pytest.mark.parametrize("address", ["http://localhost:99999999", "http://", "http://h:x", "/x"])
def test_an_address_that_is_no_url_is_a_matter_of_settings(address: str) -> None:
    """An impossible port or a missing host is told before anything is sent."""
    with pytest.raises(SettingsError, match=address):
        ConsulStyles(ConsulConfig(address=address), prefix="styles")


def test_namespace_and_partition_go_with_every_call() -> None:
    """Enterprise's namespace and partition are query parameters, left out where they are empty."""
    plain = ConsulConfig(address="http://localhost")
    assert plain.query() == {}
    both = ConsulConfig(address="http://localhost", namespace="team", partition="eu")
    assert both.query() == {"ns": "team", "partition": "eu"}


def test_the_read_timeout_exceeds_the_longest_answer() -> None:
    """Consul may stretch a wait by a sixteenth; the timeout is beyond that."""
    for wait in (0.5, 60.0, 295.0):
        config = ConsulConfig(address="http://localhost", wait=wait)
        assert config.blocking_timeout > wait * (1 + 1 / 16)


def test_the_tokens_file_wins(tmp_path: Path) -> None:
    """The token is the file's, read anew each time; the given one where the file is empty."""
    file = tmp_path / "token"
    config = ConsulConfig(address="http://localhost", token="given", token_file=file)  # noqa: S106 -- made up
    file.write_text("first\n")
    assert config.headers() == {"X-Consul-Token": "first"}
    file.write_text("second")
    assert config.headers() == {"X-Consul-Token": "second"}
    file.write_text("\n")
    assert config.headers() == {"X-Consul-Token": "given"}
    file.unlink()
    with pytest.raises(StoreUnavailable, match="token"):
        config.headers()


async def test_plain_http_loads_no_certificates(consul: Consul) -> None:
    """Without TLS no certificate store is read, which would delay every cold start."""
    program = (
        "import asyncio, ssl, sys\n"
        "ssl.SSLContext.load_verify_locations = None\n"
        "ssl.SSLContext.load_default_certs = None\n"
        "from plotkiln.style.stores.consul import ConsulStyles\n"
        "from plotkiln.style.stores.consul_config import ConsulConfig\n"
        "async def main():\n"
        "    async with ConsulStyles(ConsulConfig(address=sys.argv[1]), prefix='none') as styles:\n"
        "        await styles.list()\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, consul.url)
    assert await process.wait() == 0
