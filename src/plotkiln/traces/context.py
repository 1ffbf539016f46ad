"""The trace that goes on here, in the words of W3C Trace Context."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["TRACE", "current_trace", "in_trace", "trace_id", "trace_of"]

#: The headers that tell a trace; attributes of events that do have the same names.
TRACE = ("traceparent", "tracestate")

_current: ContextVar[Mapping[str, str] | None] = ContextVar("plotkiln_trace", default=None)

#: Section 3.2: ids of zeros, and the version ff, are no trace.
_PARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}\Z")
#: Section 3.3.1.5: vendors' entries, so many characters at least are carried on.
_STATE = re.compile(r"[\x20-\x7e]{1,512}\Z")


def trace_of(given: Mapping[str, object]) -> Mapping[str, str]:
    """Return what of these headers or extensions tells a trace; nothing where that is none."""
    parent, state = (str(given.get(name, "")) for name in TRACE)
    if not _PARENT.match(parent):
        return {}
    return {"traceparent": parent, **({"tracestate": state} if _STATE.match(state) else {})}


def trace_id(trace: Mapping[str, str]) -> str:
    """Return the id of a trace, empty for none."""
    return trace.get("traceparent", "")[3:35]


def current_trace() -> Mapping[str, str]:
    """Return the trace that goes on here, and its span of now; nothing outside of one."""
    return _current.get() or {}


@contextmanager
def in_trace(trace: Mapping[str, str]) -> Iterator[None]:
    """Have this trace go on while inside; none where it is empty."""
    entered = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(entered)
