"""128 bits as text that fits into addresses: what jobs and stored charts are called."""

import base64
from typing import Final

__all__ = ["ID_BYTES", "ID_PATTERN", "id_text"]

ID_BYTES: Final = 16

#: Any id, as a regular expression.
ID_PATTERN: Final = "[a-z2-7]{26}"


def id_text(bits: bytes) -> str:
    """Return `ID_BYTES` bytes as 26 small letters and digits: base32 (RFC 4648) without padding."""
    return base64.b32encode(bits).decode("ascii").rstrip("=").lower()
