"""The settings as values, each with its unit."""

from pathlib import Path

import msgspec

__all__ = ["Settings"]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How one process of plotkiln runs."""

    #: Address to listen on.
    host: str = "127.0.0.1"
    #: TCP port to listen on; 0 takes a free one.
    port: int = 8080
    #: Folder of the embedded stores and caches.
    data: Path = Path()
    #: Where renderings are kept, as a URL; empty: the folder `renderings` below `data`.
    artifacts_url: str = ""
    #: Most age of a kept rendering, in hours.
    artifacts_max_age: float = 24 * 30
    #: Most size of all kept renderings, in MiB.
    artifacts_max_size: int = 1024
    #: Renderings kept in memory, in MiB.
    recent_size: int = 64
    #: Hours for which the spec of a posted picture is kept.
    chart_keep: float = 24 * 30
    #: Render processes; 0: one for each processor.
    workers: int = 0
    #: Renders that may run or wait at once; more are 429.
    queue: int = 64
    #: Seconds that one synchronous render may take.
    budget: float = 20.0
    #: Memory that one render may allocate, in MiB; 0: no bound.
    worker_memory: int = 1024
    #: Memory that must stay free, in MiB; 503 below it.
    memory_reserve: int = 128
    #: Seconds without work after which render processes end; 0: never.
    idle: float = 60.0
    #: Seconds for which requests in flight may go on after SIGTERM.
    drain: float = 30.0
    #: Most size of a request body, in MiB.
    max_body: int = 64
    max_points: int = 1_000_000
    max_series: int = 200
    max_pixels: int = 25_000_000
    max_text: int = 1_000
    max_categories: int = 1_000
    max_annotations: int = 200
    max_panels: int = 36
    max_depth: int = 16
    #: Key prefix of the styles in Consul KV.
    styles_prefix: str = "plotting/styles"
    #: Errors instead of the last good style.
    style_strict: bool = False
    #: Seconds that a cold process waits for its first read of the styles.
    style_wait: float = 0.5
    #: Folder of templates of one's own; None: there are none.
    templates: Path | None = None
    #: Entries that the history of one style keeps.
    history_entries: int = 200
    #: Days for which the history of styles is kept; 0: whatever its age.
    history_age: float = 0.0
    #: Consul's address as a URL, or several separated by commas; empty: the embedded store.
    consul_address: str = ""
    consul_token: str = ""
    consul_token_file: Path | None = None
    consul_ca_cert: Path | None = None
    consul_client_cert: Path | None = None
    consul_client_key: Path | None = None
    consul_namespace: str = ""
    consul_partition: str = ""
    #: Whether anybody may use an address other than loopback.
    anonymous: bool = False
    #: Whether embedded stores may be used where they vanish with the pod.
    ephemeral: bool = False
    #: The Knative Service that this process is a pod of; empty outside Knative.
    knative_service: str = ""
    #: The least severe log records that are written.
    log_level: str = "INFO"
