"""Entity tags in requests (RFC 9110, sections 8.8.3 and 13)."""

import re

from plotkiln.errors import MalformedError

__all__ = ["expected_version", "known_version", "matches", "quoted"]

_TAG = re.compile(r'(?:W/)?"([^"]*)"')

_DIGITS = len(str(2**63))


def quoted(tag: str) -> str:
    """Return a strong entity tag."""
    return f'"{tag}"'


def matches(if_none_match: str | None, tag: str) -> bool:
    """Say whether the client holds `tag` already; weak comparison, as for If-None-Match."""
    if not if_none_match:
        return False
    return if_none_match.strip() == "*" or tag in _TAG.findall(if_none_match)


def known_version(if_none_match: str | None) -> int | None:
    """Return the newest version that a client holds, None where it names none."""
    versions = [int(tag) for tag in _TAG.findall(if_none_match or "") if _is_version(tag)]
    return max(versions, default=None)


def expected_version(if_match: str | None, if_none_match: str | None) -> int | None:
    """Return the version that a write replaces: 0 to create, None where no condition was sent.

    Raises `MalformedError` for a condition that names no version.
    """
    if if_none_match is not None:
        if if_none_match.strip() != "*":
            raise MalformedError('If-None-Match takes only * here; If-Match takes "version".')
        return 0
    if if_match is None:
        return None
    tags = _TAG.findall(if_match)
    if len(tags) != 1 or not _is_version(tags[0]):
        raise MalformedError(f'If-Match takes one version as "42", got {if_match!r}.')
    return int(tags[0])


def _is_version(tag: str) -> bool:
    """Say whether a tag is a number of 63 bits or so: longer ones take time to read."""
    return tag.isascii() and tag.isdecimal() and len(tag) <= _DIGITS
