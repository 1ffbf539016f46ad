"""The settings as values, each with its unit."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from plotkiln.identity import Scope

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
    #: Most age of a kept rendering, in hours; 0: no bound.
    artifacts_max_age: float = 24 * 30
    #: Most size of all kept renderings, in MiB; 0: no bound.
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
    #: Redis' address as a URL; empty: counters, names and handled events are kept in SQLite.
    redis_url: str = ""
    #: The embedded broker's Triggers, a YAML file or a folder; None: the hit counter's.
    triggers: Path | None = None
    #: Address of each subscriber that Triggers name and that is no program of this process.
    subscribers: Mapping[str, str] = {}
    #: File with the rules that say which events draw which pictures; None: the hit counter's.
    rules: Path | None = None
    #: Where browsers find published pictures, as a URL; empty: `/artifacts` of this server.
    artifacts_public_url: str = ""
    #: Hours for which the hit counter knows a hit again.
    counter_window: float = 24.0 * 7
    #: Hours for which `POST /events` knows an event again, and what it replied.
    events_window: float = 24.0
    #: Seconds that one attempt of a job may render.
    job_budget: float = 600.0
    #: Jobs that are rendered at once; 0: one less than there are render processes, at least one.
    job_workers: int = 0
    #: Attempts after which a job has failed.
    job_attempts: int = 5
    #: Seconds after which a worker that gives no sign of life loses its job.
    job_lease: float = 15.0
    #: Hours for which a job waits at most, and for which its result is kept.
    job_keep: float = 24.0
    #: Minutes for which the address of a result in an object store is good; 0: none is given.
    presign: float = 60.0
    #: Where browsers find the live channel, as a URL; empty: `/live` of this server.
    live_url: str = ""
    #: Origins, beside this server's own, whose pages may open the live channel.
    live_origins: tuple[str, ...] = ()
    #: News that are kept for who was cut off from the live channel.
    live_window: int = 10_000
    #: File with the schedules; None: there are none.
    schedules: Path | None = None
    #: Events that the embedded broker keeps once they are delivered.
    events_keep: int = 10_000
    #: Days for which it keeps them at most.
    events_max_age: float = 7.0
    #: Days for which it keeps dead letters.
    dead_letters_max_age: float = 30.0
    #: Most size of one event, in KiB.
    max_event: int = 1024
    #: Where events are sent, as a URL; empty: to the embedded broker.
    sink: str = ""
    #: Extension attributes that every event sent there gets.
    ce_overrides: Mapping[str, str] = {}
    #: Certificates of the CAs that the sink's may be signed by, in PEM; empty: the system's.
    ca_certs: str = ""
    #: File with the token that the sink asks for; none is sent where there is no such file.
    sink_token_file: Path = Path("/oidc/token")
    #: Whether anybody may use an address other than loopback.
    anonymous: bool = False
    #: Whether embedded stores may be used where they vanish with the pod.
    ephemeral: bool = False
    #: The Knative Service that this process is a pod of; empty outside Knative.
    knative_service: str = ""
    #: The Revision of it; empty outside Knative.
    knative_revision: str = ""
    #: The server that clients ask, as a URL; empty: the one at host and port.
    url: str = ""
    #: The token or API key that clients send.
    token: str = ""
    #: File with it; it wins.
    token_file: Path | None = None
    #: Whether whoever asks must say who they are.
    identity: bool = False
    #: The OpenID provider whose tokens are taken, as a URL.
    oidc_issuer: str = ""
    #: Audiences that access tokens may be for.
    oidc_audience: tuple[str, ...] = ()
    #: Algorithms that tokens may be signed with.
    oidc_algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256", "EdDSA")
    #: Scopes of everybody whom the provider knows.
    oidc_scopes: frozenset[Scope] = frozenset()
    #: Further scopes, by (claim, value).
    oidc_grants: Mapping[tuple[str, str], frozenset[Scope]] = {}
    #: What the provider knows this server as; empty: nobody signs in to the web app.
    oidc_client: str = ""
    oidc_secret: str = ""
    oidc_secret_file: Path | None = None
    oidc_ca_cert: Path | None = None
    #: Where browsers find this server, as a URL; empty: where they ask.
    public_url: str = ""
    #: Hours for which one stays signed in.
    session_hours: float = 12.0
    #: Keys of signed addresses, `id:base64`, separated by commas; the first one signs.
    signing_keys: str = ""
    #: File with them; it wins.
    signing_keys_file: Path | None = None
    #: Whose events are taken: `open`, `oidc`, `anyone` or `off`.
    events_accept: Literal["open", "oidc", "anyone", "off"] = "open"
    events_issuer: str = ""
    events_audience: tuple[str, ...] = ()
    #: Requests a minute of one principal, where there is identity; 0: no bound.
    rate: int = 1200
    #: Renders of one principal at once, where there is identity; 0: no bound.
    concurrency: int = 16
    #: Most size of the charts of one principal, in MiB; 0: no bound.
    chart_quota: int = 1024
    #: Seconds in which a request body must have arrived.
    body_timeout: float = 60.0
    #: Origins, beside this server's own, whose pages may ask this server.
    cors_origins: tuple[str, ...] = ()
    #: Price of one pod-hour, in any currency.
    pod_price: float = 0.0
    #: The least severe log records that are written.
    log_level: str = "INFO"
