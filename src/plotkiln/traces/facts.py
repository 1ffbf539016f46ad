"""Facts of the work at hand, which every log record that is made meanwhile carries."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["begin", "facts", "knowing", "note"]

_facts: ContextVar[Mapping[str, str]] = ContextVar("plotkiln_facts")

_NONE: Mapping[str, str] = {}


def facts() -> Mapping[str, str]:
    """Return what is known here, such as who asks (`principal`)."""
    return _facts.get(_NONE)


def note(**known: str) -> None:
    """Know this, too, in this task from now on, and in those that it starts."""
    _facts.set({**facts(), **known})


def begin(**known: str) -> None:
    """Know this and nothing else from now on, in a task that begins."""
    _facts.set(known)


@contextmanager
def knowing(**known: str) -> Iterator[None]:
    """Know this and nothing else while inside, where other work begins."""
    entered = _facts.set(known)
    try:
        yield
    finally:
        _facts.reset(entered)
