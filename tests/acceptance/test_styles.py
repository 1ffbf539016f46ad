"""`plotkiln styles`: the style store from the command line, embedded and in a real Consul."""

import os
import pty
import secrets
import select
import signal
import subprocess
from collections.abc import Mapping

import msgspec
import pytest

from installed import User
from servers import Consul, wait_until

pytestmark = pytest.mark.acceptance

RED, GREEN = b'{"title": {"color": "#ff0000"}}', b'{"title": {"color": "#00ff00"}}'


@pytest.fixture(params=["embedded", "consul"])
def store(request: pytest.FixtureRequest, user: User) -> Mapping[str, str]:
    """Return the settings that name a store of the user's own."""
    if request.param == "embedded":
        return {"PLOTKILN_DATA": str(user.home / "data")}
    agent: Consul = request.getfixturevalue("consul")
    prefix = f"test/{secrets.token_hex(8)}/styles"
    return {"CONSUL_HTTP_ADDR": agent.url, "PLOTKILN_STYLES_PREFIX": prefix}


def test_a_style_is_written_read_and_guarded(user: User, store: Mapping[str, str]) -> None:
    """Put, get and list tell of one document; a lost race is exit code 5, an unknown style 6."""
    (user.folder / "red.json").write_bytes(RED)
    put = user.run("styles", "put", "corporate", "red.json", "--json", settings=store)
    assert put.returncode == 0, put.stderr
    version = msgspec.json.decode(put.stdout)["version"]
    assert user.run("styles", "get", "corporate", settings=store).stdout.strip() == RED

    lost = user.run(
        "styles", "put", "corporate", "-", "--if-version", "0", given=GREEN, settings=store
    )
    assert (lost.returncode, lost.stdout) == (5, b"")
    assert b"wrote first" in lost.stderr
    won = user.run(
        "styles", "put", "corporate", "-", "--if-version", version, given=GREEN, settings=store
    )
    assert won.returncode == 0
    assert won.stdout.startswith(b"corporate is now version ")

    got = msgspec.json.decode(
        user.run("styles", "get", "corporate", "--json", settings=store).stdout
    )
    assert (got["document"], got["state"]) == (msgspec.json.decode(GREEN), "fresh")
    listed = msgspec.json.decode(user.run("styles", "list", "--json", settings=store).stdout)
    assert listed["reachable"] is True
    states = {style["name"]: (style["version"], style["state"]) for style in listed["styles"]}
    assert states == {"default": ("0", "builtin"), "corporate": (got["version"], "fresh")}

    unknown = user.run("styles", "get", "nobody", settings=store)
    assert (unknown.returncode, unknown.stdout) == (6, b"")
    assert b"nobody" in unknown.stderr


def test_a_broken_style_is_not_written(user: User, store: Mapping[str, str]) -> None:
    """A document with faults is exit code 3, every fault is told, and nothing is stored."""
    broken = b'{"title": {"colour": 1, "fontsize": []}}'
    refused = user.run("styles", "put", "corporate", "-", given=broken, settings=store)
    assert refused.returncode == 3
    assert b"title.fontsize" in refused.stderr
    assert user.run("styles", "get", "corporate", settings=store).returncode == 6


def test_a_written_style_is_drawn(user: User, store: Mapping[str, str]) -> None:
    """A stored default changes what `plotkiln render` draws, and --json names its version."""
    spec = b'{"y": [1, 2], "title": "Styled"}'
    plain = user.run("render", "-", "-o", "-", "-f", "svg", given=spec, settings=store)
    put = user.run("styles", "put", "default", "-", "--json", given=RED, settings=store)
    version = msgspec.json.decode(put.stdout)["version"]
    styled = user.run("render", "-", "-o", "-", "-f", "svg", "--json", given=spec, settings=store)
    assert b"#ff0000" in styled.stdout
    assert b"#ff0000" not in plain.stdout
    facts = msgspec.json.decode(styled.stderr)
    assert (facts["style"], facts["style_state"]) == (f"default@{version}", "fresh")


def test_changes_are_watched(user: User, store: Mapping[str, str]) -> None:
    """`watch` prints a line for each change that another process makes, until interrupted."""
    watching = subprocess.Popen(
        [user.program, "styles", "watch", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=user.folder,
        env={**user.environment, **store},
    )
    with watching:
        printed = watching.stdout
        assert printed is not None
        changes = iter(range(100))

        def told() -> bool:  # the first changes may come before it watches
            document = b'{"font": {"size": %d}}' % (next(changes) + 5)
            assert user.run("styles", "put", "corporate", "-", given=document, settings=store)
            return bool(select.select([printed], [], [], 0.5)[0])

        wait_until(told)
        line = printed.readline()
        assert line, watching.communicate()[1].decode()
        change = msgspec.json.decode(line)
        watching.send_signal(signal.SIGINT)
        assert watching.wait(10) == 130
    assert (change["name"], change["state"]) == ("corporate", "fresh")


def test_documents_are_validated(user: User) -> None:
    """`validate` needs no store, tells every fault, and exits with 3 if any document has one."""
    (user.folder / "good.json").write_bytes(RED)
    (user.folder / "bad.json").write_bytes(b'{"title": {"color": 7}, "colour": 1}')
    assert user.run("styles", "validate", "good.json").returncode == 0
    both = user.run("styles", "validate", "good.json", "bad.json")
    assert both.returncode == 3
    told = both.stdout.decode()
    assert told.splitlines()[:2] == ["good.json: valid", "bad.json: invalid"]
    assert "title.color" in told
    assert "colour" in told
    results = msgspec.json.decode(user.run("styles", "validate", "--json", "bad.json").stdout)
    assert [result["valid"] for result in results] == [False]


def test_a_store_that_is_away(user: User) -> None:
    """Without Consul a write is exit code 4, and a list tells what serves instead."""
    away = {"CONSUL_HTTP_ADDR": "http://127.0.0.1:9", "PLOTKILN_DATA": str(user.home / "data")}
    put = user.run("styles", "put", "default", "-", given=RED, settings=away)
    assert put.returncode == 4
    assert b"127.0.0.1:9" in put.stderr
    listed = user.run("styles", "list", settings=away)
    assert listed.returncode == 0
    assert b"the store is away" in listed.stderr
    assert listed.stdout.split() == [b"default", b"0", b"builtin"]


def test_colours_are_for_terminals(user: User) -> None:
    """A terminal gets colours, one with NO_COLOR none; a pipe never does."""
    assert b"\x1b[" not in user.run("styles", "list").stdout
    assert b"\x1b[1m" in on_a_terminal(user, {"TERM": "xterm"})
    assert b"\x1b[1m" not in on_a_terminal(user, {"TERM": "xterm", "NO_COLOR": "1"})


def on_a_terminal(user: User, settings: Mapping[str, str]) -> bytes:
    """Return what `styles list` writes to a terminal."""
    ours, terminal = pty.openpty()
    try:
        subprocess.run(
            [user.program, "styles", "list"],
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=terminal,
            check=True,
            cwd=user.folder,
            env={**user.environment, **settings},
        )
        return os.read(ours, 65536)
    finally:
        os.close(terminal)
        os.close(ours)
