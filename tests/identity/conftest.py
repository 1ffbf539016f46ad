"""What the tests of identity share: a clock, records, and a provider as a server sees it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from counters import Clock
from issuers import AUDIENCE, Issuer
from plotkiln.identity.key_sets import KeySets
from plotkiln.identity.providers import OpenIdProvider
from plotkiln.identity.records import Records
from plotkiln.identity.records_sqlite import SqliteRecords
from plotkiln.identity.tokens import TokenRules
from plotkiln.identity.web import ProviderWeb
from plotkiln.settings import Settings
from plotkiln.state import Database


@pytest.fixture
def clock() -> Clock:
    """Return the clock of this test."""
    return Clock()


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[Records]:
    """Open records in a file."""
    async with Database(tmp_path / "state.sqlite") as database:
        opened = SqliteRecords(database)
        await opened.open()
        yield opened


@pytest.fixture
async def provider(issuer: Issuer, records: Records) -> AsyncIterator[OpenIdProvider]:
    """Return the provider as a server with the default settings sees it."""
    rules = TokenRules(issuer=issuer.url, audiences=frozenset({AUDIENCE}), client="desk")
    async with ProviderWeb() as web:
        keys = KeySets(issuer.url, records, web)
        yield OpenIdProvider(keys, web, rules, algorithms=Settings().oidc_algorithms)
