"""Published pictures in a folder that a web server shows."""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

import msgspec

from plotkiln.artifacts.names import Artifact
from plotkiln.artifacts.published import Place, place_of, read_place
from plotkiln.errors import StoreUnavailable

__all__ = ["PublicFolder"]


class _Note(msgspec.Struct, frozen=True):
    """What lies beside a picture: where it stands, and by which bytes it is known."""

    place: str
    sha256: str


class PublicFolder:
    """One file for each name, replaced as a whole, under the lock of a file.

    A note beside the picture says where it stands, and is written first: a picture other than the
    noted one is an older one, whose replacement a crash cut off. Files that begin with a dot are
    for plotkiln alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def publish(self, artifact: Artifact, data: bytes) -> bool:
        """Show a recorded picture under its name, unless what is there comes later.

        Waits while another process publishes. Raises `StoreUnavailable` when files cannot be
        written.
        """
        try:
            return await asyncio.to_thread(self._publish, artifact, data)
        except OSError as error:
            raise StoreUnavailable("Pictures cannot be published", why=error) from error

    async def remove(self, name: str) -> None:
        """Show nothing under a name any more; raises `StoreUnavailable` where that fails."""
        try:
            await asyncio.to_thread(self._remove, name)
        except OSError as error:
            raise StoreUnavailable("Published pictures cannot be deleted", why=error) from error

    def _remove(self, name: str) -> None:
        if not self._folder.exists():
            return
        with _locked(self._folder / ".lock"):  # the note last: it holds earlier pictures off
            (self._folder / name).unlink(missing_ok=True)
            (self._folder / f".{name}.json").unlink(missing_ok=True)

    def _publish(self, artifact: Artifact, data: bytes) -> bool:
        self._folder.mkdir(parents=True, exist_ok=True)
        picture, note = self._folder / artifact.name, self._folder / f".{artifact.name}.json"
        with _locked(self._folder / ".lock"):
            noted, whole = _noted(picture, note)
            place = place_of(artifact)
            if noted is not None and (noted > place or (noted == place and whole)):
                return False
            digest = hashlib.sha256(data).hexdigest()
            _replace(note, msgspec.json.encode(_Note(str(place), digest)))
            _replace(picture, data)
        return True


def _noted(picture: Path, note: Path) -> tuple[Place | None, bool]:
    """Return the place that the note says, and whether the picture is the noted one."""
    try:
        written = msgspec.json.decode(note.read_bytes(), type=_Note)
    except (FileNotFoundError, msgspec.DecodeError):
        return None, False
    try:
        found = hashlib.sha256(picture.read_bytes()).hexdigest()
    except FileNotFoundError:
        found = ""
    return read_place(written.place), found == written.sha256


def _replace(path: Path, data: bytes) -> None:
    """Write a file so that readers see the old bytes or the new ones; it is readable to all."""
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock among processes and threads; a process that dies lets go of it."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
