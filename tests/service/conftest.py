"""What the tests of named pictures share: one pool, and records of each test's own."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from plotkiln.artifacts import SqliteArtifacts
from plotkiln.cli.composition import Composition, open_composition
from plotkiln.settings import read_settings
from plotkiln.state import Database
from plotkiln.workers import installed_fonts
from studios import Studio


@pytest.fixture(scope="module")
def studio_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the embedded stores."""
    return tmp_path_factory.mktemp("studios")


@pytest.fixture(scope="module")
async def drawing_room(studio_data: Path) -> AsyncIterator[Composition]:
    """Put a service together; nothing drawn stays in memory."""
    told = {"PLOTKILN_DATA": str(studio_data), "PLOTKILN_WORKERS": "1", "PLOTKILN_RECENT_SIZE": "0"}
    async with open_composition(read_settings(told), installed_fonts()) as opened:
        yield opened


@pytest.fixture
async def studio(drawing_room: Composition, tmp_path: Path) -> AsyncIterator[Studio]:
    """Open records of a test's own, and a style."""
    async with Database(tmp_path / "names.sqlite") as database:
        artifacts = SqliteArtifacts(database)
        await artifacts.open()
        opened = Studio(drawing_room, artifacts, tmp_path, f"studio-{uuid4().hex[:12]}")
        await opened.restyle(palette=["#007ACC"])
        yield opened
