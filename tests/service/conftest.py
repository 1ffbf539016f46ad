"""What the tests of named pictures and jobs share: one pool, and records of each test's own."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from job_rooms import JobRoom, open_room
from patients import PATIENT
from plotkiln.artifacts import SqliteArtifacts
from plotkiln.cli.composition import Composition, open_composition
from plotkiln.cli.workshop import Workshop, open_workshop
from plotkiln.settings import read_settings
from plotkiln.state import Database
from plotkiln.workers import installed_fonts
from studios import Studio
from templated import write_files


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


@pytest.fixture(scope="module")
async def job_workshop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Workshop]:
    """Open what draws jobs, with a template that takes as long as it is told."""
    folder = tmp_path_factory.mktemp("jobs")
    write_files(folder / "templates", {"patient.py": PATIENT})
    told = {
        "PLOTKILN_DATA": str(folder),
        "PLOTKILN_TEMPLATES": str(folder / "templates"),
        "PLOTKILN_WORKERS": "1",
        "PLOTKILN_JOB_WORKERS": "8",
    }
    async with open_workshop(read_settings(told), installed_fonts()) as opened:
        yield opened


@pytest.fixture
async def room(job_workshop: Workshop, tmp_path: Path) -> AsyncIterator[JobRoom]:
    """Open jobs of a test's own."""
    async with open_room(job_workshop, tmp_path) as opened:
        yield opened
