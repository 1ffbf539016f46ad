"""A process that writes styles is killed before and after every step that it takes."""

import asyncio
import signal
import sys

import pytest

from plotkiln.style.stores import StyleStore
from style_stores import Opener

pytestmark = [pytest.mark.anyio, pytest.mark.fault]

#: Writes, replaces, removes, drafts and publishes; killed at the step whose number it is given.
PROGRAM = """
import asyncio, os, pathlib, signal, sys
import httpx
from plotkiln.state import Database
from plotkiln.style.history import Note
from plotkiln.style.stores.consul import ConsulStyles
from plotkiln.style.stores.consul_config import ConsulConfig
from plotkiln.style.stores.embedded import EmbeddedStyles

place, prefix, left = sys.argv[1], sys.argv[2], int(sys.argv[3])

def step(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

class Counting(httpx.AsyncHTTPTransport):
    async def handle_async_request(self, request):
        step()
        response = await super().handle_async_request(request)
        await response.aread()
        step()
        return response

httpx.AsyncHTTPTransport = Counting

async def act(styles):
    created = await styles.write("a", b'"1"', expected=0)
    replaced = await styles.write("a", b'"2"', expected=created.version)
    await styles.delete("a", expected=replaced.version)
    again = await styles.write("a", b'"3"', expected=0)
    draft = await styles.write("a.draft", b'"4"', expected=0)
    await styles.publish(draft, "a", expected=again.version, note=Note(kind="published"))

async def main():
    if prefix:
        async with ConsulStyles(ConsulConfig(address=place), prefix=prefix) as styles:
            await act(styles)
    else:
        async with Database(pathlib.Path(place)) as database, EmbeddedStyles(database) as styles:
            await database.read(lambda connection: connection.set_trace_callback(step))
            await act(styles)

asyncio.run(main())
"""

#: What may be stored after each act, and how many entries there are then.
STATES: list[tuple[dict[str, bytes], int]] = [
    ({}, 0),
    ({"a": b'"1"'}, 1),
    ({"a": b'"2"'}, 2),
    ({}, 3),
    ({"a": b'"3"'}, 4),
    ({"a": b'"3"', "a.draft": b'"4"'}, 5),
    ({"a": b'"4"'}, 7),
]


async def test_nothing_is_ever_half_done(opener: Opener) -> None:
    """However far a writer comes, each change is there with its entry, or neither is."""
    reached = set()
    for step in range(1, 200):
        opener.forget()
        code = await _killed_at(step, opener)
        async with opener() as styles:
            reached.add(await _state(styles))
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert reached == set(range(len(STATES)))


async def _killed_at(step: int, opener: Opener) -> int:
    async with opener():
        pass  # the tables stand before the steps are counted
    place, prefix = opener.place
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, place, prefix, str(step)
    )
    return await process.wait()


async def _state(styles: StyleStore) -> int:
    """Return which of the states this is; each style is what its newest entry says."""
    stored = (await styles.list()).documents
    entries = 0
    for name in await styles.recorded():
        history = await styles.history(name)
        entries += len(history)
        document = stored.get(name)
        assert history[0].document == (document.data if document else None)
        assert document is None or history[0].version == document.version
    return STATES.index(({name: one.data for name, one in stored.items()}, entries))
