"""Every setting, read once from the environment and handed down as values."""

import os
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import msgspec

from plotkiln.errors import SettingsError

__all__ = ["VARIABLES", "Settings", "Variable", "read_settings"]


class Variable(msgspec.Struct, frozen=True):
    """One environment variable."""

    name: str
    #: The member of `Settings` that it sets.
    member: str
    #: From text to value; raises ValueError with what is expected.
    read: Callable[[str], Any]
    #: What it means, with its unit.
    meaning: str


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


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read and check every setting.

    Raises `SettingsError` with every fault: an unknown `PLOTKILN_…` name (with the nearest known
    one), a value of the wrong form, or a combination that would lose work or open the service.
    """
    faults = [_unknown(name) for name in environment if _is_unknown(name)]
    values: dict[str, Any] = {}
    for variable in VARIABLES:
        text = environment.get(variable.name, "").strip()
        if not text:
            continue
        try:
            values[variable.member] = variable.read(text)
        except ValueError as error:
            faults.append(f"{variable.name}={text}: {error}")
    if faults:
        raise SettingsError("\n".join(faults))
    settings = Settings(
        **{
            "data": _default_data(environment),
            "consul_address": _consul_address(environment),
            **values,
        }
    )
    _check_combination(settings)
    return settings


def _check_combination(settings: Settings) -> None:
    if not _is_loopback(settings.host) and not settings.anonymous:
        raise SettingsError(
            f"HOST={settings.host} would let anybody on the network in: there is no sign-in. "
            "Set PLOTKILN_ANONYMOUS=allow if that is meant, or HOST=127.0.0.1."
        )
    embedded = not settings.consul_address or settings.artifacts_url.startswith(("file:", "memory"))
    if settings.knative_service and (embedded or not settings.artifacts_url):
        if settings.ephemeral:
            return
        raise SettingsError(
            "Embedded stores vanish with the pod: set CONSUL_HTTP_ADDR and PLOTKILN_ARTIFACTS_URL, "
            "or PLOTKILN_EPHEMERAL=allow if that is meant."
        )


def _is_unknown(name: str) -> bool:
    return (
        name.startswith("PLOTKILN_")
        and name not in _NAMES
        and not _SERVICE_LINK.search(name)
        and not name.startswith("PLOTKILN_TEST_")
    )


def _unknown(name: str) -> str:
    from plotkiln.documents.wording import nearest  # noqa: PLC0415 -- only a fault needs difflib

    return f"{name} is not a setting{nearest(name, _NAMES)}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _default_data(environment: Mapping[str, str]) -> Path:
    shared = environment.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")  # noqa: PTH111
    return Path(shared) / "plotkiln"


def _consul_address(environment: Mapping[str, str]) -> str:
    """Join CONSUL_HTTP_ADDR and CONSUL_HTTP_SSL, else CONSUL_HOST and CONSUL_PORT, into URLs."""
    address = environment.get("CONSUL_HTTP_ADDR", "").strip()
    host = environment.get("CONSUL_HOST", "").strip()
    if not address and host:
        address = f"{host}:{environment.get('CONSUL_PORT', '').strip() or '8500'}"
    secure = environment.get("CONSUL_HTTP_SSL", "").strip().lower() in {"1", "true"}
    scheme = "https://" if secure else "http://"
    one_by_one = (part.strip().rstrip("/") for part in address.split(","))
    return ",".join(one if "://" in one else scheme + one for one in one_by_one if one)


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"expected a whole number from {least} to {most}")
        return int(text)

    return read


def _number(least: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        if not re.fullmatch(r"\d+(\.\d+)?", text) or float(text) < least:
            raise ValueError(f"expected a number of at least {least:g}")
        return float(text)

    return read


def _flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError("expected 0 or 1")
    return text == "1"


def _allow(text: str) -> bool:
    if text != "allow":
        raise ValueError("expected allow, or nothing")
    return True


def _level(text: str) -> str:
    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    if text.upper() not in levels:
        raise ValueError(f"expected one of {', '.join(levels)}")
    return text.upper()


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


_BYTES = 1 << 20  # most MiB that a size setting takes: 1 TiB

VARIABLES: tuple[Variable, ...] = (
    Variable("HOST", "host", str, "Address to listen on."),
    Variable("PORT", "port", _whole(0, 65535), "TCP port to listen on; 0 takes a free one."),
    Variable("PLOTKILN_DATA", "data", _folder, "Folder of the embedded stores and caches."),
    Variable(
        "PLOTKILN_STYLES_PREFIX",
        "styles_prefix",
        lambda text: text.strip("/"),
        "Key prefix of the styles in Consul KV.",
    ),
    Variable(
        "PLOTKILN_STYLE_STRICT",
        "style_strict",
        _flag,
        "1: an error instead of the last good or the built-in style.",
    ),
    Variable(
        "PLOTKILN_STYLE_WAIT",
        "style_wait",
        _number(0),
        "Seconds that a cold process waits for its first read of the styles.",
    ),
    Variable("PLOTKILN_TEMPLATES", "templates", _folder, "Folder of templates of one's own."),
    Variable(
        "PLOTKILN_HISTORY_ENTRIES",
        "history_entries",
        _whole(1, 100_000),
        "Entries that the history of one style keeps; the oldest go first.",
    ),
    Variable(
        "PLOTKILN_HISTORY_AGE",
        "history_age",
        _number(0),
        "Days for which the history of styles is kept; 0: whatever its age.",
    ),
    Variable(
        "PLOTKILN_ARTIFACTS_URL",
        "artifacts_url",
        str,
        "Where renderings are kept: file:///folder, memory://, or s3://bucket/prefix with AWS_*.",
    ),
    Variable(
        "PLOTKILN_ARTIFACTS_MAX_AGE",
        "artifacts_max_age",
        _number(0),
        "Hours for which a rendering is kept.",
    ),
    Variable(
        "PLOTKILN_ARTIFACTS_MAX_SIZE",
        "artifacts_max_size",
        _whole(0, _BYTES),
        "MiB that all kept renderings may take.",
    ),
    Variable(
        "PLOTKILN_RECENT_SIZE",
        "recent_size",
        _whole(0, _BYTES),
        "MiB of renderings kept in memory.",
    ),
    Variable(
        "PLOTKILN_CHART_KEEP",
        "chart_keep",
        _number(0),
        "Hours for which the spec of a posted picture is kept.",
    ),
    Variable(
        "PLOTKILN_WORKERS",
        "workers",
        _whole(0, 256),
        "Render processes; 0: one for each processor.",
    ),
    Variable(
        "PLOTKILN_QUEUE",
        "queue",
        _whole(1, 100_000),
        "Renders that may run or wait at once; one more is answered 429.",
    ),
    Variable(
        "PLOTKILN_BUDGET", "budget", _number(0.01), "Seconds that one synchronous render may take."
    ),
    Variable(
        "PLOTKILN_WORKER_MEMORY",
        "worker_memory",
        _whole(0, _BYTES),
        "MiB that one render may allocate; 0: no bound.",
    ),
    Variable(
        "PLOTKILN_MEMORY_RESERVE",
        "memory_reserve",
        _whole(0, _BYTES),
        "MiB that must stay free; a render is answered 503 below it.",
    ),
    Variable(
        "PLOTKILN_IDLE",
        "idle",
        _number(0),
        "Seconds without work after which the render processes end; 0: never. Not on Knative.",
    ),
    Variable(
        "PLOTKILN_DRAIN",
        "drain",
        _number(0),
        "Seconds for which requests in flight may go on after SIGTERM.",
    ),
    Variable(
        "PLOTKILN_MAX_BODY", "max_body", _whole(1, _BYTES), "MiB that a request body may take."
    ),
    Variable(
        "PLOTKILN_MAX_POINTS", "max_points", _whole(1, 10**9), "Values that one spec may hold."
    ),
    Variable(
        "PLOTKILN_MAX_SERIES", "max_series", _whole(1, 10**6), "Series that one spec may hold."
    ),
    Variable(
        "PLOTKILN_MAX_PIXELS",
        "max_pixels",
        _whole(256, 10**9),
        "Pixels (width × height) that one picture may have.",
    ),
    Variable(
        "PLOTKILN_MAX_TEXT", "max_text", _whole(1, 10**6), "Characters that one text may have."
    ),
    Variable(
        "PLOTKILN_MAX_CATEGORIES",
        "max_categories",
        _whole(1, 10**6),
        "Categories that one axis may have.",
    ),
    Variable(
        "PLOTKILN_MAX_ANNOTATIONS",
        "max_annotations",
        _whole(0, 10**6),
        "Annotations that one spec may hold.",
    ),
    Variable(
        "PLOTKILN_MAX_PANELS", "max_panels", _whole(1, 1000), "Panels that one picture may have."
    ),
    Variable(
        "PLOTKILN_MAX_DEPTH",
        "max_depth",
        _whole(4, 200),
        "Levels of lists and objects that a spec may nest.",
    ),
    Variable(
        "PLOTKILN_ANONYMOUS",
        "anonymous",
        _allow,
        "allow: serve anybody on an address other than loopback.",
    ),
    Variable(
        "PLOTKILN_EPHEMERAL",
        "ephemeral",
        _allow,
        "allow: embedded stores on Knative, which vanish with the pod.",
    ),
    Variable(
        "PLOTKILN_LOG_LEVEL", "log_level", _level, "Least severe log records that are written."
    ),
    Variable("CONSUL_HTTP_TOKEN", "consul_token", str, "ACL token."),
    Variable("CONSUL_HTTP_TOKEN_FILE", "consul_token_file", _folder, "File with the ACL token."),
    Variable("CONSUL_CACERT", "consul_ca_cert", _folder, "File with the CA's certificate."),
    Variable("CONSUL_CLIENT_CERT", "consul_client_cert", _folder, "File with our certificate."),
    Variable("CONSUL_CLIENT_KEY", "consul_client_key", _folder, "File with our private key."),
    Variable("CONSUL_NAMESPACE", "consul_namespace", str, "Namespace (Consul Enterprise)."),
    Variable("CONSUL_PARTITION", "consul_partition", str, "Admin partition (Consul Enterprise)."),
    Variable("K_SERVICE", "knative_service", str, "Set by Knative: the Service's name."),
)

_NAMES = frozenset(variable.name for variable in VARIABLES)

#: Kubernetes puts the addresses of a namespace's Services into each pod's environment.
_SERVICE_LINK = re.compile(r"_SERVICE_(HOST|PORT(_\w+)?)$|_PORT(_\d+_(TCP|UDP)(_\w+)?)?$")
