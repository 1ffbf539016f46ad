"""One suite for the history of every style store."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plotkiln.errors import PreconditionFailed, RuleError
from plotkiln.style.history import HistoryEntry, Note, Retention
from plotkiln.style.looks import StoredDocument
from plotkiln.style.stores import StyleStore
from style_stores import EmbeddedOpener, Opener

pytestmark = pytest.mark.anyio

A, B, C = b'{"font": {"size": 9}}', b'{"font": {"size": 10}}', b'{"font": {"size": 11}}\n'


@pytest.fixture
async def styles(opener: Opener) -> AsyncIterator[StyleStore]:
    """Open the store under test."""
    async with opener() as store:
        yield store


async def written(store: StyleStore, name: str, *documents: bytes) -> list[StoredDocument]:
    """Write documents one over the other; return them as stored."""
    stored = await store.read(name)
    all_stored = []
    for number, data in enumerate(documents):
        note = Note(who="ada", why=f"change {number}")
        expected = stored.version if stored else 0
        stored = await store.write(name, data, expected=expected, note=note)
        all_stored.append(stored)
    return all_stored


async def changes(store: StyleStore, name: str = "a") -> list[tuple[str, bytes | None]]:
    """Return kind and document of every entry, oldest first."""
    return [(one.kind, one.document) for one in reversed(await store.history(name))]


async def as_of(store: StyleStore, name: str, version: int) -> bytes | None:
    """Return the document as of a version."""
    entries = await store.history(name, before=version + 1, limit=1)
    return entries[0].document if entries else None


async def test_a_name_without_changes_has_no_history(styles: StyleStore) -> None:
    """An unknown name has no entry, and an impossible one is refused."""
    assert await styles.history("nobody") == []
    assert await styles.recorded() == frozenset()
    with pytest.raises(RuleError):
        await styles.history("../up")


async def test_every_change_is_entered(styles: StyleStore) -> None:
    """An entry says who, when, why, how, what, over which version, and under which one."""
    before = datetime.now(UTC)
    first, second = await written(styles, "a", A, B)
    await styles.delete("a", expected=second.version, note=Note(who="bob", why="not needed"))
    gone, changed, created = await styles.history("a")
    assert (created.who, created.why, created.kind) == ("ada", "change 0", "written")
    assert (created.version, created.document, created.replaced) == (first.version, A, 0)
    assert (changed.version, changed.document) == (second.version, B)
    assert changed.replaced == first.version
    assert (gone.who, gone.why, gone.kind) == ("bob", "not needed", "deleted")
    assert (gone.document, gone.removed, gone.replaced) == (None, True, second.version)
    assert gone.version > second.version
    assert before <= created.when <= changed.when <= gone.when <= datetime.now(UTC)
    assert await styles.recorded() == {"a"}


async def test_the_note_names_the_kind(styles: StyleStore) -> None:
    """A change is called what its writer calls it."""
    await styles.write("a", A, expected=0, note=Note(kind="rolled-back"))
    assert await changes(styles) == [("rolled-back", A)]


@pytest.mark.parametrize("data", [b"", b"{}\r\n", bytes(range(256)), "ü {".encode()])
async def test_documents_are_kept_byte_for_byte(styles: StyleStore, data: bytes) -> None:
    """Whatever was written is in the history as it was, valid or not."""
    await styles.write("a", data, expected=0)
    assert await changes(styles) == [("written", data)]


async def test_an_equal_document_is_no_change(styles: StyleStore) -> None:
    """A document that differs only in its spelling keeps version and history as they are."""
    (stored,) = await written(styles, "a", A)
    spelt = b'{ "font" : {"size": 9.0} }'
    assert await styles.write("a", spelt, expected=stored.version) == stored
    assert await changes(styles) == [("written", A)]
    with pytest.raises(PreconditionFailed):
        await styles.write("a", spelt, expected=stored.version + 1)


async def test_a_lost_race_is_not_entered(styles: StyleStore) -> None:
    """What was refused has left no trace."""
    (stored,) = await written(styles, "a", A)
    for act in (
        styles.write("a", B, expected=stored.version + 1),
        styles.delete("a", expected=stored.version + 1),
        styles.write("b", B, expected=stored.version),
    ):
        with pytest.raises(PreconditionFailed):
            await act
    assert await changes(styles) == [("written", A)]
    assert await styles.recorded() == {"a"}


async def test_history_is_read_in_pages(styles: StyleStore) -> None:
    """Page after page, each below the last one's oldest version, gives every entry once."""
    documents = [b'{"font": {"size": %d}}' % size for size in range(1, 26)]
    await written(styles, "a", *documents)
    seen: list[HistoryEntry] = []
    while page := await styles.history("a", before=seen[-1].version if seen else None, limit=4):
        assert len(page) <= 4
        seen += page
    assert [entry.document for entry in reversed(seen)] == documents
    assert seen == await styles.history("a")
    assert await styles.history("a", before=10**30) == seen


