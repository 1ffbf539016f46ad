"""Meters add up seconds, as many at a time as there are."""

from hypothesis import given
from hypothesis import strategies as st

from plotkiln.workers.meters import Meter


@given(steps=st.lists(st.tuples(st.integers(0, 9), st.floats(0, 1000)), max_size=20))
def test_a_meter_is_the_sum_of_its_levels(steps: list[tuple[int, float]]) -> None:
    """Each level counts for as long as it lasted."""
    now, expected = 0.0, 0.0
    meter = Meter(clock=lambda: now)
    for level, lasted in steps:
        meter.change(level - meter.level)
        now += lasted
        expected += level * lasted
    assert abs(meter.seconds - expected) < 1e-6 * max(1.0, expected)
