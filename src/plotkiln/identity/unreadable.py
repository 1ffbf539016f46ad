"""What msgspec and base64 raise for documents of somebody else's making."""

import msgspec

__all__ = ["UNREADABLE"]

#: By their form, by bytes that are no text (or no base64), and by their depth.
UNREADABLE = (msgspec.DecodeError, ValueError, RecursionError)
