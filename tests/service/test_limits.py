"""How much one principal may ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counters import Clock
from plotkiln.errors import LimitReached
from plotkiln.identity import ANONYMOUS, EVERYTHING, NOBODY, Principal
from plotkiln.service import Metrics
from plotkiln.service.limits import Limits, RenderTurns, RequestRates

ADA = Principal("user:ada")


def asked(rates: RequestRates, name: str, times: int) -> int:
    """Ask so often; return how often that was too often."""
    refused = 0
    for _ in range(times):
        try:
            rates.take(name)
        except LimitReached:
            refused += 1
    return refused


def test_a_burst_is_a_quarter_of_a_minute() -> None:
    """What comes at once is a quarter of a minute's worth; then one comes whenever one is due."""
    clock = Clock()
    rates = RequestRates(600, now=clock)
    assert asked(rates, "user:ada", 150) == 0
    with pytest.raises(LimitReached) as refused:
        rates.take("user:ada")
    assert (refused.value.reason, refused.value.retry_after) == ("rate", 1)
    assert asked(rates, "user:bob", 150) == 0
    clock.now += 1
    assert asked(rates, "user:ada", 15) == 5


def test_a_slow_rate_has_a_burst_and_tells_when() -> None:
    """At six a minute twenty may come at once, and the next in ten seconds."""
    clock = Clock()
    rates = RequestRates(6, now=clock)
    assert asked(rates, "user:ada", 20) == 0
    with pytest.raises(LimitReached) as refused:
        rates.take("user:ada")
    assert refused.value.retry_after == 10
    clock.now += refused.value.retry_after
    rates.take("user:ada")


def test_refusals_cost_nothing() -> None:
    """Who asks all the time is let in as often as who waits."""
    clock = Clock()
    rates = RequestRates(60, now=clock)
    assert asked(rates, "user:ada", 1000) == 980
    clock.now += 5
    assert asked(rates, "user:ada", 1000) == 995


def test_memory_is_bounded() -> None:
    """Whoever asked longest ago is forgotten first."""
    clock = Clock()
    rates = RequestRates(60, most=3, now=clock)
    for name in "abcd":
        asked(rates, name, 20)
    assert len(rates._left) == 3
    assert asked(rates, "d", 1) == 1
    assert asked(rates, "a", 1) == 0


@given(st.lists(st.floats(0, 30), max_size=200), st.integers(1, 2000))
def test_no_pattern_of_asking_beats_the_rate(waits: list[float], per_minute: int) -> None:
    """Over any time no more come in than the burst and what became due meanwhile."""
    clock = Clock()
    rates, begun, let_in = RequestRates(per_minute, now=clock), clock.now, 0
    for wait in waits:
        clock.now += wait
        let_in += 3 - asked(rates, "user:ada", 3)
    due = (clock.now - begun) * per_minute / 60
    assert let_in <= max(20, per_minute / 4) + due + 1e-6


def test_zero_is_no_bound() -> None:
    """A rate of 0 refuses nothing and remembers nobody."""
    rates = RequestRates(0)
    assert asked(rates, "user:ada", 10_000) == 0
    assert not rates._left


@pytest.mark.parametrize("principal", [ANONYMOUS, NOBODY, Principal("event:system:broker")])
def test_some_have_no_rate(principal: Principal) -> None:
    """Who cannot be told from others has no rate, nor has a broker: each would hurt somebody."""
    limits = Limits(RequestRates(6), Metrics())
    for _ in range(100):
        limits.admit(principal, "/plot")


def test_each_signed_address_has_a_rate() -> None:
    """Readers of one signed address take nothing from those of another."""
    limits = Limits(RequestRates(6), Metrics())
    reader = Principal("signed:k1", EVERYTHING, is_signed=True)
    for path in ("/charts/a.png", "/charts/b.png"):
        for _ in range(20):
            limits.admit(reader, path)
        with pytest.raises(LimitReached):
            limits.admit(reader, path)


def test_renders_are_counted_while_they_last() -> None:
    """One render too many is refused, until one of them is over; others' count not."""
    turns = RenderTurns(2)
    with turns.turn("user:ada"):
        with turns.turn("user:ada"):
            with pytest.raises(LimitReached) as refused, turns.turn("user:ada"):
                pass
            assert refused.value.reason == "concurrency"
            with turns.turn("user:bob"):
                pass
        with turns.turn("user:ada"):
            pass
    assert not turns._under_way


def test_sign_ins_of_one_address_are_bounded() -> None:
    """Who begins sign-ins without end is refused, and who comes from elsewhere is not."""
    limits = Limits(RequestRates(0), Metrics())
    for _ in range(150):
        limits.admit_stranger("192.0.2.1")
    with pytest.raises(LimitReached):
        limits.admit_stranger("192.0.2.1")
    limits.admit_stranger("192.0.2.2")
