"""What belongs together: traces, their spans, and the facts that log records carry."""

from plotkiln.traces.context import TRACE, current_trace, in_trace, trace_of
from plotkiln.traces.facts import begin, facts, knowing, note
from plotkiln.traces.spans import Span, is_heard, record, span

__all__ = [
    "TRACE",
    "Span",
    "begin",
    "current_trace",
    "facts",
    "in_trace",
    "is_heard",
    "knowing",
    "note",
    "record",
    "span",
    "trace_of",
]
