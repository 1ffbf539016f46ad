"""To whom a command shows the token that it is given, and what it says when that lets nobody in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from doors import door
from plotkiln.cli.exits import Exit

TOKEN = "pk_of-the-desk"  # noqa: S105 -- of no server
SENT = ("events", "send", "--type", "t")


def plotkiln(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command with a token."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "plotkiln", *arguments],
        capture_output=True,
        check=False,
        env={**kept, "LANG": "C.UTF-8", "PLOTKILN_TOKEN": TOKEN, **settings},
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    "arguments", [("jobs", "list"), ("events", "list"), ("events", "replay", "1"), SENT]
)
def test_a_server_is_shown_the_token(arguments: tuple[str, ...], status: int) -> None:
    """The server at HOST and PORT is; a refusal has an exit code of its own, and no token in it."""
    with door(status) as opened:
        ended = plotkiln(*arguments, PORT=opened.url.rpartition(":")[2])
    assert opened.shown == [f"Bearer {TOKEN}"]
    assert ended.returncode == Exit.NOT_ALLOWED
    assert TOKEN not in ended.stdout + ended.stderr


def test_a_server_that_is_named_is_shown_it() -> None:
    """So is the one of PLOTKILN_URL, and of the options that name a server."""
    with door() as opened, door() as other:
        plotkiln("jobs", "list", PLOTKILN_URL=opened.url)
        plotkiln(*SENT, "--to", f"{opened.url}/broker/a/b", PLOTKILN_URL=opened.url)
        plotkiln("jobs", "list", "--server", other.url, PLOTKILN_URL=opened.url)
    assert opened.shown == [f"Bearer {TOKEN}"] * 2
    assert other.shown == [f"Bearer {TOKEN}"]


def test_no_other_sink_is(tmp_path: Path) -> None:
    """Any other sink of events is shown nothing, and K_SINK only the token that is for it."""
    (tmp_path / "token").write_text("for-the-sink\n")
    file = str(tmp_path / "token")
    with door(202) as sink, door(202) as other, door(202) as own:
        settings = {"PLOTKILN_URL": own.url, "PLOTKILN_SINK_TOKEN_FILE": file}
        plotkiln(*SENT, "--to", other.url, K_SINK=sink.url, **settings)
        plotkiln(*SENT, K_SINK=sink.url, **settings)
    assert (other.shown, sink.shown, own.shown) == ([None], ["Bearer for-the-sink"], [])


def test_a_file_of_the_token_wins(tmp_path: Path) -> None:
    """PLOTKILN_TOKEN_FILE is read instead of PLOTKILN_TOKEN; one that is not there is told of."""
    file = tmp_path / "token"
    with door() as opened:
        settings = {"PLOTKILN_URL": opened.url, "PLOTKILN_TOKEN_FILE": str(file)}
        assert plotkiln("jobs", "list", **settings).returncode == Exit.USAGE
        file.write_text("renewed\n")
        plotkiln("jobs", "list", **settings)
    assert opened.shown == ["Bearer renewed"]
