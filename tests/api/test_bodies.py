"""Bodies: how many of them may be under way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from plotkiln.api.bodies import read_bounded
from plotkiln.api.errors import answer_error
from plotkiln.errors import PlotkilnError

pytestmark = pytest.mark.anyio

#: Has the bodies end that are under way, and returns what was answered.
Finish = Callable[[], Awaitable[list[str]]]


async def count(request: Request) -> Response:
    """Answer with how many bytes came."""
    return PlainTextResponse(str(len(await read_bounded(request, most=1000))))


@asynccontextmanager
async def stalled(sizes: list[int]) -> AsyncIterator[tuple[httpx.AsyncClient, Finish]]:
    """Yield a client while bodies of so many bytes lack their last one, and what has them end."""
    app = Starlette(
        routes=[Route("/", count, methods=["POST"])],
        exception_handlers={PlotkilnError: answer_error},
    )
    on, halfway = asyncio.Event(), asyncio.Semaphore(0)

    async def slow(size: int) -> AsyncIterator[bytes]:
        yield b" " * size
        halfway.release()
        await on.wait()
        yield b" "

    async def finish() -> list[str]:
        on.set()
        return [(await one).text for one in waiting]

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://kiln") as client:
        waiting = [asyncio.create_task(client.post("/", content=slow(size))) for size in sizes]
        for _ in waiting:
            await halfway.acquire()
        yield client, finish


async def test_the_largest_of_too_many_bodies_goes() -> None:
    """Past four times the largest body the largest one is 503; there is room afterwards."""
    async with stalled([900, 950, 940, 930]) as (client, finish):
        refused = await client.post("/", content=b" " * 1000)
        taken = await client.post("/", content=b" " * 900)
        first, largest, *others = await finish()
        assert (taken.text, first, others) == ("900", "901", ["941", "931"])
        assert (refused.status_code, refused.json()["type"]) == (503, "/docs#memory-short")
        assert int(refused.headers["retry-after"]) >= 1
        assert "memory-short" in largest
        assert (await client.post("/", content=b" " * 900)).text == "900"


async def test_small_bodies_find_room() -> None:
    """Large ones that never end keep no small one out."""
    async with stalled([999, 999, 999, 999]) as (client, finish):
        for _ in range(20):
            assert (await client.post("/", content=b" " * 60)).text == "60"
        assert len([told for told in await finish() if told == "1000"]) == 3
