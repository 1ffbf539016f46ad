"""Which trace an event belongs to, its replies too (extension "Distributed Tracing")."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import msgspec

from plotkiln.events.event import CloudEvent
from plotkiln.traces import current_trace, in_trace, note, span, trace_of
from plotkiln.traces.context import trace_id
from plotkiln.traces.spans import Attribute

__all__ = ["continued", "event_span", "hop_of", "traced", "tracing"]


@contextmanager
def tracing(event: CloudEvent) -> Iterator[None]:
    """Let what is done and published inside belong to the trace of `event`."""
    with in_trace(hop_of(event)):
        yield


def hop_of(event: CloudEvent) -> Mapping[str, str]:
    """Return the trace of an event, at the span of now where that belongs to it.

    The extension tells where the event came from, a header of this hop who hands it over.
    """
    own, current = trace_of(event.extensions), current_trace()
    return current if trace_id(own) == trace_id(current) else own


@contextmanager
def event_span(event: CloudEvent, name: str = "handle") -> Iterator[None]:
    """Measure what is done with an event, below its trace; log records inside carry its id."""
    attributes: dict[str, Attribute] = {
        "cloudevents.event_id": event.id,
        "cloudevents.event_source": event.source,
        "cloudevents.event_type": event.type,
    }
    note(event=event.id)
    with span(f"{name} {event.type}", attributes, kind="consumer", root=True):
        yield


def traced(event: CloudEvent) -> CloudEvent:
    """Return an event as part of the current trace, unless it belongs to one."""
    return continued(event, current_trace())


def continued(event: CloudEvent, given: Mapping[str, object]) -> CloudEvent:
    """Return an event as part of the trace that these headers or extensions tell, if they do.

    An event that says its own trace keeps it; what is no trace is not carried on.
    """
    trace = trace_of(given)
    if not trace or "traceparent" in event.extensions:
        return event
    return msgspec.structs.replace(event, extensions={**event.extensions, **trace})
