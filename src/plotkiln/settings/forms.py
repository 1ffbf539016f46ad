"""How the text of a variable becomes a value; each raises `ValueError` with what is expected."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from plotkiln.identity import Scope

__all__ = [
    "address",
    "addresses",
    "algorithms",
    "allow",
    "certificates",
    "flag",
    "folder",
    "grants",
    "issuer",
    "level",
    "live_address",
    "number",
    "one_of",
    "origins",
    "overrides",
    "scopes",
    "site",
    "whole",
    "words",
]

#: Algorithms of signatures by a private key, of which everybody may know the public one.
_ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)

_EXTENSION = re.compile(r"[a-z0-9]+")


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number within bounds."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"expected a whole number from {least} to {most}")
        return int(text)

    return read


def number(least: float) -> Callable[[str], float]:
    """Return what reads a decimal number that has a lower bound."""

    def read(text: str) -> float:
        if not re.fullmatch(r"\d+(\.\d+)?", text) or float(text) < least:
            raise ValueError(f"expected a number of at least {least:g}")
        return float(text)

    return read


def flag(text: str) -> bool:
    """Read 0 or 1."""
    if text not in {"0", "1"}:
        raise ValueError("expected 0 or 1")
    return text == "1"


def allow(text: str) -> bool:
    """Read `allow`, the word that unlocks what is unsafe."""
    if text != "allow":
        raise ValueError("expected allow, or nothing")
    return True


def level(text: str) -> str:
    """Read the name of a log level, in any case."""
    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    if text.upper() not in levels:
        raise ValueError(f"expected one of {', '.join(levels)}")
    return text.upper()


def one_of(*known: str) -> Callable[[str], str]:
    """Return what reads one of a few words."""

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"expected one of {', '.join(known)}")
        return text

    return read


def words(text: str) -> tuple[str, ...]:
    """Read words that are separated by commas."""
    return tuple(filter(None, (part.strip() for part in text.split(","))))


def scopes(text: str) -> frozenset[Scope]:
    """Read scopes that are separated by commas, spaces or plus signs."""
    try:
        return frozenset(Scope(word) for word in filter(None, re.split(r"[,+\s]+", text)))
    except ValueError as error:
        raise ValueError(f"{error}: expected {', '.join(Scope)}") from None


def grants(text: str) -> Mapping[tuple[str, str], frozenset[Scope]]:
    """Read `claim/value=scope+scope` pairs, separated by commas."""
    found: dict[tuple[str, str], frozenset[Scope]] = {}
    for pair in words(text):
        holder, equals, given = pair.rpartition("=")
        claim, slash, value = _claim(holder)
        if not (equals and slash and claim and value):
            raise ValueError("expected claim/value=scope+scope, several separated by commas")
        found[claim, value] = found.get((claim, value), frozenset()) | scopes(given)
    return found


def _claim(holder: str) -> tuple[str, str, str]:
    """Divide a claim from its value, which may begin with a slash; a URL's last slash divides."""
    return holder.rpartition("/") if "://" in holder else holder.partition("/")


def folder(text: str) -> Path:
    """Read a path, from the home or the working directory if it is not absolute."""
    return Path(text).expanduser().absolute()


def address(*schemes: str) -> Callable[[str], str]:
    """Return what reads a URL of one of these schemes, less a slash at its end."""

    def read(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not (parts.netloc or parts.scheme == "unix"):
            raise ValueError(f"expected an address that begins with {' or '.join(schemes)}://")
        return text.rstrip("/")

    return read


def live_address(text: str) -> str:
    """Read the URL of the live channel, path and all: nobody adds one to it."""
    found = address("http", "https", "ws", "wss")(text)
    if not urlsplit(found).path:
        raise ValueError("expected an address with its path, such as wss://live.example/live")
    return found


def issuer(text: str) -> str:
    """Read an issuer's URL as it is: a slash at its end belongs to its name."""
    _check_bare(address("http", "https")(text))
    return text


def site(text: str) -> str:
    """Read a URL at which browsers find something: scheme and host in small letters, as theirs."""
    told = address("http", "https")(text)
    _check_bare(told)
    parts = urlsplit(told)
    return parts._replace(netloc=parts.netloc.lower()).geturl()


def _check_bare(url: str) -> None:
    parts = urlsplit(url)
    if parts.username is not None or "?" in url or "#" in url or not parts.hostname:
        raise ValueError("expected an address with a host, without user, ? and #")


def algorithms(text: str) -> tuple[str, ...]:
    """Read algorithms; those by a shared secret are none, lest a public key serve as one."""
    found = words(text)
    if not found or not _ALGORITHMS.issuperset(found):
        raise ValueError(f"expected some of {', '.join(sorted(_ALGORITHMS))}")
    return found


def addresses(text: str) -> Mapping[str, str]:
    """Read `name=http://…` pairs, separated by commas."""
    found = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, equals, url = pair.partition("=")
        if not name or not equals:
            raise ValueError("expected name=http://…, several separated by commas")
        found[name.strip()] = address("http", "https")(url.strip())
    return found


def origins(text: str) -> tuple[str, ...]:
    """Read origins as browsers send them, `https://host` or with a port, separated by commas."""
    found = tuple(filter(None, (part.strip().rstrip("/").lower() for part in text.split(","))))
    for origin in found:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or f"{parts.scheme}://{parts.netloc}" != origin:
            raise ValueError("expected origins such as https://charts.example, without a path")
    return found


def certificates(text: str) -> str:
    """Read certificates in PEM; whether they are good is seen when they are used."""
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise ValueError("expected certificates in PEM")
    return text


def overrides(text: str) -> Mapping[str, str]:
    """Read what Knative wants to be added to events: `{"extensions": {"name": "value"}}`."""
    import json  # noqa: PLC0415 -- for processes that have a sink

    try:
        extensions = json.loads(text).get("extensions") or {}
    except (ValueError, AttributeError):
        extensions = None
    if not isinstance(extensions, dict) or not all(
        _EXTENSION.fullmatch(name) and isinstance(value, str) for name, value in extensions.items()
    ):
        raise ValueError('expected {"extensions": {"name": "value"}}, names of a-z and 0-9')
    return extensions
