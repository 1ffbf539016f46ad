"""Where settings put what outlives the process: Consul, the snapshot, the renderings."""

from pathlib import Path
from typing import TYPE_CHECKING

from plotkiln.documents import sha256_hex
from plotkiln.settings import Settings

if TYPE_CHECKING:
    from plotkiln.style.stores.consul_config import ConsulConfig

__all__ = ["consul_config", "descriptions_file", "renderings_url", "server_url", "snapshot_file"]


def consul_config(settings: Settings) -> "ConsulConfig":
    """Return how to reach Consul; its address must be set."""
    from plotkiln.style.stores.consul_config import ConsulConfig

    return ConsulConfig(
        address=settings.consul_address,
        token=settings.consul_token,
        token_file=settings.consul_token_file,
        ca_cert=settings.consul_ca_cert,
        client_cert=settings.consul_client_cert,
        client_key=settings.consul_client_key,
        namespace=settings.consul_namespace,
        partition=settings.consul_partition,
    )


def snapshot_file(settings: Settings) -> Path | None:
    """Return where a store's styles outlive the process; the embedded store does so by itself."""
    if not settings.consul_address:
        return None
    place = f"{settings.consul_address}/{settings.styles_prefix}".encode()
    return settings.data / f"styles-{sha256_hex(place)[:16]}.json"


def descriptions_file(settings: Settings) -> Path:
    """Return where the descriptions of templates outlive the process, a file for each folder."""
    place = str(settings.templates or "").encode()
    return settings.data / "cache" / f"templates-{sha256_hex(place)[:16]}.json"


def renderings_url(settings: Settings) -> str:
    """Return where renderings are kept: as set, else a folder below the data."""
    return settings.artifacts_url or (settings.data / "renderings").as_uri()


def server_url(settings: Settings) -> str:
    """Return where a server with these settings listens."""
    host = settings.host.strip("[]")
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
