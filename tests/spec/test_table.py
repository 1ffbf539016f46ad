"""CSV as specs."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.errors import InputError, MalformedError, RuleError
from plotkiln.spec import Limits, parse_spec, spec_from_csv

Options = dict[str, str | list[str]]


NO_NAMES = "names the columns: put a line with a name for each before the values"
QUOTE = "quote cells that hold the delimiter"
LABEL = "(did you mean axes.x.label?)"
TOO_MUCH = "is too much for an option: send the whole spec as JSON"
TWICE = "is given in two ways: leave one out"


def spec_of(table: str | bytes, **options: Any) -> Any:
    """Return the spec that a table becomes."""
    data = table if isinstance(table, bytes) else table.encode()
    return json.loads(spec_from_csv(data, options))


def faults_of(table: str | bytes, options: Options) -> list[tuple[str, str]]:
    """Return the faults of a table that must be refused."""
    data = table if isinstance(table, bytes) else table.encode()
    with pytest.raises(RuleError) as refused:
        spec_from_csv(data, options)
    return [(fault.path, fault.message) for fault in refused.value.faults]


def test_a_table_equals_its_json() -> None:
    """A table with options expands to just what the same spec in JSON does."""
    table = "month,rain,sun\n2024-01,1.5,3\n2024-02,,4\n"
    options: Options = {"kind": "bar", "title": "T", "stack": "true", "axes.y.label": "mm"}
    sent = {
        "data": {"month": ["2024-01", "2024-02"], "rain": [1.5, None], "sun": [3, 4]},
        "kind": "bar",
        "title": "T",
        "stack": True,
        "axes": {"y": {"label": "mm"}},
    }
    by_table = parse_spec(spec_from_csv(table.encode(), options), Limits())
    by_json = parse_spec(json.dumps(sent).encode(), Limits())
    assert by_table == by_json


@pytest.mark.parametrize(
    "table",
    [
        "a,b\n1,x\n2.5,y\n",
        "\ufeffa,b\r\n1,x\r\n2.5,y\r\n",
        "a;b\n1;x\n2,5;y\n",
        "a;b\n1;x\n2.5;y",
        "a\tb\n1\tx\n2.5\ty\n",
        "a|b\n1|x\n+25e-1|y\n",
        '"a", b\n\n 1 , x \n  \n2.5, "y"\n\n',
    ],
)
def test_delimiters_are_found(table: str) -> None:
    """Comma, semicolon with decimal comma, tab and bar, with or without BOM, read the same."""
    assert spec_of(table) == {"data": {"a": [1.0, 2.5], "b": ["x", "y"]}}


def test_empty_cells_and_nan_are_gaps() -> None:
    """A gap is a gap among numbers and among texts."""
    data = spec_of("a,b\n1,\nNaN,x\n,nan\n")["data"]
    assert data == {"a": [1.0, None, None], "b": [None, "x", None]}


def test_codes_are_text() -> None:
    """A column with leading zeros is text throughout; 0 and 0.5 are numbers."""
    assert spec_of("zip,n\n01099,0\n10115,0.5\n")["data"] == {
        "zip": ["01099", "10115"],
        "n": [0.0, 0.5],
    }


def test_mixed_columns_keep_their_numbers() -> None:
    """Text among numbers arrives as such, so that the spec's own check names the place."""
    data = spec_from_csv(b"a,b\n1,2\nx,3\n", {})
    assert json.loads(data)["data"]["a"] == [1.0, "x"]
    with pytest.raises(RuleError, match=r"data\.a\[1\]"):
        parse_spec(data, Limits())


def test_quoted_cells_hold_anything() -> None:
    """Delimiters, quotes and line breaks may stand within quotes."""
    assert spec_of('a,b\n"1,5","say ""hi""\nthere"\n')["data"] == {
        "a": ["1,5"],
        "b": ['say "hi"\nthere'],
    }


@pytest.mark.parametrize(
    ("options", "members"),
    [
        ({"y": "a"}, {"y": "a"}),
        ({"y": "a,b"}, {"y": ["a", "b"]}),
        ({"y": ["a", "b"]}, {"y": ["a", "b"]}),
        ({"y": "c,d"}, {"y": "c,d"}),
        ({"x": "a,b"}, {"x": "a,b"}),
        ({"title": "123"}, {"title": "123"}),
        ({"title": ""}, {"title": ""}),
        ({"stack": "TRUE"}, {"stack": True}),
        ({"stack": "maybe"}, {"stack": "maybe"}),
        ({"legend": "false"}, {"legend": False}),
        ({"legend.position": "top"}, {"legend": {"position": "top"}}),
        ({"bins": "20"}, {"bins": 20}),
        ({"bins": "0,1.5, 3"}, {"bins": [0.0, 1.5, 3.0]}),
        ({"hole": ".5"}, {"hole": 0.5}),
        ({"width": "800", "dpi": "96"}, {"size": {"width": 800, "dpi": 96.0}}),
        ({"size.width": "800.5"}, {"size": {"width": 800.5}}),
        ({"axes.x.limits": "2024-01,"}, {"axes": {"x": {"limits": ["2024-01", None]}}}),
        ({"axes.y.limits": ["0", "9"]}, {"axes": {"y": {"limits": [0.0, 9.0]}}}),
        (
            {"axes.y.label": "l", "axes.y.grid": "true"},
            {"axes": {"y": {"label": "l", "grid": True}}},
        ),
    ],
)
def test_options_are_members(options: Options, members: dict[str, Any]) -> None:
    """Options become members of the types that the schema says."""
    spec = json.loads(spec_from_csv(b'a,b,"c,d"\n1,2,3\n', options))
    del spec["data"]
    assert spec == members


