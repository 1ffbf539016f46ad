"""The listening socket, which is open before anything else is loaded."""

import socket

from plotkiln.errors import SettingsError
from plotkiln.settings import Settings

__all__ = ["listen"]


def listen(settings: Settings) -> socket.socket:
    """Return the socket that takes requests; whoever asks early waits instead of failing.

    Raises `SettingsError` where the address cannot be had.
    """
    host = settings.host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise SettingsError(f"HOST={host} PORT={settings.port}: {error.strerror}") from error
