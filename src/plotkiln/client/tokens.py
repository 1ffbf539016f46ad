"""What a client shows to be known: an access token, or an API key."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from plotkiln.errors import SettingsError

__all__ = ["Authorization", "authorization_of"]

#: Returns the headers by which a request says who asks; none where nothing is to be shown.
Authorization = Callable[[], Mapping[str, str]]

#: What a header can carry behind `Bearer` (RFC 6750, section 2.1), and somewhat more.
_TOKEN = re.compile(r"[!-~]+")


def authorization_of(token: str | None = None) -> Authorization:
    """Return what is asked before each request: it shows `token`, else what is configured.

    PLOTKILN_TOKEN_FILE is read again each time, so that a token may be renewed there; without it
    PLOTKILN_TOKEN is shown. Raises `SettingsError` for what no header can carry, and later on for
    a file that cannot be read; what it says never holds the token.
    """
    if token is not None:
        return _fixed(token, "token")
    file = os.environ.get("PLOTKILN_TOKEN_FILE", "").strip()
    if file:
        return lambda: _shown(_read(Path(file)), f"PLOTKILN_TOKEN_FILE={file}")
    return _fixed(os.environ.get("PLOTKILN_TOKEN", "").strip(), "PLOTKILN_TOKEN")


def _fixed(token: str, origin: str) -> Authorization:
    headers = _shown(token, origin) if token else {}
    return lambda: headers


def _shown(token: str, origin: str) -> Mapping[str, str]:
    if not _TOKEN.fullmatch(token):
        raise SettingsError(f"{origin}: a token is one word of ASCII, and this is none.")
    return {"Authorization": f"Bearer {token}"}


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace").strip()
    except OSError as error:
        raise SettingsError(f"PLOTKILN_TOKEN_FILE={file}: {error.strerror}") from error
