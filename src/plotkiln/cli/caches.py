"""Where Matplotlib's caches lie."""

from pathlib import Path

from plotkiln.errors import SettingsError
from plotkiln.settings import Settings

__all__ = ["cache_folder"]


def cache_folder(settings: Settings, fingerprint: str) -> Path:
    """Return the folder of the caches for the fonts of this fingerprint; created where missing.

    Raises `SettingsError` where it cannot be.
    """
    folder = settings.data / "cache" / f"fonts-{fingerprint[:16]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"PLOTKILN_DATA={settings.data}: {error.strerror}") from error
    return folder
