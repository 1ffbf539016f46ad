"""What the doctor finds of identity."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from issuers import Issuer
from plotkiln.api.origins import is_loopback
from plotkiln.cli.identities import open_key_sets, open_records
from plotkiln.errors import SignInFailed, StoreUnavailable
from plotkiln.identity import Scope
from plotkiln.identity.api_keys import ApiKeys
from plotkiln.service.identity_probes import find_api_keys, find_provider, find_transport
from plotkiln.settings import Settings

pytestmark = pytest.mark.anyio

RENDER = frozenset({Scope.RENDER})
DAY = 86400.0


@pytest.fixture
async def keys(tmp_path: Path) -> AsyncIterator[ApiKeys]:
    """Open the API keys of a server."""
    async with open_records(Settings(data=tmp_path)) as records:
        yield ApiKeys(records)


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("", "ok"),
        ("https://charts.example", "ok"),
        ("http://localhost:8080", "ok"),
        ("http://[::1]:8080", "ok"),
        ("http://charts.example", "warning"),
        ("http://10.0.0.1", "warning"),
    ],
)
async def test_plain_http_is_told(url: str, state: str) -> None:
    """Secrets go by https, or stay on this machine."""
    found = await find_transport({"PLOTKILN_PUBLIC_URL": url}, is_loopback)
    assert found.state == state
    assert ("PLOTKILN_PUBLIC_URL" in found.detail) == (state == "warning")


async def test_a_provider_that_answers(issuer: Issuer, tmp_path: Path) -> None:
    """Its keys are counted, with the algorithms that they are for; asked each time."""
    settings = Settings(data=tmp_path, oidc_issuer=issuer.url)
    before = issuer.counts().get("/jwks", 0)
    async with open_key_sets(settings) as known:
        for _ in range(2):
            found = await find_provider(known.fetch, settings.oidc_algorithms)
            assert (found.detail, found.state) == ("1 keys, for RS256, PS256", "ok")
        assert issuer.counts()["/jwks"] == before + 2
        found = await find_provider(known.fetch, ("ES256",))
        assert found.state == "fault"
        assert "PLOTKILN_OIDC_ALGORITHMS" in found.mend


async def test_a_provider_that_does_not(issuer: Issuer, tmp_path: Path) -> None:
    """One that is away, and one that is another than it is called, raise what they are."""
    async with open_key_sets(Settings(data=tmp_path, oidc_issuer="http://127.0.0.1:9")) as away:
        with pytest.raises(StoreUnavailable):
            await find_provider(away.fetch, ("RS256",))
    other = Settings(data=tmp_path, oidc_issuer=f"{issuer.url}/")
    async with open_key_sets(other) as known:
        with pytest.raises(SignInFailed, match="set the issuer to what it says"):
            await find_provider(known.fetch, ("RS256",))


async def test_nobody_can_come_in(keys: ApiKeys) -> None:
    """Without a provider there must be a key; with one there need be none."""
    assert (await find_api_keys(keys, alone=True)).state == "warning"
    assert (await find_api_keys(keys, alone=False)).state == "ok"
    await keys.create("ci", RENDER)
    assert (await find_api_keys(keys, alone=True)).state == "ok"


async def test_keys_that_end_soon_are_told(keys: ApiKeys) -> None:
    """A name whose last key ends within a week; one that is rotated is well."""
    await keys.create("ci", RENDER, expires=time.time() + 3 * DAY)
    await keys.create("later", RENDER, expires=time.time() + 30 * DAY)
    found = await find_api_keys(keys, alone=True)
    assert (found.state, found.mend) == ("warning", "Rotate it: plotkiln keys rotate ci.")
    await keys.rotate("ci", overlap=DAY, expires=time.time() + 90 * DAY)
    assert (await find_api_keys(keys, alone=True)).state == "ok"
