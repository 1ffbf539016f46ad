"""Spans: how long each piece of work of a trace took. Without an exporter they cost a look-up."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Literal

from plotkiln.traces.context import current_trace, in_trace

if TYPE_CHECKING:
    from plotkiln.traces.export import Exporter, Recorded

__all__ = ["Attribute", "Kind", "Span", "exported_by", "is_heard", "record", "span"]

Attribute = str | int | float | bool

#: What a span is to its parent (OpenTelemetry's SpanKind).
Kind = Literal["internal", "server", "client", "producer", "consumer"]

_exporter: "Exporter | None" = None


class Span:
    """One piece of work under way; this one nobody hears of."""

    def name(self, name: str) -> None:
        """Call it so, where that is known only by now."""

    def set(self, attributes: Mapping[str, Attribute]) -> None:
        """Add attributes, by the names of OpenTelemetry's conventions where there are such."""

    def fail(self, reason: str) -> None:
        """Note that the work failed."""


_UNHEARD = nullcontext(Span())


def is_heard() -> bool:
    """Say whether anybody hears of spans."""
    return _exporter is not None


def span(
    name: str,
    attributes: Mapping[str, Attribute] | None = None,
    *,
    kind: Kind = "internal",
    root: bool = False,
    links: Sequence[str] = (),
) -> AbstractContextManager[Span]:
    """Measure what is done inside as a part of the current trace; what is begun inside is below it.

    Outside of a trace nothing is measured, unless it may be the `root` of one. `links` are the
    traceparents of what this follows from. An exception fails the span, and goes on.
    """
    if _exporter is None:
        return _UNHEARD
    parent = current_trace()
    if not (parent or root):
        return _UNHEARD
    return _heard(
        _exporter.begin(name, parent, kind=kind, attributes=attributes or {}, links=links)
    )


@contextmanager
def _heard(begun: "Recorded") -> Iterator[Span]:
    try:
        with in_trace(begun.trace):
            yield begun
    except BaseException as error:
        begun.fail(f"{type(error).__name__}: {error}")
        raise
    finally:
        begun.end()


def record(
    name: str,
    seconds: float,
    *,
    ago: float = 0.0,
    attributes: Mapping[str, Attribute] | None = None,
) -> None:
    """Add a span below the current one that took so long, and ended so many seconds ago."""
    parent = current_trace()
    if _exporter is None or not parent:
        return
    end = time.time_ns() - round(ago * 1e9)
    begun = _exporter.begin(
        name, parent, attributes=attributes or {}, began=end - round(seconds * 1e9)
    )
    begun.end(end)


@contextmanager
def exported_by(exporter: "Exporter") -> Iterator[None]:
    """Have spans exported while inside."""
    global _exporter  # noqa: PLW0603 -- as with log records, whoever works does not know who hears
    former, _exporter = _exporter, exporter
    try:
        yield
    finally:
        _exporter = former
