"""One suite for every style store."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plotkiln.errors import PreconditionFailed, RuleError
from plotkiln.style.stores import Listing, StyleStore
from style_stores import EmbeddedOpener, Opener

pytestmark = pytest.mark.anyio

A, B, C = b'{"font": {"size": 9}}', b'{"font": {"size": 10}}', b'{"font": {"size": 11}}'


@pytest.fixture
async def styles(opener: Opener) -> AsyncIterator[StyleStore]:
    """Open the store under test."""
    async with opener() as store:
        yield store


async def _seen(store: StyleStore, wanted: Callable[[Listing], bool]) -> Listing:
    """Watch until a listing is as wanted."""
    async with asyncio.timeout(20), aclosing(store.watch()) as listings:
        async for listing in listings:
            if wanted(listing):
                return listing
    raise AssertionError("the watch ended")


async def test_what_is_not_stored_is_none(styles: StyleStore) -> None:
    """An unknown name reads as None and an empty store lists nothing."""
    assert await styles.read("default") is None
    assert (await styles.list()).documents == {}


async def test_what_is_written_is_read(styles: StyleStore) -> None:
    """A new document is read and listed byte for byte, with the version its writer was given."""
    written = await styles.write("corporate", A, expected=0)
    assert (written.name, written.data) == ("corporate", A)
    assert written.version > 0
    assert await styles.read("corporate") == written
    assert (await styles.list()).documents == {"corporate": written}


async def test_what_is_no_style_is_kept_as_it_is(styles: StyleStore) -> None:
    """A store judges no document: an empty one and one of arbitrary bytes come back unchanged."""
    for name, data in {"empty": b"", "bytes": bytes(range(256))}.items():
        await styles.write(name, data, expected=0)
        stored = await styles.read(name)
        assert stored is not None
        assert stored.data == data


async def test_versions_grow_over_all_names(styles: StyleStore) -> None:
    """Each write has a higher version than every write before it, whatever its name."""
    first = await styles.write("a", A, expected=0)
    second = await styles.write("b", A, expected=0)
    third = await styles.write("a", B, expected=first.version)
    assert first.version < second.version < third.version
    assert (await styles.list()).index >= third.version


async def test_an_equal_document_is_no_new_version(styles: StyleStore) -> None:
    """Writing the bytes that are stored succeeds and changes nothing, as Consul has it."""
    stored = await styles.write("a", A, expected=0)
    assert await styles.write("a", A, expected=stored.version) == stored
    assert await styles.read("a") == stored


async def test_a_version_is_never_used_again(styles: StyleStore) -> None:
    """A name that was deleted and created again goes on above its old versions."""
    first = await styles.write("a", A, expected=0)
    await styles.delete("a", expected=first.version)
    assert await styles.read("a") is None
    again = await styles.write("a", A, expected=0)
    assert again.version > first.version
    with pytest.raises(PreconditionFailed):
        await styles.write("a", B, expected=first.version)


async def test_a_deletion_moves_the_index(styles: StyleStore) -> None:
    """The listing after a deletion has a higher index than the one before."""
    stored = await styles.write("a", A, expected=0)
    before = (await styles.list()).index
    await styles.delete("a", expected=stored.version)
    assert (await styles.list()).index > before


@pytest.mark.parametrize("expected", [-1, 2**40, 2**64, 10**30])
async def test_a_wrong_version_writes_nothing(styles: StyleStore, expected: int) -> None:
    """Any version but the stored one is refused, for a stored and for a missing document."""
    with pytest.raises(PreconditionFailed):
        await styles.write("absent", A, expected=expected)
    with pytest.raises(PreconditionFailed):
        await styles.delete("absent", expected=expected)
    stored = await styles.write("present", A, expected=0)
    with pytest.raises(PreconditionFailed):
        await styles.write("present", B, expected=expected)
    with pytest.raises(PreconditionFailed):
        await styles.delete("present", expected=expected)
    assert (await styles.list()).documents == {"present": stored}


async def test_creating_what_exists_is_refused(styles: StyleStore) -> None:
    """Version 0 means none: it neither overwrites nor deletes a document."""
    stored = await styles.write("a", A, expected=0)
    with pytest.raises(PreconditionFailed):
        await styles.write("a", B, expected=0)
    with pytest.raises(PreconditionFailed):
        await styles.delete("a", expected=0)
    assert await styles.read("a") == stored


@pytest.mark.parametrize("name", ["", "..", "../up", "a/b", "a b", "-a", "a\n", "ü", "a" * 129])
async def test_no_style_has_an_impossible_name(styles: StyleStore, name: str) -> None:
    """A name that no style may have is refused before the store is asked."""
    for act in (styles.read(name), styles.write(name, A, expected=0)):
        with pytest.raises(RuleError):
            await act


async def test_of_two_writers_one_wins(opener: Opener) -> None:
    """Ten times, two processes write over the same version: one succeeds, and its bytes stand."""
    async with opener() as one, opener() as other:
        version = (await one.write("a", A, expected=0)).version
        for turn in range(10):
            results = await asyncio.gather(
                one.write("a", b"one %d" % turn, expected=version),
                other.write("a", b"other %d" % turn, expected=version),
                return_exceptions=True,
            )
            lost = [result for result in results if isinstance(result, PreconditionFailed)]
            (won,) = [result for result in results if not isinstance(result, BaseException)]
            assert len(lost) == 1
            assert await one.read("a") == won
            version = won.version


async def test_a_watch_begins_with_what_is(styles: StyleStore) -> None:
    """The first listing comes at once, with all that is stored."""
    stored = await styles.write("a", A, expected=0)
    listing = await _seen(styles, lambda _: True)
    assert listing.documents == {"a": stored}


@pytest.mark.parametrize("foreign", [False, True], ids=["own", "foreign"])
async def test_a_watch_sees_writes_and_deletions(opener: Opener, *, foreign: bool) -> None:
    """Creations, changes and deletions reach a watch, of its own process and of another."""
    async with opener() as watching, opener() as another:
        writing = another if foreign else watching

        created = asyncio.create_task(_seen(watching, lambda found: "a" in found.documents))
        stored = await writing.write("a", A, expected=0)
        assert (await created).documents["a"] == stored

        changed = asyncio.create_task(_seen(watching, lambda found: found.documents["a"].data == B))
        stored = await writing.write("a", B, expected=stored.version)
        assert (await changed).documents["a"] == stored

        gone = asyncio.create_task(_seen(watching, lambda found: "a" not in found.documents))
        await writing.delete("a", expected=stored.version)
        await gone


async def test_a_watch_never_ends_on_an_older_listing(styles: StyleStore) -> None:
    """However many writes come while a watch runs, the newest document is the last it shows."""
    newest = asyncio.create_task(
        _seen(styles, lambda found: "a" in found.documents and found.documents["a"].data == C)
    )
    version = 0
    for data in [A, B] * 5 + [C]:
        version = (await styles.write("a", data, expected=version)).version
    assert (await newest).documents["a"].version == version


@settings(max_examples=25, deadline=None)
@given(
    acts=st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from([A, B, None]), st.booleans()), max_size=12
    )
)
def test_any_order_of_acts_keeps_to_the_model(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, bytes | None, bool]]
) -> None:
    """After any writes and deletions, stale ones among them, the store holds what a dict would."""

    async def run() -> None:
        model: dict[str, tuple[int, bytes]] = {}
        highest = 0
        async with EmbeddedOpener(tmp_path_factory.mktemp("model"))() as store:
            for name, data, stale in acts:
                version = model.get(name, (0, b""))[0] + stale
                try:
                    if data is None:
                        await store.delete(name, expected=version)
                        del model[name]
                    else:
                        stored = await store.write(name, data, expected=version)
                        changed = model.get(name) != (stored.version, data)
                        assert stored.version > highest or not changed
                        highest = max(highest, stored.version)
                        model[name] = (stored.version, data)
                except PreconditionFailed:
                    assert stale or name not in model
            listed = (await store.list()).documents
        assert {n: (d.version, d.data) for n, d in listed.items()} == model

    asyncio.run(run())
