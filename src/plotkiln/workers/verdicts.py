"""What becomes of a worker's refusal, and of its loss: errors in the words of who asked."""

import signal
from typing import Literal

from plotkiln.errors import (
    DeadlineExceeded,
    DrawingFailed,
    MemoryExceeded,
    RenderError,
    RuleError,
    WorkersUnavailable,
)
from plotkiln.workers.messages import Order, Refused, Rendered
from plotkiln.workers.process import WorkerLostError, describe_exit

__all__ = ["Lane", "accepted", "verdict_on", "verdict_on_lateness"]

#: Who waits for a render: somebody, for seconds; or a job, for as long as it takes.
Lane = Literal["request", "job"]

#: Share of its budget for which a job may lack a processor before that is not its own fault, and
#: seconds of which nothing is made.
_MOST_STARVED, _NEGLIGIBLE = 0.5, 1.0

#: Signals by which a process ends itself on a fault of its own: the drawing's doing, not chance.
_CRASHES = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL}


def accepted(reply: Rendered | Refused) -> Rendered:
    """Return a picture; raises `MemoryExceeded`, `RuleError` or `DrawingFailed` for a refusal."""
    if isinstance(reply, Rendered):
        return reply
    if reply.reason == "memory":
        raise MemoryExceeded(
            "The drawing needed more memory than one render may have: "
            "send fewer points, or a smaller picture."
        )
    if reply.reason == "rules":
        raise RuleError(reply.message, faults=reply.faults)
    raise DrawingFailed(reply.message)


def verdict_on(lost: WorkerLostError, order: Order) -> RenderError | WorkersUnavailable:
    """Say whose doing it was that an order lost its second worker, too."""
    how = describe_exit(lost.code)
    if order.template is not None and order.template.foreign:
        return DrawingFailed(f"The template {order.template.name} ended its process twice ({how}).")
    if lost.code is not None and -lost.code in _CRASHES:
        return DrawingFailed(f"The drawing crashed the renderer twice ({how}).")
    return WorkersUnavailable(f"Two render processes ended one after the other ({how}).")


def verdict_on_lateness(
    lane: Lane, budget: float, starved: float
) -> DeadlineExceeded | WorkersUnavailable:
    """Say what kept a drawing beyond its budget, `starved` seconds of which it had no processor.

    A job that others left less than half of a processor may be in time when they are done.
    """
    if lane == "job" and starved > max(budget * _MOST_STARVED, _NEGLIGIBLE):
        return WorkersUnavailable(
            f"The drawing had no processor for {starved:.2g} s of its {budget:g} s: the machine"
            " has too much else to do."
        )
    late = DeadlineExceeded(
        f"The drawing took longer than {budget:g} s, the most a render may take: "
        "send fewer points, or fewer series."
    )
    late.starved = starved
    return late
