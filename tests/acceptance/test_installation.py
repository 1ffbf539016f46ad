"""What is installed, and what it says of itself."""

import re
from pathlib import Path
from zipfile import ZipFile

import msgspec
import pytest

from installed import User
from plotkiln.__about__ import __version__

pytestmark = pytest.mark.acceptance


def test_the_wheel_holds_the_program_and_no_tests(wheel: Path) -> None:
    """The wheel holds the package with its static files and its license, and nothing else."""
    names = ZipFile(wheel).namelist()
    assert "plotkiln/api/static/plain.css" in names
    assert "plotkiln/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert all(name.startswith(("plotkiln/", "plotkiln-")) for name in names)
    assert not [name for name in names if "test" in name or name.endswith(".pyc")]


def test_the_version_is_told(user: User) -> None:
    """`--version` tells the version of the wheel that is installed."""
    told = user.run("--version")
    assert (told.returncode, told.stdout.decode()) == (0, f"plotkiln {__version__}\n")


def test_help_and_usage(user: User) -> None:
    """`--help` lists the commands and the exit codes; a wrong command is exit code 2."""
    told = user.run("--help")
    assert told.returncode == 0
    for word in (b"serve", b"render", b"styles", b"openapi", b"exit codes"):
        assert word in told.stdout
    assert user.run("bake").returncode == 2
    assert user.run().returncode == 2


def test_openapi_is_printed_and_written(user: User) -> None:
    """`plotkiln openapi` prints the description, or writes it to a file."""
    printed = user.run("openapi")
    assert printed.returncode == 0
    assert re.match(r"3\.1\.", msgspec.json.decode(printed.stdout)["openapi"])
    assert user.run("openapi", "-o", "api.json").returncode == 0
    assert (user.folder / "api.json").read_bytes() == printed.stdout
