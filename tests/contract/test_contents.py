import os
import subprocess
from pathlib import Path

import pytest

from staged_images import StagedImage


@pytest.fixture(scope="module")
def tree(image: StagedImage) -> Path:
    """Return the staged tree."""
    return image.tree


def test_nothing_can_be_started_but_plotkiln(tree: Path) -> None:
    """There is no shell, no package manager, no compiler."""
    folders = [tree / name for name in ("bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin")]
    assert not any(folder.exists() for folder in folders)
    started = {path.name for path in (tree / "opt/plotkiln/bin").iterdir()}
    assert {name.partition(".")[0] for name in started} == {"plotkiln", "python", "python3"}
    for name in ("pip", "setuptools", "ensurepip", "hatchling"):
        assert not list(tree.rglob(name)), name


def test_whoever_runs_it_may_read_everything_and_change_nothing(tree: Path) -> None:
    """Files are root's; `/tmp` alone is everybody's; nothing gives rights."""
    for path in tree.rglob("*"):
        mode = path.lstat().st_mode
        if path.is_symlink() or path == tree / "tmp":
            continue
        assert mode & 0o7022 == 0, path
        assert mode & 0o044 == 0o044, path


def test_every_module_is_compiled_and_no_time_stamp_matters(tree: Path) -> None:
    """Each has bytecode that is taken unread: flags 1, PEP 552's unchecked hash."""
    for source in (tree / "opt/plotkiln/lib").rglob("plotkiln/**/*.py"):
        (compiled,) = (source.parent / "__pycache__").glob(f"{source.stem}.cpython-*.pyc")
        assert compiled.read_bytes()[4:8] == b"\1\0\0\0", compiled


def test_no_path_of_the_machine_that_built_it_is_left(tree: Path, image: StagedImage) -> None:
    """What runs elsewhere knows nothing of where it was laid out."""
    name = image.base.parent.as_posix().encode()
    for path in (tree / "opt/plotkiln/lib").rglob("plotkiln*/**/*"):
        assert path.is_dir() or name not in path.read_bytes(), path


def test_links_lead_to_what_is_there(tree: Path) -> None:
    """No link points out of the tree or to nothing."""
    for path in tree.rglob("*"):
        if path.is_symlink():
            target = os.readlink(path)  # noqa: PTH115 -- absolute ones are the tree's own
            found = tree / target.lstrip("/") if target.startswith("/") else path.parent / target
            assert found.exists(), path


def test_every_library_is_found(tree: Path) -> None:
    """Inside the tree the loader finds all that extensions need."""
    program = (
        "import pathlib, importlib.util, ssl, sqlite3, ctypes, zoneinfo\n"
        "import numpy, PIL._imaging, PIL._webp, matplotlib.ft2font, obstore, jsonschema_rs\n"
        "import uvloop, httptools, msgspec, cryptography.hazmat.bindings._rust\n"
        "import opentelemetry.sdk.trace, opentelemetry.exporter.otlp.proto.http.trace_exporter\n"
        "assert ssl.create_default_context().get_ca_certs()\n"
        "assert zoneinfo.ZoneInfo('Asia/Shanghai')\n"
    )
    command = ["chroot", str(tree), "/opt/plotkiln/bin/python", "-B", "-c", program]
    done = subprocess.run(
        command, capture_output=True, check=False, text=True, env={"PATH": os.environ["PATH"]}
    )
    assert done.returncode == 0, done.stderr
