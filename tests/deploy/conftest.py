"""The overlays, built once for all tests that read them."""

import functools
from collections.abc import Callable

import pytest
from manifests.building import kustomize, overlay
from manifests.objects import Overlay

from conftest import require


@pytest.fixture(scope="session")
def overlays() -> Callable[[str], Overlay]:
    """Return what builds an overlay by its name, each once."""
    require(kustomize(), "kustomize")
    return functools.cache(overlay)


@pytest.fixture
def minimal(overlays: Callable[[str], Overlay]) -> Overlay:
    """Return the trial."""
    return overlays("minimal")


@pytest.fixture
def production(overlays: Callable[[str], Overlay]) -> Overlay:
    """Return what an operator begins with."""
    return overlays("production")
