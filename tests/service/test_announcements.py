"""What is told of styles, over a real store that several processes watch."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from plotkiln.events.event import CloudEvent, checked
from plotkiln.service.announcements import STYLE_CHANGED, StyleAnnouncements, StyleChange
from plotkiln.state import Database
from plotkiln.style.history import Note
from plotkiln.style.live import LiveStyles
from plotkiln.style.stores import StyleStore
from plotkiln.style.stores.embedded import EmbeddedStyles
from servers import eventually

pytestmark = pytest.mark.anyio

NOTE = Note(who="test", why="", kind="written")
RED, GREEN = b'{"title": {"color": "#FF0000"}}', b'{"title": {"color": "#00FF00"}}'


class Process:
    """One process that watches a store and tells of what it sees."""

    def __init__(self, store: StyleStore, live: LiveStyles) -> None:
        self.store = store
        self.live = live
        self.told: list[CloudEvent] = []

    def offer(self, event: CloudEvent) -> None:
        """Take an event that would be sent."""
        self.told.append(checked(event))

    async def write(self, name: str, document: bytes, *, expected: int = 0) -> int:
        """Write a style; return its version once this process knows it."""
        version = (await self.store.write(name, document, expected=expected, note=NOTE)).version
        await eventually(lambda: self._knows(name, version))
        return version

    def _knows(self, name: str, version: int) -> bool:
        known = self.live.known().get(name)
        return known is not None and known.version == version

    @property
    def changes(self) -> list[StyleChange]:
        """What the events say."""
        return [msgspec.json.decode(event.data or b"", type=StyleChange) for event in self.told]


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Process]:
    """Watch the styles of a folder."""
    async with (
        Database(folder / "styles.sqlite") as database,
        EmbeddedStyles(database) as store,
        LiveStyles(store, snapshot=None, cold_timeout=10) as live,
    ):
        process = Process(store, live)
        async with StyleAnnouncements(live, process.offer):
            await live.settled()
            yield process


async def test_a_change_is_told_once(tmp_path: Path) -> None:
    """A style that comes, changes or goes is one event each, with its name as the subject."""
    async with running(tmp_path) as process:
        first = await process.write("report", RED)
        await eventually(lambda: len(process.told) == 1)
        second = await process.write("report", GREEN, expected=first)
        await eventually(lambda: len(process.told) == 2)
        await process.store.delete("report", expected=second, note=NOTE)
        await eventually(lambda: len(process.told) == 3)
    assert {(one.type, one.source, one.subject) for one in process.told} == {
        (STYLE_CHANGED, "/styles", "report")
    }
    assert [(one.version, one.state) for one in process.changes] == [
        (str(first), "fresh"),
        (str(second), "fresh"),
        (str(second), "removed"),
    ]
    assert process.changes[0].digest != process.changes[1].digest
    assert len({one.id for one in process.told}) == 3


async def test_several_processes_tell_the_same(tmp_path: Path) -> None:
    """What two processes see of one change has one identity: whoever takes both, takes one."""
    async with running(tmp_path) as first, running(tmp_path) as second:
        await first.write("report", RED)
        await eventually(lambda: first.told and second.told)
    assert first.told == second.told


async def test_heirs_change_too(tmp_path: Path) -> None:
    """A style that extends the changed one looks different as well, and is told of."""
    async with running(tmp_path) as process:
        base = await process.write("base", RED)
        await process.write("heir", b'{"extends": "base"}')
        await eventually(lambda: len(process.told) == 2)
        await process.write("base", GREEN, expected=base)
        await eventually(lambda: len(process.told) == 4)
    assert sorted(one.name for one in process.changes[2:]) == ["base", "heir"]


async def test_a_start_is_no_change(tmp_path: Path) -> None:
    """What was stored before is not told of, however many processes start."""
    async with running(tmp_path) as process:
        version = await process.write("report", RED)
    async with running(tmp_path) as process:
        await eventually(process.live.known)
        await process.write("report", GREEN, expected=version)
        await eventually(lambda: process.told)
    assert [one.digest for one in process.changes] == [process.live.look("report").digest]


async def test_a_document_that_cannot_be_used_is_no_change(tmp_path: Path) -> None:
    """The last good look serves on: nothing is told."""
    async with running(tmp_path) as process:
        version = await process.write("report", RED)
        await eventually(lambda: process.told)
        await process.store.write("report", b'{"title": 7}', expected=version, note=NOTE)
        await eventually(lambda: process.live.look("report").state == "stale")
        await process.write("other", GREEN)
        await eventually(lambda: len(process.told) == 2)
    assert [one.name for one in process.changes] == ["report", "other"]
