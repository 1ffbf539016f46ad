"""What a spec and a stored chart are called: names made of their content."""

import hashlib
from types import NoneType
from typing import Any

import msgspec

from plotkiln.documents import ID_BYTES, canonical_json, id_text, sha256_hex

__all__ = ["chart_id", "spec_digest"]

#: The first integer that a double does not hold exactly together with its neighbours.
_EXACT = 2**53


def spec_digest(value: dict[str, Any]) -> str:
    """Return the SHA-256, in hexadecimal, of a decoded spec less `format` (RFC 8785)."""
    return sha256_hex(_canonical({key: item for key, item in value.items() if key != "format"}))


def chart_id(owner: str, spec_digest: str) -> str:
    """Name an owner's chart: 26 characters, the first 128 bits of a SHA-256 in base32.

    What is hashed is, byte by byte: the owner in UTF-8, one zero byte, the spec digest as 64
    lower-case hexadecimal digits in ASCII. The digest's length is fixed, so that the last 65 bytes
    are always the separator and the digest: no two pairs share an input.
    """
    hashed = hashlib.sha256(owner.encode() + b"\0" + spec_digest.encode("ascii")).digest()
    return id_text(hashed[:ID_BYTES])


def _canonical(value: Any) -> bytes:
    """Equal `canonical_json` for all that JSON decodes to; lists of scalars take a fast way."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))  # RFC 8785 section 3.2.3
        members = (canonical_json(key) + b":" + _canonical(value[key]) for key in keys)
        return b"{" + b",".join(members) + b"}"
    if isinstance(value, list):
        return _column(value) or b"[" + b",".join(map(_canonical, value)) + b"]"
    return canonical_json(value)


def _column(values: list[Any]) -> bytes | None:
    """Canonicalise a list of numbers or of texts, and gaps, from msgspec's encoding of it.

    That encoding writes a number's shortest digits as RFC 8785 does, but for whole floats (`1.0`),
    for -0.0, and for exponents; texts differ only where they need a backslash. Returns None for
    lists of anything else.
    """
    types = set(map(type, values)) - {NoneType}
    if types == {str}:
        text = msgspec.json.encode(values)
        return text if b"\\" not in text else None
    if not types or not types <= {int, float}:
        return None
    numbers = [value for value in values if value is not None] if None in values else values
    if max(numbers) >= _EXACT or min(numbers) <= -_EXACT:
        return None
    return _numbers(msgspec.json.encode(values))


def _numbers(text: bytes) -> bytes:
    if b"e" in text:
        tokens = text[1:-1].split(b",")
        text = b"[" + b",".join(_respelt(t) if b"e" in t else t for t in tokens) + b"]"
    whole = text.replace(b".0,", b",").replace(b".0]", b"]")
    return whole.replace(b"-0,", b"0,").replace(b"-0]", b"0]")


def _respelt(token: bytes) -> bytes:
    """Write a number with an exponent as ECMAScript does: 1e-7, but 0.000001."""
    return canonical_json(float(token))
