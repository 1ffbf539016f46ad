"""A pool of real render processes, and orders for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from orders import OpenPool
from plotkiln.workers import Admission, FontSet, Pool, PoolSize, installed_fonts
from plotkiln.workers.process import ZygoteProcess


@pytest.fixture(scope="session")
def fonts() -> FontSet:
    """Find this machine's fonts once."""
    return installed_fonts()


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Share Matplotlib's caches among the zygotes of a session."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def open_pool(fonts: FontSet, cache: Path) -> OpenPool:
    """Open a pool of the given size; `counted` gathers what it counts."""

    @asynccontextmanager
    async def opened(
        *, places: int = 16, reserve: int = 0, counted: list[str] | None = None, **size: object
    ) -> AsyncIterator[Pool]:
        pool_size = PoolSize(**{"workers": 1, "idle": None, **size})  # type: ignore[arg-type]  # PoolSize checks
        pool = Pool(
            lambda: ZygoteProcess.start(fonts, cache, worker_memory=pool_size.memory),
            size=pool_size,
            admission=Admission(places=places, memory_reserve=reserve),
            count=lambda name, label: (counted if counted is not None else []).append(
                f"{name}:{label}"
            ),
        )
        async with pool:
            yield pool

    return opened
