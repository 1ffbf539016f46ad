"""Probes of identity: whether the provider answers, and whether anybody can come in."""

import time
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

from plotkiln.identity.api_keys import ApiKeys
from plotkiln.identity.key_sets import KeySet
from plotkiln.service.doctor import Finding

__all__ = ["find_api_keys", "find_provider", "find_transport"]

#: Days before its end from which on an API key is worth a warning.
_SOON = 7

_MAKE = "Make one: plotkiln keys create NAME --scopes render,jobs."


async def find_provider(
    fetch: Callable[[], Awaitable[KeySet]], algorithms: tuple[str, ...]
) -> Finding:
    """Ask the provider for its keys, and see whether any is for an algorithm that is taken."""
    keys = (await fetch()).keys
    fitting = [name for name in algorithms if any(_fits(key, name) for key in keys)]
    count = f"{len(keys)} keys"
    if not fitting:
        mend = "Name what the provider signs with in PLOTKILN_OIDC_ALGORITHMS."
        return Finding(f"{count}, none of them for {', '.join(algorithms)}", "fault", mend)
    return Finding(f"{count}, for {', '.join(fitting)}")


async def find_transport(told: Mapping[str, str], is_here: Callable[[str], bool]) -> Finding:
    """See whether any address, by its variable, is of plain http and of another host than this."""
    plain = [name for name, url in told.items() if _is_plain(url, is_here)]
    if plain:
        mend = "Let them begin with https://, and TLS end in front of the server."
        detail = f"plain http, which whoever is on the way reads and changes: {', '.join(plain)}"
        return Finding(detail, "warning", mend)
    return Finding("by https, or on this machine alone")


async def find_api_keys(keys: ApiKeys, *, alone: bool) -> Finding:
    """Count the API keys; where they are the only way in (`alone`) there must be one."""
    every = await keys.every()
    count = f"{len(every)} API keys"
    if alone and not every:
        return Finding(f"{count}, and no provider: nobody can come in", "warning", _MAKE)
    soon = time.time() + _SOON * 86400
    ending = sorted({key.name for key in every if key.expires is not None and key.expires < soon})
    lasting = {key.name for key in every if key.expires is None or key.expires >= soon}
    last = [name for name in ending if name not in lasting]
    if last:
        mend = f"Rotate it: plotkiln keys rotate {last[0]}."
        return Finding(f"{count}, ending within a week: {', '.join(last)}", "warning", mend)
    return Finding(count)


def _is_plain(url: str, is_here: Callable[[str], bool]) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and not is_here(parts.hostname or "")


def _fits(key: dict[str, object], algorithm: str) -> bool:
    return KeySet(document={}, keys=(key,), fetched=0).find(None, algorithm) is not None
