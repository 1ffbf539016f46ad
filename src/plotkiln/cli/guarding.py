"""How a server guards itself, by the settings."""

from urllib.parse import urlsplit

from starlette.applications import Starlette

from plotkiln.api.guards import Guards
from plotkiln.service import Metrics
from plotkiln.service.limits import Limits, RequestRates
from plotkiln.settings import Settings

__all__ = ["attach_limits", "guards_of_settings"]


def guards_of_settings(settings: Settings, *, is_live: bool = False) -> Guards:
    """Return the guards; pages that may listen may follow jobs where the live channel `is_live`."""
    listening = settings.live_origins if is_live else ()
    return Guards(
        public_url=settings.live_url if is_live else settings.public_url,
        bound=settings.host,
        names=frozenset(_names(settings)),
        origins=tuple(dict.fromkeys((*settings.cors_origins, *listening))),
        body_timeout=settings.body_timeout,
    )


def attach_limits(app: Starlette, settings: Settings, metrics: Metrics) -> None:
    """Have an application hold requests to their limits; without identity there is no rate."""
    app.state.limits = Limits(RequestRates(settings.rate), metrics)


def _names(settings: Settings) -> list[str]:
    addresses = (settings.public_url, settings.live_url, *settings.live_origins)
    return [name for name in (urlsplit(one).hostname for one in addresses) if name]
