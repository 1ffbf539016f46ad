"""Traces: W3C Trace Context, and the CloudEvents extension that carries one."""

import pytest

from plotkiln.events.event import CloudEvent
from plotkiln.events.tracing import continued, traced, tracing
from plotkiln.traces import trace_of

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TRACE = {"traceparent": PARENT, "tracestate": "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"}

EVENT = CloudEvent(id="1", source="/", type="t", extensions={"hops": 3})


def test_a_reply_continues_its_cause() -> None:
    """What comes of an event belongs to its trace, beside its own extensions."""
    assert continued(EVENT, TRACE).extensions == {"hops": 3, **TRACE}
    assert continued(EVENT, {"traceparent": PARENT}).extensions == {
        "hops": 3,
        "traceparent": PARENT,
    }


def test_a_trace_of_its_own_is_kept() -> None:
    """An event that tells its trace belongs to no other."""
    own = CloudEvent(id="1", source="/", type="t", extensions={"traceparent": PARENT[:-1] + "0"})
    assert continued(own, TRACE) == own


@pytest.mark.parametrize(
    "parent",
    [
        "",
        PARENT.upper(),
        PARENT[:-1],
        PARENT + "-extra",
        PARENT.replace("00-", "ff-"),
        PARENT.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0" * 32),
        PARENT.replace("00f067aa0ba902b7", "0" * 16),
        "nonsense\u20ac",
    ],
)
def test_what_is_no_trace_is_not_carried_on(parent: str) -> None:
    """Without a valid traceparent there is no trace, whatever tracestate says."""
    assert trace_of({**TRACE, "traceparent": parent}) == {}
    assert continued(EVENT, {**TRACE, "traceparent": parent}) == EVENT


def test_a_broken_state_is_left_out() -> None:
    """A tracestate that no header can carry is dropped; the trace goes on."""
    assert trace_of({"traceparent": PARENT, "tracestate": "\u20ac"}) == {"traceparent": PARENT}


def test_what_is_published_inside_belongs_to_the_trace() -> None:
    """The trace of the event that is handled is that of what is published meanwhile."""
    assert traced(EVENT) == EVENT
    with tracing(continued(EVENT, TRACE)):
        assert traced(EVENT).extensions["traceparent"] == PARENT
        with tracing(EVENT):
            assert traced(EVENT) == EVENT
    assert traced(EVENT) == EVENT
