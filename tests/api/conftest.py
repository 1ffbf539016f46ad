"""One real server on the embedded defaults for all tests of the API that do not kill it."""

import json
from collections import Counter
from collections.abc import Callable, Iterator

import httpx
import pytest

from issuers import AUDIENCE, Issuer
from kilns import Kiln

_COUNTS: pytest.StashKey[Counter[tuple[str, str]]] = pytest.StashKey()


@pytest.fixture(scope="session")
def kiln(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server with a small body bound."""
    data = tmp_path_factory.mktemp("kiln")
    with Kiln(data, PLOTKILN_MAX_BODY="8") as running:
        yield running


@pytest.fixture(scope="session")
def client(kiln: Kiln) -> Iterator[httpx.Client]:
    """Talk to the server."""
    with kiln.client() as opened:
        yield opened


@pytest.fixture(scope="module")
def guarded_kiln(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server that asks who it is, and bounds nobody."""
    with Kiln(
        tmp_path_factory.mktemp("guarded"),
        PLOTKILN_RATE="0",
        PLOTKILN_OIDC_ISSUER=issuer.url,
        PLOTKILN_OIDC_AUDIENCE=AUDIENCE,
    ) as running:
        yield running


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Return what counts a cell of a table by its outcome, for the report after the tests."""
    counts = request.config.stash.setdefault(_COUNTS, Counter())

    def add(table: str, outcome: str) -> None:
        counts[table, outcome] += 1

    return add


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print how many cells of each table had which outcome, one JSON object."""
    counts = config.stash.get(_COUNTS, Counter())
    if counts:
        told = {f"{table} {outcome}": number for (table, outcome), number in sorted(counts.items())}
        terminalreporter.section("authorisation: cells by status")
        terminalreporter.write_line(json.dumps(told, indent=1))
