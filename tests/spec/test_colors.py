from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib import colors

from plotkiln.spec.colors import CSS_NAMES, is_color

#: Matplotlib accepts more (xkcd names, greys in any notation, names of later releases), never less.
GUESSES = st.one_of(
    st.text(max_size=9),
    st.text("#0123456789abcdefABCDEFg", max_size=10),
    st.from_regex(r"#[0-9a-fA-F]{1,9}", fullmatch=True),
    st.from_regex(r"[Cc][0-9]{0,3}", fullmatch=True),
    st.from_regex(r"[01]?\.?[0-9]{0,4}", fullmatch=True),
    st.sampled_from([*sorted(CSS_NAMES), *colors.TABLEAU_COLORS]).map(str.upper),
)


def test_the_css_names_are_the_148_of_the_standard() -> None:
    """The names are those of CSS Color Module Level 4, as Matplotlib has them."""
    assert set(colors.CSS4_COLORS) == CSS_NAMES
    assert len(CSS_NAMES) == 148


def test_named_colours_are_known_in_any_case() -> None:
    """CSS and Tableau names, letters, places in the palette, greys and none are colours."""
    for name in [*CSS_NAMES, *colors.TABLEAU_COLORS, "tab:grey", "none", *colors.BASE_COLORS]:
        assert is_color(name), name
    for text in ("Red", "TAB:Blue", "NONE", "C0", "C99", "0", "1", "0.5", ".5", "1.0", "0.75"):
        assert is_color(text), text


def test_hexadecimal_colours_have_three_four_six_or_eight_digits() -> None:
    """Other counts are no colours."""
    assert [count for count in range(12) if is_color("#" + "a" * count)] == [3, 4, 6, 8]


def test_what_is_no_colour_is_told_from_one() -> None:
    """Near misses, other notations and xkcd names are refused."""
    refused = ["", "bleu", "#12", "12345678", "ffffff", "#ggg", "C100", "c1", "1.5", "-0.5", "R"]
    refused += ["xkcd:blue", "tab:red ", "red\n", "tab:", "tab:black", "rgb(0,0,0)", "0.5\n", "²"]
    assert [text for text in refused if is_color(text)] == []


@given(GUESSES)
@example("²")
def test_every_colour_is_one_for_matplotlib(text: str) -> None:
    """Whatever is accepted here can be drawn."""
    assert not is_color(text) or colors.is_color_like(text)
