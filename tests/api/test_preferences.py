from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.api.preferences import (
    Preferences,
    parse_prefer,
    preference_applied,
    read_preferences,
)

SYMBOLS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~"
SPACES = st.text(" \t", max_size=3)


@st.composite
def words(draw: st.DrawFn, value: str) -> str:
    """Write a value as a token, if it is one, or as a quoted string with needless escapes."""
    if value and set(value) <= set(SYMBOLS) and draw(st.booleans()):
        return value
    escaped = [f"\\{char}" if char in '"\\' or draw(st.booleans()) else char for char in value]
    return f'"{"".join(escaped)}"'


@st.composite
def assignments(draw: st.DrawFn, name: str, value: str) -> str:
    """Write `name=value` in one of the ways that there are, or the name alone for no value."""
    if not value and draw(st.booleans()):
        return name
    return f"{name}{draw(SPACES)}={draw(SPACES)}{draw(words(value))}"


NAMES = st.text(SYMBOLS, min_size=1, max_size=8)
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
PAIRS = st.lists(st.tuples(NAMES, VALUES), max_size=6)


@st.composite
def elements(draw: st.DrawFn, pair: tuple[str, str]) -> str:
    """Write a preference with parameters, which nobody here reads."""
    written = draw(assignments(*pair))
    for parameter in draw(st.lists(st.tuples(NAMES, VALUES), max_size=2)):
        written += f"{draw(SPACES)};{draw(SPACES)}{draw(assignments(*parameter))}"
    return written + draw(st.sampled_from(["", ";", " ; ;"]))


@st.composite
def headers(draw: st.DrawFn, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Write preferences into one or several headers, empty elements and what is broken between."""
    junk = st.sampled_from(["", " ", "=5", "a b", "a=b c", "wait=", "(wait)=5", "ä", ";x"])
    written = []
    for pair in pairs:
        written += draw(st.lists(junk, max_size=1))
        written.append(f"{draw(SPACES)}{draw(elements(pair))}{draw(SPACES)}")
    cut = draw(st.integers(0, len(written)))
    return [",".join(written[:cut]), ",".join(written[cut:])]


@given(st.data(), PAIRS)
def test_the_grammar_is_read(data: st.DataObject, pairs: list[tuple[str, str]]) -> None:
    """However preferences are written, they are read: the first of a name, in small letters."""
    expected: dict[str, str] = {}
    for name, value in pairs:
        expected.setdefault(name.lower(), value)
    assert parse_prefer(data.draw(headers(pairs))) == expected


@given(st.lists(st.text(max_size=60), max_size=3))
def test_nothing_is_refused(lines: list[str]) -> None:
    """Whatever a client sends, it is read: names without spaces, and times in their bounds."""
    for name in parse_prefer(lines):
        assert set(name) <= set(SYMBOLS)
    wait = read_preferences(lines).wait
    assert wait is None or 0 <= wait <= 10**9


def test_long_lines_are_read_at_once() -> None:
    """Lines made to be slow to match are not: what is read grows with what is sent."""
    for line in ('"' * 20_000, "a;" * 20_000, 'a="' + "\\" * 20_000, "a=b " * 20_000, ";" * 40_000):
        parse_prefer([line])


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], Preferences()),
        (["respond-async"], Preferences(respond_async=True)),
        (["Respond-Async, Wait=10"], Preferences(respond_async=True, wait=10)),
        (["respond-async", 'wait="7"; a=b'], Preferences(respond_async=True, wait=7)),
        (['respond-async=""'], Preferences(respond_async=True)),
        (["respond-async=false"], Preferences()),
        (["wait=5, wait=9"], Preferences(wait=5)),
        (["wait=0"], Preferences(wait=0)),
        (["wait=-1"], Preferences()),
        (["wait=1.5"], Preferences()),
        (["wait=٣"], Preferences()),
        (["wait"], Preferences()),
        (["wait=" + "9" * 5000], Preferences(wait=10**9)),
        (["wait=" + "0" * 5000 + "5"], Preferences(wait=5)),
        (["return=minimal"], Preferences(minimal=True)),
        (["return=representation, return=minimal"], Preferences()),
        (['x="a, respond-async", wait=1'], Preferences(wait=1)),
        (['wait=3, x="never ends, respond-async'], Preferences(wait=3)),
    ],
)
def test_known_preferences(lines: list[str], expected: Preferences) -> None:
    """The known preferences take their own values, and no others."""
    assert read_preferences(lines) == expected


def test_what_was_applied_is_told() -> None:
    """The header names what was honoured, in a form that is itself read as preferences."""
    header = preference_applied(respond_async=True, wait=5, minimal=True)
    assert header == {"Preference-Applied": "respond-async, wait=5, return=minimal"}
    assert read_preferences(header.values()) == Preferences(
        respond_async=True, wait=5, minimal=True
    )
    assert preference_applied() == {}
