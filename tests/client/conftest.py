"""One server for the client's tests, with a template that takes as long as it is told."""

from collections.abc import Iterator

import pytest

import plotkiln
from kilns import Kiln
from patients import patient_kiln


@pytest.fixture(scope="module")
def kiln(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server whose budget is two seconds."""
    with patient_kiln(tmp_path_factory.mktemp("client")) as kiln:
        yield kiln


@pytest.fixture
def client(kiln: Kiln) -> Iterator[plotkiln.Client]:
    """Open a client of that server."""
    with plotkiln.Client(kiln.url) as client:
        yield client
