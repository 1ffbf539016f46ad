import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.cbook import is_math_text
from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser

from plotkiln.render.mathtext import clean, has_math, settled
from plotkiln.render.notes import Notes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("$5 to $10", "\\$5 to \\$10"),
        ("$5-$10", "\\$5-\\$10"),
        ("it costs $5", "it costs \\$5"),
        ("$", "\\$"),
        ("$$", "\\$\\$"),
        ("\\$5", "\\$5"),
        ("$x^2$", "$x^2$"),
        ("$x^2$ for $5", "$x^2$ for \\$5"),
        ("US$ and AU$", "US\\$ and AU\\$"),
        ("$ x $", "\\$ x \\$"),
        ("$a\n b$", "\\$a\n b\\$"),
    ],
)
def test_money_stays_money_and_mathtext_mathtext(text: str, expected: str) -> None:
    """A pair of dollars is mathtext when they hug what they enclose and no digit follows."""
    notes = Notes()
    assert settled(text, notes) == expected
    assert notes.texts() == ()


@pytest.mark.parametrize(
    "text", ["$\\frac{1}$", "$\\nosuch$", "$x^$", "${$", "$" + "{" * 3000 + "$"]
)
def test_mathtext_that_cannot_be_parsed_is_literal(text: str) -> None:
    """Broken mathtext is drawn as it is written, with one warning."""
    notes = Notes()
    assert not has_math(settled(text, notes))
    assert len(notes.texts()) == 1


@given(st.text(st.sampled_from("$\\{}^_ab5 \n"), max_size=12))
def test_settled_text_is_never_refused(text: str) -> None:
    """Whatever is made of dollars, braces and backslashes, Matplotlib can draw the outcome."""
    for line in settled(text, Notes()).split("\n"):
        if is_math_text(line):
            MathTextParser("path").parse(line, 72, FontProperties(size=10))


@given(st.text(max_size=30))
def test_settled_text_is_settled(text: str) -> None:
    """Text without mathtext is literal to Matplotlib: it shows what was written."""
    outcome = settled(text, Notes())
    if not has_math(outcome):
        assert not is_math_text(outcome)
        assert outcome.replace("\\$", "$") == clean(text).replace("\\$", "$")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x00b\x1bc", "abc"),
        ("tab\there", "tab here"),
        ("line\r\nbreak", "line\nbreak"),
        ("❤\ufe0f", "❤"),
        ("\ufffe\ud800x", "x"),
        ("नमस्ते 中文 é", "नमस्ते 中文 é"),
    ],
)
def test_what_no_font_draws_is_removed(text: str, expected: str) -> None:
    """Control characters, lone surrogates and variation selectors are left out, letters are not."""
    assert clean(text) == expected
