"""Bodies: how many of them may be under way."""

import asyncio
from collections.abc import AsyncIterator

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


async def count(request: Request) -> Response:
    """Answer with how many bytes came."""
    return PlainTextResponse(str(len(await read_bounded(request, most=1000))))


async def test_bodies_under_way_have_one_bound() -> None:
    """Past four times the largest body another one is 503; there is room afterwards."""
    app = Starlette(
        routes=[Route("/", count, methods=["POST"])],
        exception_handlers={PlotkilnError: answer_error},
    )
    on, halfway = asyncio.Event(), asyncio.Semaphore(0)

    async def slow() -> AsyncIterator[bytes]:
        yield b" " * 900
        halfway.release()
        await on.wait()
        yield b" "

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://kiln") as client:
        waiting = [asyncio.create_task(client.post("/", content=slow())) for _ in range(4)]
        for _ in waiting:
            await halfway.acquire()
        refused = await client.post("/", content=b" " * 900)
        on.set()
        assert [(await one).text for one in waiting] == ["901"] * 4
        assert (refused.status_code, refused.json()["type"]) == (503, "/docs#memory-short")
        assert int(refused.headers["retry-after"]) >= 1
        assert (await client.post("/", content=b" " * 900)).text == "900"
    assert not +app.state.arriving
