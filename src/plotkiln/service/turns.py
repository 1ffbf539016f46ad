"""One drawing of a name at a time: who is next draws the newest of all that wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from plotkiln.artifacts import Drawing

__all__ = ["Turns"]


class _Line:
    """Everybody who wants to draw one name: one at it, the others waiting."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.wanted: list[Drawing] = []


class Turns:
    """Lines of drawings, by name.

    In a burst whoever has waited finds, most of the time, that the newest was drawn meanwhile.
    """

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}

    @asynccontextmanager
    async def turn(self, drawing: Drawing) -> AsyncIterator[Drawing]:
        """Wait for the name's turn; yield the newest drawing that is wanted by then.

        Of equal ones it is one's own.
        """
        line = self._lines.setdefault(drawing.name, _Line())
        line.wanted.append(drawing)
        try:
            async with line.lock:
                newest = max(line.wanted, key=lambda one: one.order)
                yield newest if newest.order > drawing.order else drawing
        finally:
            line.wanted.remove(drawing)
            if not line.wanted:
                del self._lines[drawing.name]