async def test_history_tells_each_moment(styles: StyleStore) -> None:
    """As of any version there is the document of then, also between changes and after removals."""
    first, second = await written(styles, "a", A, B)
    (other,) = await written(styles, "b", C)
    await styles.delete("a", expected=second.version)
    (again,) = await written(styles, "a", C)
    assert await as_of(styles, "a", first.version - 1) is None
    assert await as_of(styles, "a", first.version) == A
    assert await as_of(styles, "a", second.version) == B
    assert await as_of(styles, "a", other.version) == B
    assert await as_of(styles, "a", again.version - 1) is None
    assert await as_of(styles, "a", again.version) == C
    assert await as_of(styles, "b", other.version - 1) is None


async def test_history_survives_removal_and_creation(opener: Opener) -> None:
    """A name that comes back has its former life before the new one, for other processes too."""
    async with opener() as styles:
        (stored,) = await written(styles, "a", A)
        await styles.delete("a", expected=stored.version)
    async with opener() as styles:
        await written(styles, "a", B)
        kinds = [("written", A), ("deleted", None), ("written", B)]
        assert await changes(styles) == kinds


async def test_what_others_write_is_observed_once(opener: Opener) -> None:
    """Of many processes that see a change made without plotkiln one enters it, marked."""
    async with opener() as styles:
        await written(styles, "a", A)
        await opener.change("a", B)
        seen = await styles.list()
        entered = await asyncio.gather(*(_observing(opener) for _ in range(5)))
        assert sum(entered) == 1
        newest = (await styles.history("a"))[0]
        assert (newest.kind, newest.document, newest.who) == ("observed", B, "")
        assert newest.version == seen.documents["a"].version
        assert "may be missing" in newest.why
        assert await styles.observe(seen) == 0


async def _observing(opener: Opener) -> int:
    async with opener() as styles:
        return await styles.observe(await styles.list())


async def test_what_others_remove_is_observed_once(opener: Opener) -> None:
    """A style that vanished is entered as removed, above its last version, once."""
    async with opener() as styles:
        (stored,) = await written(styles, "a", A)
        await opener.change("a", None)
        entered = await asyncio.gather(*(_observing(opener) for _ in range(5)))
        assert sum(entered) == 1
        newest = (await styles.history("a"))[0]
        assert (newest.kind, newest.removed, newest.document) == ("observed", True, None)
        assert newest.version > stored.version
        (again,) = await written(styles, "a", B)
        assert again.version > newest.version
        assert len(await styles.history("a")) == 3


async def test_a_write_enters_what_it_replaces(opener: Opener) -> None:
    """What others wrote, and nobody had noticed, is entered by whoever writes over it."""
    async with opener() as styles:
        await opener.change("a", A)
        await written(styles, "a", B)
        await opener.change("a", C)
        stored = await styles.read("a")
        assert stored is not None
        await styles.delete("a", expected=stored.version)
        kinds = ["observed", "written", "observed", "deleted"]
        assert [kind for kind, _ in await changes(styles)] == kinds
        await written(styles, "a", A)
        await opener.change("a", None)
        await written(styles, "a", B)
        removed = [entry.removed for entry in reversed(await styles.history("a"))]
        assert removed[-3:] == [False, True, False]