@pytest.mark.parametrize(
    ("table", "options", "faults"),
    [
        ("", {}, [("line 1", NO_NAMES)]),
        ("1,2\n3,4\n", {}, [("line 1", NO_NAMES)]),
        (
            "a,,a\n1,2,3\n",
            {},
            [
                ("line 1", "column 2 has no name: give it one"),
                ("line 1", '"a" names two columns: one name each'),
            ],
        ),
        (
            "a,b\n1,2\n3\n4,5,6\n",
            {},
            [
                ("line 3", f"has 1 cell, line 1 has 2: {QUOTE}"),
                ("line 4", f"has 3 cells, line 1 has 2: {QUOTE}"),
            ],
        ),
        (
            "a,b\n1,2\ninf,-1e999\n",
            {},
            [
                ("line 3, column a", '"inf" is infinite: leave the cell empty for a gap'),
                ("line 3, column b", '"-1e999" is infinite: leave the cell empty for a gap'),
            ],
        ),
        ("a\n1\n", {"titel": "x"}, [("titel", "is no option (did you mean title?)")]),
        ("a\n1\n", {"axes.x.lable": ""}, [("axes.x.lable", f"is no option {LABEL}")]),
        ("a\n1\n", {"qqqq": "z", "a.b.c": ""}, [(n, "is no option") for n in ("qqqq", "a.b.c")]),
        ("a\n1\n", {"series": "x", "data": "y"}, [("series", TOO_MUCH), ("data", TOO_MUCH)]),
        ("a\n1\n", {"title": ["a", "b"]}, [("title", "is given 2 times, but takes one value")]),
        ("a\n1\n", {"width": "1", "size.width": "2"}, [("size.width", TWICE)]),
        ("a\n1\n", {"legend": "true", "legend.title": "2"}, [("legend.title", TWICE)]),
    ],
)
def test_faults_of_tables_name_the_line(
    table: str, options: Options, faults: list[tuple[str, str]]
) -> None:
    """Every fault of a table and its options is told with its line or its option."""
    assert faults_of(table, options) == faults


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a,b\n1,\xff\n", "not UTF-8 at byte 6"),
        (b'a,b\n"1,2\n', "not CSV in line 2"),
        (b'a\n"1"x\n', "not CSV in line 2"),
    ],
)
def test_what_is_no_table_is_malformed(data: bytes, words: str) -> None:
    """Other encodings and open quotes are told with their place."""
    with pytest.raises(MalformedError, match=words):
        spec_from_csv(data, {})


@given(
    st.binary(max_size=60) | st.text(alphabet='a1,;\t|"\n .-0einf', max_size=60).map(str.encode),
    st.dictionaries(
        st.sampled_from(["x", "y", "z", "bins", "legend", "legend.title", "axes.x.limits", "no"]),
        st.text(max_size=5) | st.lists(st.text(max_size=5), min_size=2, max_size=3),
        max_size=3,
    ),
)
def test_any_table_is_read_or_refused(data: bytes, options: Options) -> None:
    """Whatever is sent becomes JSON, or is refused as input."""
    try:
        spec = spec_from_csv(data, options)
    except InputError:
        return
    assert isinstance(msgspec.json.decode(spec), dict)


COLUMN_NAMES = st.text(st.characters(categories=["L"]), min_size=1, max_size=3)
CELLS = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.integers(1, 5).flatmap(
        lambda rows: st.dictionaries(
            COLUMN_NAMES, st.lists(CELLS, min_size=rows, max_size=rows), min_size=2, max_size=4
        )
    ),
    st.sampled_from(",;\t|"),
)
def test_numbers_survive_a_table(columns: dict[str, list[float | None]], delimiter: str) -> None:
    """Numbers written by repr come back as they were, whatever the delimiter."""
    lines = [columns.keys(), *zip(*columns.values(), strict=True)]
    table = "".join(
        delimiter.join("" if cell is None else str(cell) for cell in line) + "\n" for line in lines
    )
    assert spec_of(table)["data"] == columns
