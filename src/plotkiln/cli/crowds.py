"""The connections of a server together: how many there are, and who keeps it waiting for long."""

import asyncio
import fcntl
import resource
import struct
import termios
from asyncio import TimerHandle
from collections import OrderedDict

import msgspec

__all__ = ["Crowd", "most_connections"]

#: How often within the time to take an answer it is looked whether anything was taken.
_LOOKS = 6


def most_connections() -> int:
    """Return how many connections leave half of the open files for all else."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(64, min(8192, soft // 2))


class _Stall(msgspec.Struct):
    """What somebody has not taken yet, in bytes, and at how many looks it was no less."""

    left: int = 0
    #: Not seconds: while this process stands still, nobody can take anything.
    looks: int = 0


class Crowd:
    """Connections that wait for whoever asks: for a request, for its rest, or for room to answer.

    Those that have waited longest are the first to go where there are too many. One that takes
    nothing of its answer for long goes in any case: its last bytes would be kept for ever.
    """

    def __init__(self, most: int = 512, *, taking: float = 30.0) -> None:
        """Take how many connections there may be, and the seconds in which some must be taken."""
        self._most = most
        self._taking = taking
        #: The one that waits longest first.
        self._waiting: OrderedDict[asyncio.Transport, _Stall] = OrderedDict()
        self._timer: TimerHandle | None = None

    def admit(self, transport: asyncio.Transport, *, of: int) -> None:
        """Let a new connection in, the last one `of` so many.

        Where there are too many another one makes room; where each is being worked for and there
        are far too many, the new one goes.
        """
        if of > self._most and self._waiting:
            longest, _ = self._waiting.popitem(last=False)
            longest.abort()
        elif of > self._most * 7 // 4:
            transport.abort()
            return
        self.add(transport)

    def add(self, transport: asyncio.Transport) -> None:
        """Note that it waits; where it did, it does so for as long as before."""
        if transport not in self._waiting:
            self._waiting[transport] = _Stall()
            if self._timer is None:
                self._look_soon()

    def discard(self, transport: asyncio.Transport) -> None:
        """Note that it waits no more, or is closed."""
        self._waiting.pop(transport, None)

    def _look_soon(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._taking / _LOOKS, self._look)

    def _look(self) -> None:
        """End the connections that have taken nothing for too long."""
        for transport, stall in list(self._waiting.items()):
            left = _untaken(transport)
            taken = not left or not stall.left or left < stall.left
            stall.left, stall.looks = left, 0 if taken else stall.looks + 1
            if stall.looks >= _LOOKS:
                transport.abort()
        self._timer = None
        if self._waiting:
            self._look_soon()


def _untaken(transport: asyncio.Transport) -> int:
    """Return the bytes that this process holds for somebody, and the kernel with them; 0 for none.

    What the kernel alone holds is its own to end. It tells of its room in large steps: somebody
    slow has taken bytes long before there is any.
    """
    own = transport.get_write_buffer_size()
    if not own:
        return 0
    raw = transport.get_extra_info("socket")
    try:
        found = fcntl.ioctl(raw.fileno(), termios.TIOCOUTQ, bytes(4))
    except OSError:  # it was closed, or is of a kind that does not tell
        return own
    kept: int = struct.unpack("i", found)[0]
    return own + kept
