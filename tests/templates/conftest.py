"""Loading templates changes what can be imported: each test begins with what was there."""

from collections.abc import Iterator

import pytest

from templated import restored_imports


@pytest.fixture(autouse=True)
def clean_imports() -> Iterator[None]:
    """Forget what a test has loaded."""
    with restored_imports():
        yield
