"""Events as our own stores keep them: byte for byte, whatever the data is."""

import msgspec

from plotkiln.events.event import CloudEvent

__all__ = ["from_stored", "to_stored"]

_DECODER = msgspec.msgpack.Decoder(CloudEvent)


def to_stored(event: CloudEvent) -> bytes:
    """Return an event in MessagePack, which keeps the data's bytes apart from the attributes."""
    return msgspec.msgpack.encode(event)


def from_stored(stored: bytes) -> CloudEvent:
    """Return what `to_stored` wrote; it was checked before it was kept."""
    return _DECODER.decode(stored)
