"""Which trace an event belongs to, its replies too (extension "Distributed Tracing")."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

from plotkiln.events.event import CloudEvent

__all__ = ["TRACE", "continued", "trace_of", "traced", "tracing"]

#: The extension's attributes; HTTP's headers of the same trace have the same names.
TRACE = ("traceparent", "tracestate")

_current: ContextVar[Mapping[str, str] | None] = ContextVar("plotkiln_trace", default=None)

#: W3C Trace Context, section 3.2: ids of zeros, and the version ff, are no trace.
_PARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}\Z")
#: Section 3.3.1.5: vendors' entries, so many characters at least are carried on.
_STATE = re.compile(r"[\x20-\x7e]{1,512}\Z")


def trace_of(given: Mapping[str, object]) -> Mapping[str, str]:
    """Return what of these headers or extensions tells a trace; nothing where that is none."""
    parent, state = (str(given.get(name, "")) for name in TRACE)
    if not _PARENT.match(parent):
        return {}
    return {"traceparent": parent, **({"tracestate": state} if _STATE.match(state) else {})}


@contextmanager
def tracing(event: CloudEvent) -> Iterator[None]:
    """Let what is published inside belong to the trace of `event`."""
    entered = _current.set(trace_of(event.extensions))
    try:
        yield
    finally:
        _current.reset(entered)


def traced(event: CloudEvent) -> CloudEvent:
    """Return an event as part of the current trace, unless it belongs to one."""
    return continued(event, _current.get() or {})


def continued(event: CloudEvent, given: Mapping[str, object]) -> CloudEvent:
    """Return an event as part of the trace that these headers or extensions tell, if they do.

    An event that says its own trace keeps it; what is no trace is not carried on.
    """
    trace = trace_of(given)
    if not trace or "traceparent" in event.extensions:
        return event
    return msgspec.structs.replace(event, extensions={**event.extensions, **trace})
