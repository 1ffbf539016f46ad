"""One real server on the embedded defaults for all tests of the API that do not kill it."""

from collections.abc import Iterator

import httpx
import pytest

from kilns import Kiln


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
