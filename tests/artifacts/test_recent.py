from hypothesis import given
from hypothesis import strategies as st

from plotkiln.artifacts import RecentRenderings, StoredRendering

PUTS = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(min_value=0, max_value=60)))


@given(PUTS)
def test_the_size_is_never_exceeded(puts: list[tuple[str, int]]) -> None:
    """However renderings come, their bytes stay within the bound and are counted right."""
    recent = RecentRenderings(100)
    for digest, size in puts:
        recent.put(digest, StoredRendering(bytes(size)))
        kept = [recent.get(name) for name in "abcdef"]
        assert recent.size == sum(len(one.data) for one in kept if one is not None) <= 100


def test_the_unused_goes_first() -> None:
    """Asking for a rendering keeps it longer than the others."""
    recent = RecentRenderings(2)
    for digest in "ab":
        recent.put(digest, StoredRendering(b"1"))
    recent.get("a")
    recent.put("c", StoredRendering(b"1"))
    assert [recent.get(digest) is not None for digest in "abc"] == [True, False, True]


def test_one_that_is_too_large_drives_nobody_out() -> None:
    """A rendering over the whole size is not kept, and the others stay."""
    recent = RecentRenderings(2)
    recent.put("a", StoredRendering(b"1"))
    recent.put("b", StoredRendering(b"123"))
    assert recent.get("a") is not None
    assert recent.get("b") is None
