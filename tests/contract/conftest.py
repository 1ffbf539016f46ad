"""Containers of the staged image, one of each program for the rules that change nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import require
from containers import PROGRAMS, TRIAL, Container
from patients import PATIENT
from redis_servers import RedisServer
from sandboxes import Sandbox, missing_for_sandboxes
from staged_images import StagedImage, staged_image
from templated import write_files


@pytest.fixture(scope="session")
def image() -> StagedImage:
    """Lay out the image's files, where they can be run."""
    require(not (missing := missing_for_sandboxes()), missing or "name spaces")
    return staged_image()


@pytest.fixture
def sandbox(image: StagedImage) -> Iterator[Sandbox]:
    """Make the network of one pod."""
    with Sandbox() as made:
        yield made


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Start a Redis on a socket in a folder that is mounted into each container, at /run."""
    require(RedisServer.binary(), "redis-server")
    folder = tmp_path_factory.mktemp("run")
    (folder / "templates").mkdir()
    write_files(folder / "templates", {"patient.py": PATIENT})
    folder.chmod(0o755)
    socket = str(folder / "redis.sock")
    lasting = RedisServer(
        appendonly="yes", appendfsync="always", unixsocket=socket, unixsocketperm="777"
    )
    with lasting:
        yield folder


@pytest.fixture(scope="session")
def settings() -> dict[str, str]:
    """Return the environment that makes a trial of any program."""
    return {
        **TRIAL,
        "PLOTKILN_REDIS_URL": "unix:///run/redis.sock",
        "PLOTKILN_TEMPLATES": "/run/templates",
        "K_SINK": "http://127.0.0.1:9",
    }


@pytest.fixture(scope="session", params=PROGRAMS)
def program(
    request: pytest.FixtureRequest, image: StagedImage, run: Path, settings: dict[str, str]
) -> Iterator[Container]:
    """Start each program that serves, once."""
    arguments = PROGRAMS[request.param]
    undisturbed = {**settings, "PLOTKILN_REDIS_URL": "unix:///run/redis.sock?db=1"}
    with Sandbox() as pod, Container(pod, *arguments, run=run, settings=undisturbed) as container:
        yield container
