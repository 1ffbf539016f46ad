"""Where Matplotlib's caches lie."""

import sys
from contextlib import suppress
from pathlib import Path

from plotkiln.errors import SettingsError
from plotkiln.settings import Settings

__all__ = ["PREPARED", "cache_folder"]

#: Caches that came with the installation, a folder for each set of fonts; an image has them.
PREPARED = Path(sys.prefix, "share/plotkiln/caches")


def cache_folder(settings: Settings, fingerprint: str, prepared: Path = PREPARED) -> Path:
    """Return the folder of the caches for the fonts of this fingerprint; created where missing.

    A new one begins with links to what was `prepared` for these fonts: Matplotlib insists on a
    folder that it may write to. Raises `SettingsError` where it cannot be.
    """
    name = f"fonts-{fingerprint[:16]}"
    folder = settings.data / "cache" / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"PLOTKILN_DATA={settings.data}: {error.strerror}") from error
    _link(prepared / name, folder)
    return folder


def _link(prepared: Path, folder: Path) -> None:
    if prepared.is_dir():
        for file in prepared.iterdir():
            with suppress(OSError):  # it is there already, or its file system has no links
                (folder / file.name).symlink_to(file)
