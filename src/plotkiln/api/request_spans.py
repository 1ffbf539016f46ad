"""A request as a span: below the caller's, where that tells one."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from starlette.datastructures import Headers
from starlette.types import Scope

from plotkiln.traces import TRACE, Span, facts, in_trace, is_heard, span, trace_of

__all__ = ["answered", "request_span"]

#: Characters of an address that a trace keeps.
_PATH = 128

#: Addresses that are a whole spec, data and all, and what a trace tells instead.
_SPECS, _ROUTE = "/plot/", "/plot/{encoded}.{format}"

#: The header that tells a trace, as it comes.
_PARENT = TRACE[0].encode()


def request_span(scope: Scope) -> AbstractContextManager[Span]:
    """Have everything inside belong to the trace that the headers tell, or to a new one."""
    if is_heard() or _PARENT in dict(scope["headers"]):
        return _span(scope)
    return _UNTRACED


def answered(begun: Span, scope: Scope, status: int) -> None:
    """Say by which route the request was answered, and how (HTTP's semantic conventions)."""
    if not is_heard():
        return
    route = scope.get("route_path_format")
    if route:
        begun.name(f"{scope['method']} {route}")
        begun.set({"http.route": route})
    begun.set({"http.response.status_code": status})
    begun.set({f"plotkiln.{name}": value for name, value in facts().items()})
    if status >= 500:
        begun.fail(f"answered {status}")


_UNTRACED = nullcontext(Span())


@contextmanager
def _span(scope: Scope) -> Iterator[Span]:
    path = scope["path"][:_PATH]
    if path.startswith(_SPECS):
        path = _ROUTE
    attributes = {"http.request.method": scope["method"], "url.path": path}
    with (
        in_trace(trace_of(Headers(scope=scope))),
        span(scope["method"], attributes, kind="server", root=True) as begun,
    ):
        yield begun
