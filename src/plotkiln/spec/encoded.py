"""A spec within an address: unpadded base64url of zlib-deflated (RFC 1950) JSON."""

import base64
import binascii
import zlib

from plotkiln.errors import MalformedError, TooLargeError

__all__ = ["decode_spec", "encode_spec"]

#: `-` and `_` stand for `+` and `/`, which base64url does not know (RFC 4648 section 5).
_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/!!!")


def encode_spec(data: bytes) -> str:
    """Write the JSON of a spec as a part of an address."""
    return base64.urlsafe_b64encode(zlib.compress(data, 9)).rstrip(b"=").decode("ascii")


def decode_spec(text: str, max_bytes: int) -> bytes:
    """Return the JSON that an address holds; never inflates more than `max_bytes` + 1.

    Raises `MalformedError` when the text is not base64url, holds no complete zlib stream, or more
    than that; `TooLargeError` when what it holds is larger than `max_bytes`.
    """
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(_packed(text), max_bytes + 1)
    except zlib.error as error:
        raise MalformedError(f"The address holds no zlib stream (RFC 1950): {error}") from error
    if len(data) > max_bytes:
        raise TooLargeError(f"The spec in the address is larger than {max_bytes} bytes: POST it")
    if not stream.eof:
        raise MalformedError("The spec in the address is cut off: send the whole address")
    if stream.unused_data:
        raise MalformedError("Bytes follow the spec in the address: remove them")
    return data


def _packed(text: str) -> bytes:
    """Decode unpadded base64url strictly: one text for each sequence of bytes."""
    try:
        packed = text.encode("ascii")
        padded = packed.translate(_TO_STANDARD) + b"=" * (-len(packed) % 4)
        data = binascii.a2b_base64(padded, strict_mode=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        message = "The address holds no base64url: A-Z, a-z, 0-9, - and _ without padding"
        raise MalformedError(message) from error
    if base64.urlsafe_b64encode(data).rstrip(b"=") != packed:
        raise MalformedError("The address is no canonical base64url: its last bits are not zero")
    return data
