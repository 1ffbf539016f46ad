"""Carries acts of the client out by hand: each of their calls has the outcome that a test says."""

from collections.abc import Iterator
from typing import Any

from plotkiln.client.exchanges import Answer, Call, Pause

__all__ = ["answer", "run"]


def answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    """Return an answer; underscores in the names of headers are hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=named, body=body)


def run(
    steps: Any, outcomes: Iterator[Answer | BaseException], seen: list[Call | Pause] | None = None
) -> tuple[Any, list[Call | Pause]]:
    """Carry an act out; return its result, and every step of it, which `seen` has in any case."""
    seen = [] if seen is None else seen
    step = next(steps)
    try:
        while True:
            seen.append(step)
            outcome = None if isinstance(step, Pause) else next(outcomes)
            thrown = isinstance(outcome, BaseException)
            step = steps.throw(outcome) if thrown else steps.send(outcome)
    except StopIteration as ended:
        return ended.value, seen
