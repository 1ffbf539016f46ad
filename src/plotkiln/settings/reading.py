"""Reading the environment, and what no two settings may say together."""

import os
import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import msgspec

from plotkiln.errors import SettingsError
from plotkiln.settings.values import Settings
from plotkiln.settings.variables import VARIABLES

__all__ = ["read_settings"]

_NAMES = frozenset(variable.name for variable in VARIABLES)

#: Kubernetes puts the addresses of a namespace's Services into each pod's environment.
_SERVICE_LINK = re.compile(r"_SERVICE_(HOST|PORT(_\w+)?)$|_PORT(_\d+_(TCP|UDP)(_\w+)?)?$")

#: Hours of age from which a rendering that is found for a job is kept anew.
_RENEWED = 1.0

#: User and password of a URL: no refusal repeats them.
_USER = re.compile(r"(?<=://)[^/@\s]+(?=@)")


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
            faults.append(f"{variable.name}={_USER.sub('•••', text)}: {error}")
    if faults:
        raise SettingsError("\n".join(faults))
    settings = Settings(
        **{
            "data": _default_data(environment),
            "consul_address": _consul_address(environment),
            **values,
        }
    )
    if settings.oidc_issuer and not environment.get("PLOTKILN_IDENTITY", "").strip():
        settings = msgspec.structs.replace(settings, identity=True)
    _check_combination(settings)
    return settings


def _check_combination(settings: Settings) -> None:
    _check_access(settings)
    if settings.knative_service and not settings.ephemeral and _is_embedded(settings):
        raise SettingsError(
            "Embedded stores vanish with the pod: set CONSUL_HTTP_ADDR, PLOTKILN_ARTIFACTS_URL and "
            "PLOTKILN_REDIS_URL, or PLOTKILN_EPHEMERAL=allow if that is meant."
        )
    if 0 < settings.artifacts_max_age < settings.job_keep + _RENEWED:
        least = settings.job_keep + _RENEWED
        raise SettingsError(
            "PLOTKILN_ARTIFACTS_MAX_AGE would remove results for which jobs are kept: set it to "
            f"{least:g} hours at least, or PLOTKILN_JOB_KEEP lower."
        )


def _check_access(settings: Settings) -> None:
    """Refuse what would let in whom nobody meant."""
    if settings.identity and settings.anonymous:
        raise SettingsError(
            "PLOTKILN_ANONYMOUS=allow and identity are opposites: set one of PLOTKILN_ANONYMOUS "
            "and PLOTKILN_IDENTITY (or PLOTKILN_OIDC_ISSUER)."
        )
    if not _is_loopback(settings.host) and not settings.anonymous and not settings.identity:
        raise SettingsError(
            f"HOST={settings.host} would let anybody on the network in. Set PLOTKILN_OIDC_ISSUER "
            "or PLOTKILN_IDENTITY=1, so that whoever asks must say who they are; "
            "PLOTKILN_ANONYMOUS=allow if anybody is meant; or HOST=127.0.0.1."
        )
    if settings.oidc_issuer and not settings.oidc_audience:
        raise SettingsError(
            "PLOTKILN_OIDC_AUDIENCE is not set: tokens that the provider issued for others would "
            "be taken. Name the audience that it issues for plotkiln."
        )
    _check_sign_in(settings)
    if settings.events_accept == "oidc" and not (
        settings.events_issuer and settings.events_audience
    ):
        raise SettingsError(
            "PLOTKILN_EVENTS=oidc needs PLOTKILN_EVENTS_ISSUER and PLOTKILN_EVENTS_AUDIENCE: whose "
            "tokens events come with, and for whom."
        )


def _check_sign_in(settings: Settings) -> None:
    if not settings.oidc_client:
        return
    if not settings.oidc_issuer:
        raise SettingsError(
            "PLOTKILN_OIDC_CLIENT_ID needs PLOTKILN_OIDC_ISSUER: the provider at which people sign "
            "in."
        )
    if not settings.public_url and not _is_loopback(settings.host):
        raise SettingsError(
            "PLOTKILN_PUBLIC_URL is not set: the provider could send nobody back, and sessions "
            "would go without https. Set it to the address that browsers use, such as "
            "https://charts.example."
        )


def _is_embedded(settings: Settings) -> bool:
    """Say whether any store is one that this process keeps by itself."""
    local = settings.artifacts_url.startswith(("file:", "memory"))
    return local or not (settings.consul_address and settings.artifacts_url and settings.redis_url)


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
        port = environment.get("CONSUL_PORT", "").strip()
        # a Service named consul in a pod's namespace makes it tcp://10.0.0.1:8500
        address = f"{host}:{port if port.isdecimal() else '8500'}"
    secure = environment.get("CONSUL_HTTP_SSL", "").strip().lower() in {"1", "true"}
    scheme = "https://" if secure else "http://"
    one_by_one = (part.strip().rstrip("/") for part in address.split(","))
    return ",".join(one if "://" in one else scheme + one for one in one_by_one if one)
