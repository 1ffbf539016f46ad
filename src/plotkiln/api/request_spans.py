"""A request as a span: below the caller's, where that tells one."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.datastructures import Headers
from starlette.types import Scope

from plotkiln.traces import Span, facts, in_trace, knowing, span, trace_of

__all__ = ["answered", "request_span"]

#: Characters of an address that a trace keeps: beyond, it is a whole spec.
_PATH = 128


@contextmanager
def request_span(scope: Scope, request_id: str) -> Iterator[Span]:
    """Have everything inside belong to the trace that the headers tell, or to a new one."""
    path = scope["path"][:_PATH]
    attributes = {"http.request.method": scope["method"], "url.path": path}
    with (
        knowing(request_id=request_id),
        in_trace(trace_of(Headers(scope=scope))),
        span(scope["method"], attributes, kind="server", root=True) as begun,
    ):
        yield begun


def answered(begun: Span, scope: Scope, status: int) -> None:
    """Say by which route the request was answered, and how (HTTP's semantic conventions)."""
    route = scope.get("route_path_format")
    if route:
        begun.name(f"{scope['method']} {route}")
        begun.set({"http.route": route})
    begun.set({"http.response.status_code": status})
    begun.set({f"plotkiln.{name}": value for name, value in facts().items()})
    if status >= 500:
        begun.fail(f"answered {status}")
