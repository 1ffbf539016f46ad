"""What is configured, without what must stay secret."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from plotkiln.settings import VARIABLES, Settings, read_settings

__all__ = ["Mask", "configured", "mask_of"]

#: What stands for a secret.
MASK = "•••"

#: Hides the secrets in a text.
Mask = Callable[[str], str]

#: User and password of a URL, and what its query may hold.
_USER = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_QUERY = re.compile(r"(?<=[?&])([^=&\s]+)=[^&\s]+")

#: Variables that are secrets as a whole.
_SECRETS = frozenset(
    {
        "CONSUL_HTTP_TOKEN",
        "PLOTKILN_OIDC_CLIENT_SECRET",
        "PLOTKILN_SIGNING_KEYS",
        "PLOTKILN_TOKEN",
    }
)

#: Variables of an object store that tell where it is, not who we are.
_OPEN = re.compile(r"^AWS_(?:DEFAULT_)?(?:REGION|ENDPOINT\w*|BUCKET\w*|PROFILE|ALLOW_HTTP)$")


def mask_of(settings: Settings, environment: Mapping[str, str]) -> Mask:
    """Return what hides tokens, keys, and the users and queries of URLs, as they are now."""
    files = (
        settings.consul_token_file,
        settings.sink_token_file,
        settings.oidc_secret_file,
        settings.token_file,
    )
    secrets = {settings.consul_token, *map(_content, files)}
    ring = f"{settings.signing_keys}\n{_content(settings.signing_keys_file)}"
    secrets |= {pair.partition(":")[2].strip() for pair in re.split(r"[,\n]", ring)}
    secrets |= {value for name, value in environment.items() if _is_secret(name)}
    # the longest first: one may begin like another
    ordered = sorted(filter(None, secrets), key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def mask(text: str) -> str:
        text = known.sub(MASK, text) if known else text
        return _QUERY.sub(rf"\1={MASK}", _USER.sub(MASK, text))

    return mask


def configured(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that differ from their defaults, by variable, secrets hidden."""
    mask, defaults = mask_of(settings, environment), read_settings({})
    shown = {"CONSUL_HTTP_ADDR": settings.consul_address} if settings.consul_address else {}
    for variable in VARIABLES:
        value = getattr(settings, variable.member)
        if value != getattr(defaults, variable.member):
            shown[variable.name] = _text(value)
    if settings.artifacts_url.startswith("s3:"):
        shown |= {name: value for name, value in environment.items() if name.startswith("AWS_")}
    return {name: MASK if _is_secret(name) else mask(value) for name, value in shown.items()}


def _is_secret(name: str) -> bool:
    if name.startswith("AWS_"):
        return not _OPEN.match(name)
    return name in _SECRETS


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{_name(name)}={_text(one)}" for name, one in value.items())
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, frozenset):
        return "+".join(sorted(map(str, value)))
    if isinstance(value, str) and "\n" in value:
        return f"{value.partition(chr(10))[0]} …"
    return {True: "1", False: "0"}[value] if isinstance(value, bool) else str(value)


def _name(name: str | tuple[str, ...]) -> str:
    return name if isinstance(name, str) else "/".join(name)


def _content(file: Path | None) -> str:
    try:
        return file.read_text().strip() if file else ""
    except (OSError, UnicodeDecodeError):
        return ""
