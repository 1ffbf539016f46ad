"""Every store under test, for all suites that hold them to one contract."""

from pathlib import Path

import pytest

from style_stores import ConsulOpener, EmbeddedOpener, Opener


@pytest.fixture(params=["consul", "embedded"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Return what opens the same, at first empty, documents time and again."""
    if request.param == "embedded":
        return EmbeddedOpener(tmp_path)
    return ConsulOpener(request.getfixturevalue("consul"))
