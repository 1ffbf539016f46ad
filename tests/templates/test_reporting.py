import math

import pytest

from plotkiln.templates import progress
from plotkiln.templates.reporting import listening


def test_nobody_need_listen() -> None:
    """Outside of a render a template's progress goes nowhere."""
    progress(0.5, "Fitting")


@pytest.mark.parametrize(
    ("told", "heard"),
    [(0.25, 0.25), (0, 0.0), (7, 1.0), (-1, 0.0), (math.nan, 0.0), (math.inf, 1.0)],
)
def test_a_fraction_is_a_fraction(told: float, heard: float) -> None:
    """Whatever a template calls a fraction is one, from 0 to 1."""
    said: list[float] = []
    with listening(lambda fraction, _message: said.append(fraction)):
        progress(told)
    assert said == [heard]


def test_messages_are_short_lines() -> None:
    """A message is one line of 200 characters at most."""
    said: list[str] = []
    with listening(lambda _fraction, message: said.append(message)):
        progress(0.1, "Fitting\n  model\t7")
        progress(0.2, "x" * 1000)
    assert said == ["Fitting model 7", "x" * 200]
