import re
import runpy
import warnings
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plotkiln.spec.colors import CSS_NAMES
from plotkiln.style.rc import accepts, rc_faults, unknown_names
from plotkiln.style.rc_kinds import Kind
from plotkiln.style.rc_table import LOOKS, REFUSED

#: Typed by Matplotlib for each name alone.
PARAMS: Any = mpl.rcParams
DEFAULTS: Any = mpl.rcParamsDefault

GENERATOR = Path(__file__).parents[2] / "tools" / "generate_rc_table.py"
TABLE = Path(__file__).parents[2] / "src" / "plotkiln" / "style" / "rc_table.py"

DASHES = "a list of 2 to 16 numbers from 0 to 100, evenly many and one above 0"

STRAY = st.one_of(
    st.booleans(),
    st.integers(-5, 1200),
    st.floats(-5, 1200),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["none", "None", "auto", "inherit", "C1", "#12345678", "", " ", "1", "true"]),
    st.lists(st.floats(-1, 101) | st.text(max_size=3), max_size=6),
)


def values_of(kind: Kind) -> st.SearchStrategy[Any]:
    """Return values that an rcParam of this kind accepts."""
    low, high = kind.number or (0, 1)
    number: st.SearchStrategy[Any] = st.floats(low, high)
    if kind.whole:
        number = st.integers(int(low), int(high))
        number = number | number.map(float)
    text = st.from_regex(re.compile(kind.pattern), fullmatch=True)
    least, most = kind.numbers or (0, 0)
    choices: list[tuple[bool, st.SearchStrategy[Any]]] = [
        (bool(kind.words), st.sampled_from(kind.words or ("",))),
        (kind.boolean, st.booleans()),
        (kind.color, st.sampled_from([*sorted(CSS_NAMES), "#123", "#12345678", "C3", "0.5", "k"])),
        (kind.number is not None and not kind.only_list, number),
        (kind.numbers is not None, st.lists(number, min_size=least, max_size=most)),
        (bool(kind.pattern), text),
        (kind.texts, st.lists(text, min_size=1, max_size=3)),
    ]
    return st.one_of([strategy for possible, strategy in choices if possible])


ENTRIES = st.sampled_from(sorted(LOOKS)).flatmap(
    lambda name: st.tuples(st.just(name), values_of(LOOKS[name]) | STRAY)
)


def faults_of(rc: dict[str, Any]) -> list[str]:
    """Return what is wrong with an rc section, in words."""
    return [str(fault) for fault in rc_faults(rc)]


def test_the_table_is_what_matplotlib_says() -> None:
    """The committed table equals one generated from the installed Matplotlib."""
    assert runpy.run_path(str(GENERATOR))["source"]() == TABLE.read_text(encoding="utf-8")


def test_every_rc_param_is_a_look_or_refused() -> None:
    """No rcParam of Matplotlib is unknown, none is both."""
    assert LOOKS.keys() | REFUSED == set(DEFAULTS)
    assert not LOOKS.keys() & REFUSED


@given(ENTRIES)
@settings(max_examples=2000, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_is_accepted_matplotlib_accepts(entry: tuple[str, Any]) -> None:
    """An rcParam that passes here can be set in Matplotlib, without a warning."""
    name, value = entry
    if not faults_of({name: value}):
        with warnings.catch_warnings(action="error"), mpl.rc_context():
            PARAMS[name] = value


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_what_a_kind_describes_is_accepted(name: str) -> None:
    """Each look has a value that passes, and a fault in words for what does not."""
    kind = LOOKS[name]
    samples: list[Any] = [*kind.words, *([True] if kind.boolean else [])]
    samples += ["tomato"] if kind.color else []
    samples += [*kind.number] if kind.number and not kind.only_list else []
    samples += [text for text in ("de", "#123") if re.fullmatch(kind.pattern, text)]
    if kind.numbers and kind.number:
        samples += [[max(kind.number)] * kind.numbers[0]]
    assert samples
    assert [value for value in samples if not accepts(kind, value)] == []
    (fault,) = faults_of({name: {}})
    assert re.fullmatch(rf"rc\.{re.escape(name)}: expected .+, got {{}}", fault)


def test_defaults_of_matplotlib_are_accepted_where_json_can_say_them() -> None:
    """Most defaults can be written in a style; the exceptions are known."""
    refused = {
        name
        for name in LOOKS
        if isinstance(default := DEFAULTS[name], bool | int | float | str | list)
        and faults_of({name: default})
    }
    assert refused <= {
        "axes.titlecolor",  # auto: the member title.color has no such word
        "legend.facecolor",  # inherit: as above
        "legend.labelcolor",  # None: as above
        "lines.marker",  # None: the member says none
    }


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_more_than_looks_is_refused_by_name_with_a_reason(name: str) -> None:
    """The fault names the rcParam and says why it is refused, whatever the value."""
    (fault,) = faults_of({name: None})
    assert fault.startswith(f"rc.{name}: this rcParam is more than looks and is refused: ")


def test_the_reason_names_the_member_to_use() -> None:
    """Where a member says the same, the refusal points to it."""
    assert faults_of({"figure.figsize": [6, 4]})[0].endswith("the member figure.figsize")
    assert faults_of({"axes.prop_cycle": "x"})[0].endswith("the member palette")
    assert faults_of({"keymap.quit": "q"})[0].endswith("windows and keys; here are none")


def test_unknown_names_get_a_suggestion() -> None:
    """A slip of the pen is answered with the name that was meant."""
    rc = {"lines.linewith": 1, "axes.grid": True}
    assert list(unknown_names(rc)) == ["lines.linewith"]
    assert faults_of(rc) == [
        "rc.lines.linewith: there is no rcParam of this name (did you mean lines.linewidth?)"
    ]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("lines.linewidth", -1, "expected a number from 0 to 100, got -1"),
        ("lines.linewidth", 1e9, "expected a number from 0 to 100, got 1000000000.0"),
        ("lines.linewidth", True, "expected a number from 0 to 100, got true"),
        ("lines.linewidth", "2", 'expected a number from 0 to 100, got "2"'),
        ("axes.grid", "yes", 'expected true or false, got "yes"'),
        ("axes.facecolor", "bleu", 'expected a colour, got "bleu"'),
        ("legend.numpoints", 1.5, "expected a whole number from 1 to 10, got 1.5"),
        ("axes.axisbelow", 3, "expected true or false or line, got 3"),
        ("font.serif", [], "expected a font family, or a list of them, got []"),
        ("font.serif", ["a,b"], 'expected a font family, or a list of them, got ["a,b"]'),
        ("path.sketch", [1, 2], "expected a list of 3 numbers from 1 to 1000 or None, got [1,2]"),
        ("lines.dashed_pattern", [0, 0], f"expected {DASHES}, got [0,0]"),
    ],
)
def test_values_that_cannot_be_drawn_are_explained(name: str, value: Any, words: str) -> None:
    """The fault says what would do, with the bounds."""
    assert faults_of({name: value}) == [f"rc.{name}: {words}"]


def test_null_is_a_missing_entry() -> None:
    """A look that is null is left to the style below; nothing is wrong with it."""
    assert faults_of({"lines.linewidth": None}) == []
