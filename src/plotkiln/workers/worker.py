"""A render worker: takes one order at a time, draws it, answers, until its channel closes."""

import os
import resource
import socket
import sys
import traceback
from pathlib import Path
from typing import NoReturn

from plotkiln.errors import DrawingFailed, RuleError
from plotkiln.render import Provenance, Tell, draw
from plotkiln.workers.messages import Order, Refused, Rendered, decode_order, frame, receive_frame
from plotkiln.workers.shelf import Shelf
from plotkiln.workers.starvation import seconds_starved
from plotkiln.workers.telling import Teller

__all__ = ["answer", "work"]


def work(channel: socket.socket, shelf: Shelf, *, memory: int) -> NoReturn:
    """Serve orders until the web process closes the channel, then end this process.

    `memory` bounds, in bytes, what may be allocated beyond what the process has now; 0 is no bound.
    """
    if memory:
        limit_memory(memory)
    while (body := receive_frame(channel)) is not None:
        with Teller(channel) as teller:
            reply = _reply(body, shelf, teller.tell)
        channel.sendall(reply)
    os._exit(0)  # without the zygote's exit handlers


def _reply(body: bytes, shelf: Shelf, tell: Tell) -> bytes:
    try:
        return frame(answer(decode_order(body), shelf, tell))
    except MemoryError:  # for the order itself, or for the finished picture
        return frame(Refused("memory", ""))


def answer(order: Order, shelf: Shelf, tell: Tell) -> Rendered | Refused:
    """Draw one order; whatever goes wrong is an answer, so that the worker lives on."""
    provenance = Provenance(
        spec_digest=order.spec_digest,
        style_digest=order.style_digest,
        digest=order.digest,
        versions=order.versions,
    )
    starved = seconds_starved()
    try:
        drawn = draw(
            order.spec,
            order.style,
            format=order.format,
            provenance=provenance,
            template=shelf.find(order.template) if order.template else None,
            tell=tell,
        )
    except DrawingFailed as error:
        return Refused("drawing", str(error))
    except RuleError as error:
        return Refused("rules", str(error), list(error.faults))
    except MemoryError:
        return Refused("memory", "")
    except Exception as error:  # noqa: BLE001 -- the process boundary: Matplotlib raises anything
        traceback.print_exc(file=sys.stderr)
        return Refused(
            "drawing", f"Matplotlib could not draw this: {type(error).__name__}: {error}"
        )
    return Rendered(
        drawn.data,
        list(drawn.warnings),
        dict(drawn.stages),
        resident_memory(),
        seconds_starved() - starved,
    )


def limit_memory(extra: int) -> None:
    """Bound this process's address space to what it has now and `extra` bytes (Linux)."""
    pages = _memory_pages()
    if pages is not None:
        bound = pages[0] * resource.getpagesize() + extra
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def resident_memory() -> int:
    """Return this process's resident memory in bytes, 0 where the platform does not tell."""
    pages = _memory_pages()
    return 0 if pages is None else pages[1] * resource.getpagesize()


def _memory_pages() -> tuple[int, int] | None:
    """Return total and resident size in pages (proc(5), statm)."""
    try:
        total, resident, *_ = Path("/proc/self/statm").read_text().split()
    except OSError:
        return None
    return int(total), int(resident)
