"""A collector: takes traces and metrics in OTLP over HTTP, as any does, and keeps them."""

import gzip
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric

from listeners import Listener, Quiet

__all__ = ["Collected", "Collector"]


class Collected(NamedTuple):
    """One span."""

    trace: str
    id: str
    parent: str
    name: str
    kind: int
    #: Nanoseconds since 1970.
    began: int
    ended: int
    attributes: Mapping[str, Any]
    #: Ids of the spans that it follows from.
    links: tuple[str, ...]
    #: Of who sent it: `service.name`.
    service: str


class Collector(Listener):
    """Listens on loopback while entered."""

    def __init__(self) -> None:
        #: All spans so far.
        self.spans: list[Collected] = []
        #: The last push of metrics: name → what came.
        self.metrics: dict[str, Metric] = {}
        keep = self.spans.extend

        def keep_metrics(request: ExportMetricsServiceRequest) -> None:
            scopes = [one for group in request.resource_metrics for one in group.scope_metrics]
            self.metrics = {one.name: one for scope in scopes for one in scope.metrics}

        class Handler(Quiet, BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                if self.path == "/v1/traces":
                    keep(_spans(ExportTraceServiceRequest.FromString(body)))
                else:
                    keep_metrics(ExportMetricsServiceRequest.FromString(body))
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", "0")
                self.end_headers()

        super().__init__(Handler)

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a program that exports here, as soon as it may."""
        return {
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.url,
            "OTEL_BSP_SCHEDULE_DELAY": "50",
        }

    def named(self, name: str) -> Collected:
        """Return the span of a name; raises `StopIteration` where there is none."""
        return next(one for one in self.spans if one.name == name)

    def below(self, top: Collected) -> set[str]:
        """Return the names of all spans below one, at any depth."""
        found: set[str] = set()
        for one in self.spans:
            if one.parent == top.id:
                found |= {one.name} | self.below(one)
        return found


def _spans(request: ExportTraceServiceRequest) -> list[Collected]:
    return [
        Collected(
            trace=span.trace_id.hex(),
            id=span.span_id.hex(),
            parent=span.parent_span_id.hex(),
            name=span.name,
            kind=span.kind,
            began=span.start_time_unix_nano,
            ended=span.end_time_unix_nano,
            attributes=_values(span.attributes),
            links=tuple(link.span_id.hex() for link in span.links),
            service=_values(group.resource.attributes)["service.name"],
        )
        for group in request.resource_spans
        for scope in group.scope_spans
        for span in scope.spans
    ]


def _values(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}
