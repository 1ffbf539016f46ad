"""What a template tells of itself while it draws: how far it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

__all__ = ["Stage", "listening", "progress"]

#: What a drawing goes through, in this order; a template's code runs in the first.
Stage = Literal["build", "draw", "encode"]

#: Characters of a message that are told.
_MOST_TEXT = 200

_Listener = Callable[[float, str], None]

#: Who listens to the one drawing that this process is at; nobody outside a render.
_listeners: list[_Listener] = []


def progress(fraction: float, message: str = "") -> None:
    """Tell whoever waits how far the template is, from 0 to 1, and what it does now.

    Costs next to nothing, from any thread; of more than ten calls a second some are left out, and
    so is what goes back. Does nothing where nobody listens, as in a test.
    """
    for listen in _listeners:
        listen(_within(fraction), " ".join(str(message).split())[:_MOST_TEXT])


@contextmanager
def listening(listen: _Listener) -> Iterator[None]:
    """Have `listen` hear what templates tell inside."""
    _listeners.append(listen)
    try:
        yield
    finally:
        _listeners.remove(listen)


def _within(fraction: float) -> float:
    """Return a number from 0 to 1, whatever a template calls a fraction."""
    if fraction >= 1:
        return 1.0
    return float(fraction) if fraction > 0 else 0.0
