"""Visitors of a counted picture, who read the number from its pixels."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import httpx

from kilns import Kiln
from odometers import Odometer, OdometerReader

__all__ = ["LATER", "Seen", "Visitor", "learn"]

#: The style that the picture is given in the course of a test.
LATER = {"palette": ["#C92A2A"], "font": {"color": "#1864AB"}}

#: Seconds between two looks, and until a server that is down is asked again.
_PAUSE, _DOWN = 0.008, 0.05


class Seen(NamedTuple):
    """What a visitor saw: the number in the pixels, and what the headers claimed."""

    generation: int
    number: int
    claimed: int


class Visitor:
    """Looks at one picture again and again, and notes what it reads in it."""

    def __init__(self, reader: OdometerReader, *, pause: float = _PAUSE) -> None:
        self.seen: list[Seen] = []
        self.reader = reader
        self.leaving = asyncio.Event()
        self._pause = pause

    async def visit(self, client: httpx.AsyncClient) -> None:
        """Ask for the picture until told to leave; a server that is down is asked again."""
        while not self.leaving.is_set():
            try:
                answer = await client.get("/artifacts/hits.png")
            except httpx.TransportError:
                await asyncio.sleep(_DOWN)
                continue
            if answer.status_code == 200:
                claimed = int(answer.headers["plotkiln-number"])
                generation = int(answer.headers["plotkiln-generation"])
                self.seen.append(Seen(generation, self._read(answer.content), claimed))
            await asyncio.sleep(self._pause)

    async def watch(self, file: Path, generation_of: Callable[[int], int]) -> None:
        """Read a published file until told to leave; its number tells the generation."""
        while not self.leaving.is_set():
            if await asyncio.to_thread(file.exists):
                number = self._read(await asyncio.to_thread(file.read_bytes))
                self.seen.append(Seen(generation_of(number), number, number))
            await asyncio.sleep(self._pause)

    def _read(self, data: bytes) -> int:
        number = self.reader.read(data)
        assert number is not None, "a picture is in none of the styles"
        return number

    @property
    def steps_back(self) -> int:
        """How often an older number, or generation, came after a newer one."""
        orders = [(seen.generation, seen.number) for seen in self.seen]
        return sum(later < earlier for earlier, later in pairwise(orders))


def learn(kiln: Kiln, styles: Sequence[str] = ("default", "later")) -> OdometerReader:
    """Return what reads pictures in styles; `later` is the one to come, and is stored here."""
    with kiln.client() as client:
        if "later" in styles:
            guard = {"If-None-Match": "*"}
            client.put("/styles/later", json=LATER, headers=guard).raise_for_status()

        def fresh(style: str, number: int) -> bytes:
            spec = {"template": "odometer", "params": {"value": number}, "style": style}
            return client.post("/plot", json=spec).raise_for_status().content

        return OdometerReader([Odometer(partial(fresh, style)) for style in styles])
