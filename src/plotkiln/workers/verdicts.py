"""What becomes of a worker's refusal, and of its loss: errors in the words of who asked."""

import signal

from plotkiln.errors import (
    DrawingFailed,
    MemoryExceeded,
    RenderError,
    RuleError,
    WorkersUnavailable,
)
from plotkiln.workers.messages import Order, Refused, Rendered
from plotkiln.workers.process import WorkerLostError, describe_exit

__all__ = ["accepted", "verdict_on"]

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
