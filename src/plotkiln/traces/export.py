"""Exports spans by OpenTelemetry's SDK; nothing else imports it, and only who is asked to."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from plotkiln.errors import SettingsError
from plotkiln.traces.context import trace_of
from plotkiln.traces.spans import Attribute, Kind, Span

try:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.trace import (
        Link,
        SpanContext,
        SpanKind,
        Status,
        StatusCode,
        TraceFlags,
        TraceState,
        set_span_in_context,
    )
    from opentelemetry.trace import NonRecordingSpan as Remote
except ImportError as error:
    raise SettingsError(
        "Traces are asked for by OTEL_EXPORTER_OTLP_ENDPOINT, and what exports them is not"
        " installed: install plotkiln[otel], or unset it."
    ) from error

if TYPE_CHECKING:
    from opentelemetry.trace import Span as OpenSpan

__all__ = ["Exporter", "resource_of"]

_KINDS = {
    "internal": SpanKind.INTERNAL,
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}


class Exporter:
    """Sends spans over OTLP/HTTP, in batches and by a thread of its own: nobody waits for it.

    Where, how many, and under which name is said by OpenTelemetry's own variables
    (`OTEL_EXPORTER_OTLP_*`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_*`, `OTEL_RESOURCE_ATTRIBUTES`,
    `OTEL_SERVICE_NAME`). What is not taken in time is dropped.
    """

    def __init__(self, service: Mapping[str, str]) -> None:
        """Start; `service` is who exports, as far as the variables say nothing else."""
        self._provider = TracerProvider(resource=resource_of(service), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("plotkiln")

    def begin(
        self,
        name: str,
        parent: Mapping[str, str],
        *,
        kind: Kind = "internal",
        attributes: Mapping[str, Attribute],
        links: Sequence[str] = (),
        began: int | None = None,
    ) -> "Recorded":
        """Begin a span below `parent`; `began` is in nanoseconds since 1970, now if None."""
        remote = _context(parent)
        found = [context for one in links if (context := _context(trace_of({"traceparent": one})))]
        return Recorded(
            self._tracer.start_span(
                name,
                context=set_span_in_context(Remote(remote)) if remote else None,
                kind=_KINDS[kind],
                attributes=attributes,
                links=[Link(context) for context in found],
                start_time=began,
            )
        )

    def close(self) -> None:
        """Send what is left; that takes long where the collector is away."""
        self._provider.shutdown()


class Recorded(Span):
    """A span that is exported once it ends, if its trace is sampled."""

    def __init__(self, open_span: "OpenSpan") -> None:
        self._span = open_span

    @property
    def trace(self) -> Mapping[str, str]:
        """The trace whose span of now this is."""
        context = self._span.get_span_context()
        parent = f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
        state = context.trace_state.to_header()
        return {"traceparent": parent, **({"tracestate": state} if state else {})}

    def name(self, name: str) -> None:
        """Call it so."""
        self._span.update_name(name)

    def set(self, attributes: Mapping[str, Attribute]) -> None:
        """Add attributes."""
        self._span.set_attributes(attributes)

    def fail(self, reason: str) -> None:
        """Note that the work failed."""
        self._span.set_status(Status(StatusCode.ERROR, reason))

    def end(self, ended: int | None = None) -> None:
        """End it: `ended` nanoseconds since 1970, now if None."""
        self._span.end(ended)


def resource_of(service: Mapping[str, str]) -> Resource:
    """Return who exports: by OpenTelemetry's variables, else by these attributes."""
    own, told = Resource(service), Resource.create()
    if str(told.attributes.get(SERVICE_NAME, "")).startswith("unknown_service"):
        return told.merge(own)
    return own.merge(told)


def _context(trace: Mapping[str, str]) -> SpanContext | None:
    """Return the span that a trace names, as one of another process; None where it names none."""
    if not trace:
        return None
    _, trace_id, span_id, flags = trace["traceparent"].split("-")
    return SpanContext(
        int(trace_id, 16),
        int(span_id, 16),
        is_remote=True,
        trace_flags=TraceFlags(int(flags, 16)),
        trace_state=TraceState.from_header([trace.get("tracestate", "")]),
    )
