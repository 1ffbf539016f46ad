"""The file in which a process leaves the good styles to the next, for a start without the store."""

import logging
import os
from pathlib import Path
from tempfile import mkstemp

import msgspec

from plotkiln.style.known import Knowledge, remembered
from plotkiln.style.looks import StoredDocument

__all__ = ["load", "save"]

logger = logging.getLogger("plotkiln.style")


class _Snapshot(msgspec.Struct, frozen=True):
    """The file's content."""

    #: The store's index at that time.
    index: int
    documents: tuple[StoredDocument, ...]


def load(path: Path) -> Knowledge:
    """Return what was last saved; nothing, and a line in the log, where that cannot be read."""
    try:
        saved = msgspec.json.decode(path.read_bytes(), type=_Snapshot)
    except FileNotFoundError:
        return Knowledge()
    except (OSError, msgspec.DecodeError) as error:
        logger.warning("the saved styles in %s are passed over: %s", path, error)
        return Knowledge()
    return remembered(saved.documents, index=saved.index)


def save(path: Path, knowledge: Knowledge) -> None:
    """Replace the file by the good styles of now, wholly or not at all.

    Where that fails there is a line in the log: only a start without the store misses the file.
    """
    content = msgspec.json.encode(_Snapshot(knowledge.index, tuple(knowledge.good.values())))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, content)
    except OSError as error:
        logger.warning("the styles could not be saved in %s: %s", path, error)


def _replace(path: Path, content: bytes) -> None:
    # another name for each writer: two processes may save at once, and the last one stands
    descriptor, temporary = mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, path)  # noqa: PTH105 -- atomic, which is the point
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