async def test_observing_asks_only_for_what_was_named(opener: Opener) -> None:
    """Names that are not asked about are left for later."""
    async with opener() as styles:
        await opener.change("a", A)
        await opener.change("b", A)
        listing = await styles.list()
        assert await styles.observe(listing, ["a"]) == 1
        assert await styles.recorded() == {"a"}
        assert await styles.observe(listing) == 1


async def test_a_huge_document_of_others_is_entered_without_it(opener: Opener) -> None:
    """What is larger than a style may be is not kept, and is no removal."""
    async with opener() as styles:
        await opener.change("a", b" " * 70_000)
        await _observing(opener)
        (entry,) = await styles.history("a")
        assert (entry.document, entry.removed) == (None, False)


async def test_a_draft_is_published_in_one_step(styles: StyleStore) -> None:
    """The draft's document is the style, the draft is gone, and both histories say so."""
    (stored,) = await written(styles, "a", A)
    (draft,) = await written(styles, "a.draft", B)
    note = Note(who="eve", why="ready", kind="published")
    published = await styles.publish(draft, "a", expected=stored.version, note=note)
    listing = await styles.list()
    assert listing.documents == {"a": published}
    assert (published.data, published.version > draft.version) == (B, True)
    assert await changes(styles, "a") == [("written", A), ("published", B)]
    assert await changes(styles, "a.draft") == [("written", B), ("published", None)]
    assert (await styles.history("a.draft"))[0].removed


@pytest.mark.parametrize("late", ["style", "draft"])
async def test_a_draft_is_published_over_what_was_seen(styles: StyleStore, late: str) -> None:
    """When the style or the draft was changed meanwhile nothing at all happens."""
    (stored,) = await written(styles, "a", A)
    (draft,) = await written(styles, "a.draft", B)
    await written(styles, "a" if late == "style" else "a.draft", C)
    before = await styles.list()
    note = Note(kind="published")
    with pytest.raises(PreconditionFailed):
        await styles.publish(draft, "a", expected=stored.version, note=note)
    assert (await styles.list()).documents == before.documents


async def test_a_draft_that_says_the_same_only_goes(styles: StyleStore) -> None:
    """Publishing what the style says already changes the style not at all."""
    (stored,) = await written(styles, "a", A)
    (draft,) = await written(styles, "a.draft", A)
    note = Note(kind="published")
    assert await styles.publish(draft, "a", expected=stored.version, note=note) == stored
    assert (await styles.list()).documents == {"a": stored}
    assert await changes(styles, "a") == [("written", A)]


async def test_another_stores_past_is_appended(styles: StyleStore) -> None:
    """Entries that are appended tell their former who and when, and store no style."""
    when = datetime(2020, 2, 2, 2, 2, 2, 20, UTC)
    for number, data in enumerate([A, B, None]):
        past = HistoryEntry(
            name="a",
            version=number,
            who="ada",
            when=when + timedelta(days=number),
            why="then",
            kind="written",
            document=data,
            removed=data is None,
        )
        await styles.append(past)
    await written(styles, "a", C)
    entries = list(reversed(await styles.history("a")))
    assert [entry.document for entry in entries] == [A, B, None, C]
    assert [entry.past for entry in entries] == [True, True, True, False]
    assert [entry.removed for entry in entries] == [False, False, True, False]
    assert (entries[0].when, entries[0].who, entries[0].kind) == (when, "ada", "imported")
    versions = [entry.version for entry in entries]
    assert sorted(set(versions)) == versions


async def test_a_past_that_was_appended_is_no_removal(styles: StyleStore) -> None:
    """A name of which only a past is known was not removed here."""
    past = HistoryEntry(
        name="a", version=1, who="", when=datetime.now(UTC), why="", kind="written", document=A
    )
    await styles.append(past)
    assert await styles.observe(await styles.list()) == 0


async def test_growth_is_bounded_by_count(opener: Opener) -> None:
    """The newest entries stay, as many as are to be kept, of each name by itself."""
    documents = [b'{"font": {"size": %d}}' % size for size in range(1, 16)]
    async with opener(Retention(entries=5)) as styles:
        await written(styles, "other", A)
        for data in documents:
            await written(styles, "a", data)
            assert len(await styles.history("a")) <= 5
        assert [document for _, document in await changes(styles)] == documents[-5:]
        assert len(await styles.history("other")) == 1
    async with opener(Retention(entries=2)) as styles:
        assert await styles.prune() == 3
        assert [document for _, document in await changes(styles)] == documents[-2:]
        assert await styles.prune() == 0


