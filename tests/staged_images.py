"""The image's files, laid out once for each content, and how the Dockerfile says they are run."""

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["DOCKERFILE", "ImageConfig", "StagedImage", "image_config", "staged_image"]

ROOT = Path(__file__).parents[1]
CONTAINER = ROOT / "deploy/container"
DOCKERFILE = CONTAINER / "Dockerfile"

_KEPT = ROOT / ".cache/image"

#: Seconds for which a tree that nobody asked for is kept: longer than any run of the tests.
_KEEP = 3 * 3600.0

_SHARED_FONTS = Path("/usr/share/fonts")


class StagedImage(NamedTuple):
    """What an engine would unpack."""

    base: Path
    tree: Path


class ImageConfig(NamedTuple):
    """How an engine would run it: the Dockerfile's last stage."""

    environment: dict[str, str]
    user: str
    entrypoint: list[str]
    command: list[str]


@cache
def staged_image() -> StagedImage:
    """Return the tree of this checkout; laid out unless it was before."""
    base = _once("base", _base_key(), lambda folder: ["base", str(folder)])
    tree = _once("tree", _tree_key(base), lambda folder: ["app", str(base), str(folder)])
    return StagedImage(base, tree)


def image_config() -> ImageConfig:
    """Read the Dockerfile's last stage; a word of JSON is a list, as for an engine."""
    last = re.split(r"^FROM .*$", DOCKERFILE.read_text(), flags=re.MULTILINE)[-1]
    joined = last.replace("\\\n", " ")
    found = dict(re.findall(r"^(USER|ENTRYPOINT|CMD|ENV) (.*)$", joined, re.MULTILINE))
    words = dict(word.split("=", 1) for word in shlex.split(found["ENV"]))
    listed = {name: re.findall(r'"([^"]*)"', found[name]) for name in ("ENTRYPOINT", "CMD")}
    return ImageConfig(words, found["USER"], listed["ENTRYPOINT"], listed["CMD"])


def _once(kind: str, key: str, arguments: Callable[[Path], list[str]]) -> Path:
    """Return the folder of a key; made beside it first, so that nobody finds half of one."""
    folder = _KEPT / f"{kind}-{key}"
    if not folder.exists():
        _forget_old(kind)
        beside = _KEPT / f"{kind}-{key}.{os.getpid()}"
        _stage(*arguments(beside))
        try:
            beside.rename(folder)
        except OSError:  # another test run was faster
            shutil.rmtree(beside)
    _mark(folder).touch()
    return folder


def _stage(*arguments: str) -> None:
    command = [sys.executable, str(CONTAINER / "stage.py"), *arguments]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr


def _mark(folder: Path) -> Path:
    """Return the file that tells when a folder was asked for last: its own time is the tree's."""
    return folder.with_name(f"{folder.name}.asked")


def _forget_old(kind: str) -> None:
    _KEPT.mkdir(parents=True, exist_ok=True)
    for mark in _KEPT.glob(f"{kind}-*.asked"):
        if time.time() - mark.stat().st_mtime > _KEEP:
            shutil.rmtree(mark.with_suffix(""), ignore_errors=True)
            mark.unlink()


def _base_key() -> str:
    fonts = [path.name for path in _SHARED_FONTS.rglob("*.tt?")]
    scripts = [*CONTAINER.glob("*.py"), ROOT / "requirements/otel.txt"]
    return _digest(iter(scripts), sys.version, *sorted(fonts))


def _tree_key(base: Path) -> str:
    return _digest(_sources(), base.name)


def _sources() -> Iterator[Path]:
    yield ROOT / "pyproject.toml"
    for path in (ROOT / "src").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _digest(files: Iterator[Path], *further: str) -> str:
    digest = hashlib.sha256("\0".join(further).encode())
    for path in sorted(files):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
