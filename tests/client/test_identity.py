"""The client on a server that asks who it is."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest

import plotkiln
from credentials import keys_of
from kilns import Kiln
from plotkiln.errors import CredentialError, ForbiddenError, NotFoundError


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server that knows API keys."""
    with Kiln(tmp_path_factory.mktemp("guarded"), PLOTKILN_IDENTITY="1") as kiln:
        yield kiln


@pytest.fixture(scope="module")
def keys(guarded: Kiln) -> Mapping[str, str]:
    """Return API keys of the server, by what they let do."""
    made = {one.name: one.headers["Authorization"].split()[1] for one in keys_of(guarded)}
    return {name.removeprefix("key with "): secret for name, secret in made.items()}


def test_who_is_known_gets_what_they_may(guarded: Kiln, keys: Mapping[str, str]) -> None:
    """With a key of the scope, pictures, jobs and styles are had as without identity."""
    with plotkiln.Client(guarded.url, token=keys["render"]) as client:
        assert client.render(y=[1, 2]).data.startswith(b"\x89PNG")
        with pytest.raises(ForbiddenError, match="needs the scope jobs"):
            client.jobs.submit(y=[1])
    with plotkiln.Client(guarded.url, token=keys["jobs"]) as client:
        assert client.jobs.wait(client.jobs.submit(y=[1]).id).state == "succeeded"
    with plotkiln.Client(guarded.url, token=keys["styles:read"]) as client:
        assert client.styles.list().styles[0].name == "default"


@pytest.mark.parametrize("name", ["revoked key", "expired key"])
def test_a_key_that_is_over_is_told_of(guarded: Kiln, keys: Mapping[str, str], name: str) -> None:
    """The reason is the server's, and has nothing of the key."""
    with (
        plotkiln.Client(guarded.url, token=keys[name]) as client,
        pytest.raises(CredentialError, match="not known, or has expired") as refused,
    ):
        client.render(y=[1])
    assert not re.search(keys[name], str(refused.value))


def test_nobody_gets_nothing(guarded: Kiln, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a token a server says that one is needed."""
    monkeypatch.delenv("PLOTKILN_TOKEN", raising=False)
    with (
        plotkiln.Client(guarded.url) as client,
        pytest.raises(CredentialError, match="Say who you are"),
    ):
        client.render(y=[1])


def test_what_is_anothers_is_not_there(guarded: Kiln, keys: Mapping[str, str]) -> None:
    """A chart of one key is unknown to another, and known to an admin's."""
    with plotkiln.Client(guarded.url, token=keys["render"]) as client:
        stored = client.charts.store(y=[4, 2])
    with plotkiln.Client(guarded.url, token=keys["admin"]) as admin:
        assert admin.charts.get(stored.id)
        own = admin.charts.store(y=[4, 2])
    assert own.id != stored.id
    with (
        plotkiln.Client(guarded.url, token=keys["render"]) as client,
        pytest.raises(NotFoundError),
    ):
        client.charts.get(own.id)


def test_a_style_is_applied_with_a_token(guarded: Kiln, keys: Mapping[str, str]) -> None:
    """`use_style` shows it to the server that it names."""
    applied = _applied(guarded, keys["styles:read"])
    assert applied.stdout.startswith("<default@0"), applied.stderr
    assert "ForbiddenError" in _applied(guarded, keys["render"]).stderr


def _applied(kiln: Kiln, token: str) -> subprocess.CompletedProcess[str]:
    """Apply a style in a process of its own, whose Matplotlib stays as it is."""
    program = f"import plotkiln; print(plotkiln.use_style(url={kiln.url!r}, token={token!r}))"
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, check=False, text=True, timeout=120)