async def test_growth_is_bounded_by_age(opener: Opener) -> None:
    """What is too old goes with the next write or sweep; the newest entry stays at any age."""
    old = Note(when=datetime.now(UTC) - timedelta(days=3))
    async with opener(Retention(age=timedelta(days=1))) as styles:
        stored = await styles.write("a", A, expected=0, note=old)
        stored = await styles.write("a", B, expected=stored.version, note=old)
        assert await changes(styles) == [("written", B)]
        await styles.write("b", A, expected=0, note=old)
        await styles.write("a", C, expected=stored.version)
        assert await changes(styles) == [("written", C)]
        assert await styles.prune() == 0
        assert await changes(styles, "b") == [("written", A)]
    async with opener() as forever:
        stored = await forever.write("c", A, expected=0, note=old)
        await forever.write("c", B, expected=stored.version)
        assert len(await forever.history("c")) == 2
    async with opener(Retention(age=timedelta(days=1))) as styles:
        assert await styles.prune() == 1
        assert await changes(styles, "c") == [("written", B)]


async def test_the_newest_entry_always_stays(opener: Opener) -> None:
    """Even a retention of nothing keeps what the style was last."""
    async with opener(Retention(entries=0, age=timedelta())) as styles:
        await written(styles, "a", A, B)
        await styles.prune()
        assert await changes(styles) == [("written", B)]


async def test_of_two_writers_one_is_entered(opener: Opener) -> None:
    """Ten times two processes write over the same version: one entry more, of the one that won."""
    async with opener() as one, opener() as other:
        version = (await one.write("a", A, expected=0)).version
        for turn in range(10):
            await asyncio.gather(
                one.write("a", b'"one %d"' % turn, expected=version),
                other.write("a", b'"other %d"' % turn, expected=version),
                return_exceptions=True,
            )
            stored = await one.read("a")
            assert stored is not None
            newest = (await one.history("a", limit=1))[0]
            assert (newest.version, newest.document) == (stored.version, stored.data)
            assert newest.replaced == version
            version = stored.version
        assert len(await one.history("a")) == 11


async def test_of_two_who_remove_one_succeeds(opener: Opener) -> None:
    """Two processes that remove the same version: one does, the other is told."""
    async with opener() as one, opener() as other:
        for _ in range(5):
            version = (await one.write("a", A, expected=0)).version
            results = await asyncio.gather(
                one.delete("a", expected=version),
                other.delete("a", expected=version),
                return_exceptions=True,
            )
            assert sum(isinstance(result, PreconditionFailed) for result in results) == 1
        assert [kind for kind, _ in await changes(one)] == ["written", "deleted"] * 5


ACTS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from([A, B, C, None]), st.booleans()), max_size=10
)


@settings(max_examples=25, deadline=None)
@given(acts=ACTS)
def test_any_order_of_acts_is_told(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, bytes | None, bool]]
) -> None:
    """After any writes and removals, by plotkiln or not, history ends in what is stored."""

    async def run() -> None:
        opener = EmbeddedOpener(tmp_path_factory.mktemp("acts"))
        async with opener() as styles:
            for name, data, outside in acts:
                await _act(opener, styles, name, data, outside=outside)
                await styles.observe(await styles.list())
                for known in await styles.recorded():
                    newest = (await styles.history(known))[0]
                    stored = await styles.read(known)
                    assert newest.document == (stored.data if stored else None)
                    assert stored is None or newest.version == stored.version

    asyncio.run(run())


async def _act(
    opener: Opener, styles: StyleStore, name: str, data: bytes | None, *, outside: bool
) -> None:
    stored = await styles.read(name)
    if outside:
        await opener.change(name, data)
    elif data is not None:
        await styles.write(name, data, expected=stored.version if stored else 0)
    elif stored is not None:
        await styles.delete(name, expected=stored.version)
