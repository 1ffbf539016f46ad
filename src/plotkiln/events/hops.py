"""How many events may still follow one from another: what ends a loop."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

from plotkiln.events.event import CloudEvent

__all__ = ["HOPS", "hopped", "hops_of", "spending", "without_hops"]

#: Events that one may cause, one after the other, as replies or published. Knative's own number.
HOPS = 255

_TTL = "knativebrokerttl"

#: The hops of the event that is being handled; None where none is.
_left: ContextVar[int | None] = ContextVar("plotkiln_hops", default=None)


def hops_of(event: CloudEvent) -> int:
    """Return the hops that an event may still make; another broker may have said."""
    said = event.attribute(_TTL) or ""
    return min(HOPS, int(said)) if said.isascii() and said.isdecimal() else HOPS


def without_hops(event: CloudEvent) -> CloudEvent:
    """Return an event as subscribers see it: its hops are the broker's own affair."""
    if _TTL not in event.extensions:
        return event
    others = {name: value for name, value in event.extensions.items() if name != _TTL}
    return msgspec.structs.replace(event, extensions=others)


@contextmanager
def spending(hops: int) -> Iterator[None]:
    """Let what is published inside have no more than the hops of the event that caused it."""
    entered = _left.set(hops)
    try:
        yield
    finally:
        _left.reset(entered)


def hopped(event: CloudEvent) -> CloudEvent:
    """Return an event that says the hops which its cause left it, if it has a cause here."""
    left = _left.get()
    if left is None:
        return event
    hops = min(left, hops_of(event))
    return msgspec.structs.replace(event, extensions={**event.extensions, _TTL: hops})
