"""The digest of a style's content: what a rendering depends on, whatever the style's name."""

import msgspec

from plotkiln.documents import canonical_json, sha256_hex
from plotkiln.style.models import Style

__all__ = ["content_digest"]


def content_digest(style: Style) -> str:
    """Return the SHA-256, in 64 hexadecimal digits, of a style's canonical JSON (RFC 8785).

    `extends` is left out: once resolved, it says where members came from, not what they are.
    """
    members = msgspec.to_builtins(msgspec.structs.replace(style, extends=None))
    return sha256_hex(canonical_json(members))
