import time

from plotkiln.style.retries import Retries


def test_pauses_grow_to_the_longest() -> None:
    """Each pause is between half and all of a span that doubles up to the longest."""
    retries = Retries(0.05, 2.0)
    retries.begin()
    spans = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]
    for span in spans:
        assert span / 2 <= retries.pause() <= span


def test_a_long_time_of_health_makes_the_next_pause_short() -> None:
    """What worked for longer than the longest pause is tried again soon."""
    retries = Retries(0.001, 0.004)
    retries.begin()
    for _ in range(5):
        retries.pause()
    retries.begin()
    end = time.monotonic() + 0.005
    while time.monotonic() < end:
        pass
    assert retries.pause() <= 0.001
