from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from plotkiln.counter.window import SLACK, SLICE, Window, fingerprint
from plotkiln.errors import RuleError

hours = st.floats(0.01, 24 * 90)
moments = st.floats(1_000_000_000, 3_000_000_000)
skews = st.floats(-SLACK / 2, SLACK / 2)


@given(hours=hours, sent=moments, waited=st.floats(0, 1), lasted=st.floats(0, 1), a=skews, b=skews)
def test_whatever_is_young_enough_is_found_again(
    hours: float, sent: float, waited: float, lasted: float, a: float, b: float
) -> None:
    """A hit counted at any time in its window is looked up where it is, as long as it may come."""
    window = Window(hours)
    counted = sent + waited * window.seconds
    again = counted + lasted * (sent + window.seconds - counted)
    remembered = window.slice_at(counted + a)
    assert accepted(window, sent, again + b) is False or remembered in window.slices(again + b)


@given(hours=hours, began=moments, at=st.floats(0, 1), a=skews, b=skews)
def test_a_slice_is_kept_as_long_as_it_is_looked_up(
    hours: float, began: float, at: float, a: float, b: float
) -> None:
    """After `kept` seconds no clock looks into a slice any more."""
    window = Window(hours)
    gone = began + window.kept
    assert window.slice_at(began + a) not in window.slices(gone + 2 * SLACK + b)
    # floats: a millisecond is lost in numbers of this size
    last = (window.slice_at(began + a) + at) * SLICE - 0.001
    needed = last + window.seconds + SLACK + b - a
    assert needed <= gone + SLICE


@given(now=moments)
def test_few_slices_are_looked_up(now: float) -> None:
    """Within a week a hit is looked up in nine slices at most."""
    assert len(Window().slices(now)) <= 9


@given(hours=hours, other=hours, now=moments)
def test_slices_are_the_same_for_all_windows(hours: float, other: float, now: float) -> None:
    """A hit is remembered in one slice, whatever the window, and a longer one looks in more."""
    short, long = Window(min(hours, other)), Window(max(hours, other))
    assert short.slice_at(now) == long.slice_at(now)
    assert set(short.slices(now)) <= set(long.slices(now))


@given(st.tuples(st.text(), st.text(), st.text()), st.tuples(st.text(), st.text(), st.text()))
def test_only_equal_names_have_equal_fingerprints(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    """Subject, source and id are told apart, however their characters are divided among them."""
    assert (fingerprint(*one) == fingerprint(*other)) == (one == other)


def accepted(window: Window, sent: float, now: float) -> bool:
    """Say whether a hit of that moment may be counted now."""
    try:
        window.check(datetime.fromtimestamp(sent, UTC), now)
    except RuleError:
        return False
    return True
