"""The wheel, built and installed once."""

from pathlib import Path

import pytest

from installed import User, build_wheel, install


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel; return the program."""
    return install(wheel, tmp_path_factory.mktemp("environment"))


@pytest.fixture
def user(program: Path, tmp_path: Path) -> User:
    """Return a user with an empty home."""
    return User(program, tmp_path / "home")
