import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure

from plotkiln.render.ruler import Ruler, TextStyle
from plotkiln.render.wrapping import LEAST_SCALE, ellipsis, fit, wrap

STYLE = TextStyle(12.0)

#: Measures as a figure of 100 dots per inch does.
RULER = Ruler(Figure(dpi=100), RendererAgg(1, 1, 100))  # type: ignore[no-untyped-call]  # backends have no types

LATIN = st.characters(max_codepoint=0x24F, exclude_categories=["C", "Z"], include_characters=" ")


@given(text=st.text(LATIN, max_size=80), width=st.integers(40, 600))
def test_wrapped_lines_fit(text: str, width: int) -> None:
    """No line is wider than was asked, and no character but white space is lost."""
    text = text.replace("$", "")
    lines = wrap(text, STYLE, width, RULER)
    assert all(RULER.width(line, STYLE) <= width + 2 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(text=st.text(LATIN, min_size=1, max_size=200), width=st.integers(60, 600))
def test_fitted_text_fits(text: str, width: int) -> None:
    """A fitted text has no more lines than allowed, none too wide, and shrinks a little at most."""
    fitted = fit(text.replace("$", ""), STYLE, width, 2, RULER)
    lines = fitted.text.split("\n")
    assert len(lines) <= 2
    assert all(RULER.width(line, fitted.style) <= width + 2 for line in lines)
    assert fitted.style.size >= STYLE.size * LEAST_SCALE
    assert fitted.cut is fitted.text.endswith("…") or text.endswith("…")


def test_a_text_that_fits_stays_as_it_is() -> None:
    """A short text keeps its size, its line and its words."""
    fitted = fit("Short title", STYLE, 400, 3, RULER)
    assert (fitted.text, fitted.style, fitted.cut) == ("Short title", STYLE, False)


def test_line_breaks_of_the_user_are_kept() -> None:
    """A newline breaks the line where it stands."""
    assert fit("One\nTwo", STYLE, 400, 3, RULER).text == "One\nTwo"


def test_lines_break_between_words() -> None:
    """A word is broken only where it is wider than the line."""
    lines = wrap("alpha beta gamma delta", STYLE, 100, RULER)
    assert all(
        word in {"alpha", "beta", "gamma", "delta"} for line in lines for word in line.split()
    )
    assert len(wrap("x" * 100, STYLE, 100, RULER)) > 5


def test_chinese_breaks_between_any_two_characters() -> None:
    """Text without spaces is broken all the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # whether the font has the characters is not the question
        assert len(wrap("各季度销售额与利润" * 3, STYLE, 100, RULER)) > 2


def test_mathtext_is_never_broken() -> None:
    """What stands between dollars stays on one line, and whole."""
    text = "the long way to $\\frac{a b}{c d}$ and onward to $x y z$"
    lines = wrap(text, STYLE, 60, RULER)
    assert any("$\\frac{a b}{c d}$" in line for line in lines)
    assert any("$x y z$" in line for line in lines)


@pytest.mark.parametrize("width", [20, 40, 80])
def test_an_ellipsis_fits(width: int) -> None:
    """A line that is cut ends in an ellipsis and is not wider than asked."""
    cut = ellipsis("A line that is too long", STYLE, width, RULER)
    assert cut.endswith("…")
    assert RULER.width(cut, STYLE) <= width
