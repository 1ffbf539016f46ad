"""Styles with their histories, out of any store and into any other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import pytest

from plotkiln.errors import InputError, NotFoundError, PreconditionFailed
from plotkiln.identity import ANONYMOUS, Principal
from plotkiln.service.archives import ArchiveService
from plotkiln.style.history import Note
from plotkiln.style.looks import Look
from plotkiln.style.pins import PinnedLooks
from plotkiln.style.stores import StyleStore
from servers import Consul
from style_stores import ConsulOpener, EmbeddedOpener, Opener

pytestmark = pytest.mark.anyio

EVE = Principal("eve")


class NoLooks:
    """Knows nothing of today."""

    def look(self, name: str = "default") -> Look:
        """Raise `NotFoundError`."""
        raise NotFoundError(name)


@pytest.fixture(params=["consul", "embedded"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Return what opens the store that is imported into."""
    if request.param == "embedded":
        return EmbeddedOpener(tmp_path / "target")
    return ConsulOpener(request.getfixturevalue("consul"))


@pytest.fixture(params=["consul", "embedded"])
async def source(
    request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str
) -> AsyncIterator[StyleStore]:
    """Open a store with a past: chains, a removed style, a document that is none."""
    agent: Consul | None = None
    if request.param == "consul":
        agent = request.getfixturevalue("consul")
    opener: Opener = ConsulOpener(agent) if agent else EmbeddedOpener(tmp_path / "source")
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(opener())
        await put(store, "default", b'{"font": {"size": 9}}\n')
        await put(store, "heir", b'{"extends": "default"}')
        await put(store, "default", b'{"font": {"size": 10}}')
        await put(store, "gone", b"{}")
        stored = await store.read("gone")
        assert stored is not None
        await store.delete("gone", expected=stored.version, note=Note(who="bob"))
        await opener.change("heir", b"\xff")
        await put(store, "heir", b'{"extends": "default", "title": {"loc": "left"}}')
        yield store


async def put(store: StyleStore, name: str, data: bytes) -> None:
    """Write a document over whatever is there."""
    stored = await store.read(name)
    note = Note(who="ada", why="because")
    await store.write(name, data, expected=stored.version if stored else 0, note=note)


async def documents(store: StyleStore) -> dict[str, bytes]:
    """Return every document."""
    return {name: one.data for name, one in (await store.list()).documents.items()}


async def past(store: StyleStore, name: str) -> list[tuple[object, ...]]:
    """Return what the entries of a history say, oldest first, the import itself left out."""
    entries = reversed(await store.history(name))
    return [
        (entry.who, entry.why, entry.when, entry.document, entry.removed)
        for entry in entries
        if entry.who != EVE.name
    ]


async def assert_equal(target: StyleStore, source: StyleStore) -> None:
    """Assert that two stores hold the same documents and tell the same past."""
    assert await documents(target) == await documents(source)
    assert (
        set(await target.recorded()) == set(await source.recorded()) == {"default", "heir", "gone"}
    )
    for name in await source.recorded():
        assert await past(target, name) == await past(source, name)


async def test_a_store_moves_whole(source: StyleStore, target: Opener) -> None:
    """Documents, histories and removed styles arrive; who imported them is entered above."""
    archive = await ArchiveService(source).save(ANONYMOUS)
    async with target() as store:
        imported = await ArchiveService(store).load(EVE, archive, why="moved")
        assert imported.created == ["default", "heir"]
        assert (imported.replaced, imported.unchanged, imported.history) == ([], [], 7)
        await assert_equal(store, source)
        newest = (await store.history("heir"))[0]
        assert (newest.kind, newest.who, newest.why) == ("imported", "eve", "moved")
        assert await store.observe(await store.list()) == 0


async def test_contents_stay_pinned(source: StyleStore, target: Opener) -> None:
    """Every look that ever was is found by its content in the new store as well."""
    pins = PinnedLooks(source, NoLooks())
    looks = [
        await pins.look(f"{name}@{entry.version}")
        for name in ("default", "heir", "gone")
        for entry in await source.history(name)
        if not entry.removed
    ]
    async with target() as store:
        await ArchiveService(store).load(EVE, await ArchiveService(source).save(ANONYMOUS))
        moved = PinnedLooks(store, NoLooks())
        for look in looks:
            found = await moved.look(f"{look.name}@sha256:{look.digest}")
            assert found.style == look.style


