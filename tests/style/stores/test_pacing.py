import time

from hypothesis import given
from hypothesis import strategies as st

from plotkiln.style.stores.pacing import TokenBucket


def test_a_lone_turn_is_not_delayed() -> None:
    """Two turns pass at once, the third waits its interval; after a rest two pass again."""
    bucket = TokenBucket(burst=2, interval=0.1)
    now = time.monotonic()
    assert [bucket.reserve(now) for _ in range(2)] == [0.0, 0.0]
    assert 0.05 < bucket.reserve(now) <= 0.1
    assert [bucket.reserve(now + 10) for _ in range(2)] == [0.0, 0.0]
    assert bucket.reserve(now + 10) > 0


@given(gaps=st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=100))
def test_no_rhythm_beats_the_rate(gaps: list[float]) -> None:
    """However turns arrive, there are never more than the burst above one an interval."""
    bucket = TokenBucket(burst=2, interval=0.1)
    begin = now = time.monotonic()
    begun: list[float] = []
    for gap in gaps:
        now = max(now + gap, begun[-1] if begun else now)
        begun.append(now + bucket.reserve(now))
    for turns, at in enumerate(begun, start=1):
        assert turns <= 2 + (at - begin) / 0.1 + 1e-6
