"""Bodies that are under way together: however many there are, they take no more than some room."""

import asyncio

from plotkiln.errors import MemoryShort

__all__ = ["TOO_MUCH", "Arrival", "Arrivals"]

#: How many times the most bytes of one body all together may have that are under way.
_TOGETHER = 4


class Arrival:
    """One body under way."""

    def __init__(self, limit: asyncio.Timeout) -> None:
        """Take what ends whoever reads it."""
        self.size = 0
        #: Whether it was to make room for others.
        self.is_refused = False
        self._limit = limit

    def refuse(self) -> None:
        """End whoever reads it."""
        self.is_refused = True
        self._limit.reschedule(asyncio.get_running_loop().time())


class Arrivals:
    """All bodies of one bound. Where they are too much, the largest has to go.

    So whoever sends little is refused only where all send little, and are many.
    """

    def __init__(self, most: int) -> None:
        """Take the bytes that one of them may have."""
        self._room = _TOGETHER * most
        self._taken = 0
        #: In the order in which they began: of two that are as large, the older one goes.
        self._bodies: dict[Arrival, None] = {}

    def begin(self, limit: asyncio.Timeout) -> Arrival:
        """Return a body that begins, whose reader that limit ends."""
        arrival = Arrival(limit)
        self._bodies[arrival] = None
        return arrival

    def grow(self, arrival: Arrival, by: int) -> None:
        """Note that so many bytes have come; raises `MemoryShort` where this one has to go."""
        arrival.size += by
        self._taken += by
        while self._taken > self._room:
            largest = max(self._bodies, key=lambda body: body.size)
            self.end(largest)
            if largest is arrival:
                raise MemoryShort(TOO_MUCH)
            largest.refuse()

    def end(self, arrival: Arrival) -> None:
        """Note that a body is under way no more."""
        if arrival in self._bodies:
            del self._bodies[arrival]
            self._taken -= arrival.size


TOO_MUCH = "Too many large bodies arrive at once; send it again later."