async def test_importing_again_changes_nothing(source: StyleStore, target: Opener) -> None:
    """What is there already is left as it is, with its history."""
    archive = await ArchiveService(source).save(ANONYMOUS)
    async with target() as store:
        await ArchiveService(store).load(EVE, archive)
        before = [await store.history(name) for name in ("default", "heir", "gone")]
        again = await ArchiveService(store).load(EVE, archive)
        assert (again.created, again.replaced, again.history) == ([], [], 0)
        assert again.unchanged == ["default", "heir"]
        assert [await store.history(name) for name in ("default", "heir", "gone")] == before


async def test_importing_where_it_came_from_changes_nothing(source: StyleStore) -> None:
    """A store that takes its own export has every entry already, of removed styles too."""
    archives = ArchiveService(source)
    before = [await source.history(name) for name in ("default", "heir", "gone")]
    imported = await archives.load(EVE, await archives.save(ANONYMOUS))
    assert (imported.created, imported.replaced, imported.history) == ([], [], 0)
    assert [await source.history(name) for name in ("default", "heir", "gone")] == before


async def test_nothing_is_overwritten_silently(source: StyleStore, target: Opener) -> None:
    """Another document of the same name stops the import, unless it is to be replaced."""
    archive = await ArchiveService(source).save(ANONYMOUS)
    async with target() as store:
        await put(store, "heir", b'{"title": {"loc": "right"}}')
        with pytest.raises(PreconditionFailed, match="heir would be overwritten"):
            await ArchiveService(store).load(EVE, archive)
        assert (await documents(store)).keys() == {"heir"}
        imported = await ArchiveService(store).load(EVE, archive, replace=True)
        assert (imported.created, imported.replaced) == (["default"], ["heir"])
        assert await documents(store) == await documents(source)
        assert [entry.kind for entry in await store.history("heir")] == ["imported", "written"]


async def test_an_import_that_was_cut_off_goes_on(source: StyleStore, tmp_path: Path) -> None:
    """Wherever an import ends, the next one completes it, and enters nothing twice."""
    archive = await ArchiveService(source).save(ANONYMOUS)
    for number in range(1, 16):
        opener = EmbeddedOpener(tmp_path / str(number))
        async with opener() as store:
            cut = asyncio.create_task(ArchiveService(store).load(EVE, archive))
            while not cut.done() and await _acts(store) < number:  # noqa: ASYNC110 -- no event
                await asyncio.sleep(0)
            cut.cancel()
            await asyncio.wait([cut])
        async with opener() as store:
            await ArchiveService(store).load(EVE, archive)
            await assert_equal(store, source)


async def _acts(store: StyleStore) -> int:
    return sum([len(await store.history(name)) for name in await store.recorded()])


@pytest.mark.parametrize(
    "archive",
    [
        b"{",
        b"{}",
        b'{"format": "other", "exported": "2026-01-01T00:00:00Z", "styles": []}',
        b'{"format": "plotkiln styles 1", "exported": "2026-01-01T00:00:00", "styles": []}',
    ],
)
async def test_what_is_no_archive_is_refused(tmp_path: Path, archive: bytes) -> None:
    """Something else than an export is refused before anything is written."""
    async with EmbeddedOpener(tmp_path)() as store:
        with pytest.raises(InputError):
            await ArchiveService(store).load(EVE, archive)


async def test_every_fault_of_an_archive_is_told(tmp_path: Path) -> None:
    """Impossible names and broken documents are all named, and nothing is written."""
    styles = [
        {"name": "../up", "document": "{}"},
        {"name": "broken", "document": '{"title": {"color": 7}}'},
        {"name": "good", "document": "{}"},
    ]
    archive = {
        "format": "plotkiln styles 1",
        "exported": "2026-01-01T00:00:00Z",
        "styles": styles,
    }
    async with EmbeddedOpener(tmp_path)() as store:
        with pytest.raises(InputError) as caught:
            await ArchiveService(store).load(EVE, msgspec.json.encode(archive))
        assert [fault.path for fault in caught.value.faults] == ["styles[0]", "styles[1]"]
        assert await documents(store) == {}
