from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from plotkiln.style.known import Answer, Knowledge, absorb, remembered
from plotkiln.style.looks import StoredDocument
from plotkiln.style.stores import Listing

GOOD, BROKEN = b'{"font": {"size": 9}}', b'{"font": {"size": "large"}}'


def listing(index: int, **documents: tuple[int, bytes]) -> Listing:
    """Return a listing of documents given as version and bytes."""
    found = {name: StoredDocument(name, *document) for name, document in documents.items()}
    return Listing(documents=found, index=index)


def after(*listings: Listing, answers: Mapping[str, Answer] | None = None) -> Knowledge:
    """Absorb listings in turn, the last one with `answers`."""
    knowledge = Knowledge()
    for number, one in enumerate(listings, start=1):
        knowledge = absorb(knowledge, one, (answers or {}) if number == len(listings) else {})
    return knowledge


def test_a_broken_document_keeps_the_good_one_and_both_versions() -> None:
    """The good version serves while the fault names the newest one."""
    entry = after(listing(1, a=(1, GOOD)), listing(2, a=(2, BROKEN))).entries["a"]
    assert (entry.known.version, entry.known.state) == (1, "stale")
    assert "version 2" in (entry.known.fault or "")
    assert entry.newest.version == 2


def test_an_unchanged_document_is_not_read_again() -> None:
    """An entry passes from listing to listing as the same object."""
    first = after(listing(1, a=(1, GOOD)))
    second = absorb(first, listing(2, a=(1, GOOD)), {})
    assert second.entries["a"] is first.entries["a"]


def test_the_same_version_with_other_bytes_is_another_document() -> None:
    """After a restore a version may come again with other content: the bytes decide."""
    knowledge = after(listing(5, a=(5, GOOD)), listing(5, a=(5, b"{}")))
    assert knowledge.entries["a"].good == StoredDocument("a", 5, b"{}")


def test_only_an_answer_makes_a_missing_style_go() -> None:
    """A missing name is asked for: gone, denied, or there after all."""
    full, empty = listing(1, a=(1, GOOD)), listing(2)
    assert after(full).missing(empty) == {"a"}
    assert "a" not in after(full, empty, answers={"a": None}).entries
    denied = after(full, empty, answers={"a": "no permission"})
    assert denied.entries["a"].known.fault == "no permission"
    assert denied.unexplained
    assert denied.missing(listing(3)) == {"a"}
    found = after(full, empty, answers={"a": StoredDocument("a", 2, GOOD)})
    assert found.entries["a"].known.version == 2
    assert not found.unexplained


def test_an_index_that_went_back_deletes_nothing() -> None:
    """What a restore has forgotten serves as stale, and is not asked for."""
    full, earlier = listing(9, a=(9, GOOD)), listing(5)
    assert after(full).missing(earlier) == frozenset()
    knowledge = after(full, earlier)
    assert knowledge.entries["a"].known.state == "stale"
    assert not knowledge.unexplained
    assert knowledge.missing(listing(6)) == frozenset()
    later = absorb(knowledge, listing(6), {})
    assert later.entries["a"] is knowledge.entries["a"]
    back = absorb(later, listing(7, a=(9, GOOD)), {})
    assert back.entries["a"].known.state == "fresh"


def test_what_was_remembered_must_be_explained_when_it_is_missing() -> None:
    """A document of a former process is known, and asked for when the first listing lacks it."""
    documents = [StoredDocument("a", 3, GOOD), StoredDocument("b", 4, BROKEN)]
    knowledge = remembered(documents, index=4)
    assert knowledge.entries.keys() == {"a"}
    assert knowledge.missing(listing(5)) == {"a"}


NAMES = st.sampled_from("abc")
DOCUMENTS = st.dictionaries(NAMES, st.tuples(st.integers(1, 9), st.sampled_from([GOOD, BROKEN])))
STEPS = st.tuples(
    st.integers(1, 9),
    DOCUMENTS,
    st.dictionaries(NAMES, st.sampled_from([None, "denied", StoredDocument("x", 1, GOOD)])),
)


@given(steps=st.lists(STEPS, max_size=12))
def test_no_style_is_lost_without_proof(
    steps: list[tuple[int, dict[str, tuple[int, bytes]], dict[str, Answer]]],
) -> None:
    """Whatever is listed and answered: good documents are fresh, and only proven deletions go."""
    knowledge = Knowledge()
    for index, documents, answers in steps:
        shown = listing(index, **documents)
        missing = knowledge.missing(shown)
        asked: dict[str, Answer] = {name: answers.get(name) for name in missing}
        asked = {
            name: StoredDocument(name, 1, GOOD) if isinstance(answer, StoredDocument) else answer
            for name, answer in asked.items()
        }
        before, knowledge = knowledge, absorb(knowledge, shown, asked)
        gone = before.entries.keys() - knowledge.entries.keys()
        assert gone == {name for name in missing if asked[name] is None}
        for name, (version, data) in documents.items():
            known = knowledge.entries[name].known
            assert (known.state == "fresh") == (data == GOOD)
            assert known.state != "fresh" or known.version == version
        for name, entry in before.entries.items():
            if name not in gone and entry.good:
                assert knowledge.entries[name].good is not None
