"""What a client shows to be known, and to whom."""

import logging
from pathlib import Path
from typing import Any

import pytest

import plotkiln
from doors import Door, door
from plotkiln.client.tokens import authorization_of
from plotkiln.errors import CredentialError, ForbiddenError, PlotkilnError, SettingsError

SECRET = "pk_abcdef_c2VjcmV0"  # noqa: S105 -- of no server


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no token of the desk reach a test."""
    for name in ("PLOTKILN_TOKEN", "PLOTKILN_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)


def shown_to(opened: Door, **options: Any) -> str | None:
    """Ask once and return what the server was shown."""
    with plotkiln.Client(opened.url, **options) as client, pytest.raises(PlotkilnError):
        client.styles.list()
    return opened.shown[-1]


def test_a_token_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token that is given is shown, else the environment's, else none."""
    with door() as opened:
        assert shown_to(opened) is None
        monkeypatch.setenv("PLOTKILN_TOKEN", "of-the-environment")
        assert shown_to(opened) == "Bearer of-the-environment"
        assert shown_to(opened, token=SECRET) == f"Bearer {SECRET}"
        assert shown_to(opened, token="") is None


def test_a_file_is_read_again_for_each_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that is renewed in its file is shown from the next request on."""
    file = tmp_path / "token"
    monkeypatch.setenv("PLOTKILN_TOKEN_FILE", str(file))
    monkeypatch.setenv("PLOTKILN_TOKEN", "older")
    with door() as opened, plotkiln.Client(opened.url) as client:
        for word in ("one", "two"):
            file.write_text(f"{word}\n")
            with pytest.raises(CredentialError):
                client.styles.list()
        file.unlink()
        with pytest.raises(SettingsError, match="No such file"):
            client.styles.list()
    assert opened.shown == ["Bearer one", "Bearer two"]


@pytest.mark.anyio
async def test_who_awaits_shows_it_too() -> None:
    """The awaited client shows the same."""
    with door(403) as opened:
        async with plotkiln.AsyncClient(opened.url, token=SECRET) as client:
            with pytest.raises(ForbiddenError):
                await client.styles.list()
    assert opened.shown == [f"Bearer {SECRET}"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    """Where a server leads elsewhere, nobody there is shown anything."""
    with door() as other, door(status, Location=f"{other.url}/styles") as opened:
        assert shown_to(opened, token=SECRET) == f"Bearer {SECRET}"
    assert other.shown == []


def test_a_token_is_told_to_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """Neither the log, nor an error, nor what a client calls itself has the token in it."""
    caplog.set_level(logging.DEBUG)
    with door() as opened, plotkiln.Client(opened.url, token=SECRET) as client:
        with pytest.raises(CredentialError) as refused:
            client.styles.list()
        said = f"{client!r} {client.styles!r} {refused.value} {vars(refused.value)}"
    assert opened.shown
    assert SECRET not in said + caplog.text


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "schlüssel"])
def test_what_no_header_can_carry_is_refused_unseen(token: str) -> None:
    """A token that is none is told of by where it came from, never by what it says."""
    with pytest.raises(SettingsError, match=r"^token: ") as refused:
        authorization_of(token)
    assert token not in str(refused.value)
