"""One byte sequence per JSON value (RFC 8785), and its SHA-256."""

import hashlib
from math import inf
from sys import float_info
from typing import Any

import rfc8785

__all__ = ["canonical_json", "sha256_hex"]

#: RFC 8785 knows IEEE 754 doubles only; larger integers are not exact in one.
_EXACT_INTEGER = 2**53


def canonical_json(value: Any) -> bytes:
    """Serialise a JSON value by RFC 8785; integers past ±2^53 become the nearest double.

    Raises `rfc8785.CanonicalizationError` for what no double holds (NaN, infinities, 10^400).
    """
    try:
        return rfc8785.dumps(value)
    except rfc8785.IntegerDomainError:
        return rfc8785.dumps(_as_doubles(value))


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of `data` in 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _as_doubles(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_doubles(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_as_doubles(member) for member in value]
    if isinstance(value, int) and abs(value) >= _EXACT_INTEGER:
        return float(value) if abs(value) <= float_info.max else inf
    return value
