"""Whatever is sent is parsed, or refused as input."""

import copy
import json
import subprocess
import sys
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

import plotkiln.spec
from plotkiln.errors import InputError
from plotkiln.spec import SPEC_CONTRACT, FullSpec, Limits, ParsedSpec, parse_spec
from plotkiln.spec.full import FullColumn

LIMITS = Limits(points=1000, series=5, categories=20, annotations=5, text=50)

NUMBERS = st.integers(-3, 3) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.sampled_from(
    ["", "a", "b", "2024-01", "2024-01-31T10:00Z", "2024-02-30", "9999-12-31", ",.1f", "%d", "#abc",
     "C1", "\x00", "$x^2$", "中"]
)  # fmt: skip
VALUES = st.none() | NUMBERS | TEXTS
COLUMNS = (
    st.lists(NUMBERS, max_size=4)
    | st.lists(TEXTS, max_size=4)
    | st.lists(VALUES, max_size=4)
    | st.sampled_from(["a", "b", "c"])
)
JSON = st.recursive(
    st.booleans() | VALUES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def options(names: str, values: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    """Give each of several members the same strategy."""
    return dict.fromkeys(names.split(), values)


KINDS = st.sampled_from(list(plotkiln.spec.KINDS))
MATRICES = st.lists(st.lists(st.none() | NUMBERS, min_size=2, max_size=2), max_size=3)
BINS = st.integers(1, 5) | st.lists(NUMBERS, min_size=2, max_size=4)
SERIES = st.fixed_dictionaries(
    {},
    optional=options("x y", COLUMNS)
    | {"kind": KINDS, "z": COLUMNS | MATRICES, "size": COLUMNS | NUMBERS, "bins": BINS}
    | options("name color", TEXTS),
)
AXIS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["linear", "log", "time", "category"]),
        "limits": st.lists(VALUES, min_size=2, max_size=2),
        "format": TEXTS,
        "prefix": TEXTS,
    },
)
COORDINATES = NUMBERS | TEXTS | st.lists(NUMBERS | TEXTS, min_size=2, max_size=2)
ANNOTATIONS = st.fixed_dictionaries(
    {"type": st.sampled_from(["line", "band", "text"])},
    optional=options("x y", COORDINATES) | options("text color", TEXTS),
)
SPECS = st.fixed_dictionaries(
    {},
    optional={
        "kind": KINDS,
        "x": COLUMNS,
        "y": COLUMNS,
        "z": COLUMNS | MATRICES,
        "bins": BINS,
        "series": st.lists(SERIES, max_size=3),
        "data": st.dictionaries(st.sampled_from("abc"), st.lists(VALUES, max_size=4), max_size=3)
        | st.lists(st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3), max_size=4),
        "axes": st.fixed_dictionaries({}, optional={"x": AXIS, "y": AXIS}),
        "annotations": st.lists(ANNOTATIONS, max_size=2),
        "legend": st.booleans(),
        "stack": st.booleans(),
        "orientation": st.sampled_from(["vertical", "horizontal"]),
        "hole": st.floats(0, 0.9),
        "style": TEXTS,
        "title": TEXTS,
    },
)

VALID: list[dict[str, Any]] = [
    {"x": [1, 2, 3], "y": [4, 1, 7]},
    {"kind": "bar", "stack": True, "data": {"m": ["a", "b"], "u": [1, 2], "v": [3, None]}},
    {"kind": "area", "stack": True, "series": [{"x": [1, 2], "y": [1, 2]}, {"x": [3], "y": [1]}]},
    {"kind": "scatter", "x": ["2024-01", "2024-02"], "y": [1, 2], "z": [1, 2]},
    {"kind": "histogram", "x": [1, 2, 3], "bins": [0, 2, 4], "axes": {"y": {"type": "log"}}},
    {"kind": "box", "x": ["a", "b"], "y": [1, 2], "orientation": "horizontal"},
    {"kind": "heatmap", "x": ["a", "b"], "y": ["c"], "z": [[1, 2]]},
    {"kind": "heatmap", "x": [1, 2], "y": ["c", "d"], "z": [1, 2]},
    {"kind": "pie", "x": ["a", "b"], "y": [1, 2], "hole": 0.5, "legend": {"position": "right"}},
    {"y": [1, 2], "annotations": [{"type": "band", "x": [0, 1]}, {"type": "line", "y": 1}]},
    {"series": [{"kind": "errorbar", "y": [1, 2], "error": [[1, 2], None], "x_error": 1}]},
    {
        "kind": "candlestick",
        "data": {"d": ["2024-01-05"], "open": [1], "high": [3], "low": [0], "close": [2]},
    },
    {"kind": "violin", "x": ["a", "b"], "y": [1, 2]},
    {"series": [{"kind": "contour", "z": [[1, 2], [3, 4]], "levels": [1, 2], "filled": False}]},
    {"series": [{"kind": "hexbin", "x": [1, 2], "y": [1, 2], "gridsize": 3, "norm": "log"}]},
    {"series": [{"kind": "waterfall", "x": ["a", "b"], "y": [1, None], "totals": ["b"]}]},
    {"kind": "polar", "x": [0, 90], "y": [1, 2]},
    {"kind": "radar", "x": ["a", "b", "c"], "y": [1, 2, 3]},
    {"series": [{"y": [1, 2]}, {"y": [3, 4], "axis": "y2"}], "axes": {"y2": {"label": "r"}}},
    {"data": {"who": ["a", "b"], "x": [1, 2], "y": [3, 4]}, "facets": {"by": "who"}},
]


def try_parsing(data: bytes) -> ParsedSpec | None:
    """Parse what may be anything; hold what comes out to its promises."""
    try:
        parsed = parse_spec(data, LIMITS)
    except InputError:
        return None
    check_promises(parsed.full)
    sent = msgspec.json.encode(parsed.full)
    assert msgspec.json.decode(sent, type=FullSpec) == parsed.full
    return parsed


def check_promises(full: FullSpec) -> None:
    """Hold a full spec to what `full.py` says of it."""
    shown = [*full.series, *(series for panel in full.panels for series in panel.series)]
    assert shown
    for series in shown:
        columns = [column for column in (series.x, series.y) if column is not None]
        if series.kind not in {"heatmap", "contour"}:
            assert len({len(column.values) for column in columns}) == 1
        assert all(any(value is not None for value in column.values) for column in columns)
        for column in columns:
            check_column(column)
        for axis, column_of in ((full.x_axis, series.x), (full.y_axis, series.y)):
            if axis is None or column_of is None:
                continue
            if column_of.type == "category":
                assert set(column_of.values) - {None} <= set(axis.categories or [])
            else:
                assert axis.type == ("time" if column_of.type == "time" else axis.type)
                assert axis.type != "category"


def check_column(column: FullColumn) -> None:
    """Hold a column to its type."""
    held = str if column.type == "category" else float
    assert {type(value) for value in column.values} <= {held, type(None)}


@given(JSON)
def test_any_json_is_parsed_or_refused(value: Any) -> None:
    """No JSON value raises anything but an error of input."""
    try_parsing(json.dumps(value).encode())


@given(st.binary(max_size=50))
def test_any_bytes_are_parsed_or_refused(data: bytes) -> None:
    """No bytes raise anything but an error of input."""
    try_parsing(data)


@settings(max_examples=400)
@given(SPECS)
def test_any_spec_is_parsed_or_refused(spec: dict[str, Any]) -> None:
    """No spec, however its parts go together, raises anything but an error of input."""
    try_parsing(json.dumps(spec).encode())


@settings(max_examples=300)
@given(st.sampled_from(VALID), st.data())
def test_mutated_specs_are_parsed_or_refused(spec: dict[str, Any], data: st.DataObject) -> None:
    """A good spec with one part replaced or removed is still good, or refused."""
    mutated = copy.deepcopy(spec)
    holder: Any = mutated
    while True:
        key = data.draw(st.sampled_from(keys_of(holder)))
        if not keys_of(holder[key]) or data.draw(st.booleans()):
            break
        holder = holder[key]
    if data.draw(st.booleans()):
        del holder[key]
    else:
        holder[key] = data.draw(JSON | COLUMNS)
    try_parsing(json.dumps(mutated).encode())


def keys_of(value: Any) -> list[Any]:
    """Return the keys or indices of a container, nothing for a scalar."""
    if isinstance(value, dict):
        return list(value)
    return list(range(len(value))) if isinstance(value, list) else []


def test_the_specs_to_mutate_are_good() -> None:
    """The mutations start from specs that can be drawn."""
    assert all(try_parsing(json.dumps(spec).encode()) for spec in VALID)


def test_a_million_points_pass_and_one_more_does_not() -> None:
    """The limit on points is exact."""
    limits = Limits(points=1000)
    assert parse_spec(msgspec.json.encode({"y": [1.5] * 1000}), limits).full.series
    assert try_parsing(msgspec.json.encode({"y": [1.5] * 1001})) is None


def test_the_schema_is_published_and_takes_good_specs() -> None:
    """The contract names itself, and its schema accepts what is parsed."""
    assert SPEC_CONTRACT.schema["title"] == "plotkiln spec"
    assert all(SPEC_CONTRACT.faults(spec) == [] for spec in VALID)


def test_names_are_handed_out() -> None:
    """What the room promises to hand out is there, each name once."""
    assert len(set(plotkiln.spec.__all__)) == len(plotkiln.spec.__all__)
    assert all(hasattr(plotkiln.spec, name) for name in plotkiln.spec.__all__)


def test_good_specs_load_nothing_heavy() -> None:
    """Parsing a good spec imports neither Matplotlib nor numpy nor the schema validator."""
    code = (
        "import sys; from plotkiln.spec import Limits, parse_spec\n"
        "parse_spec(b'{\"y\": [1, 2]}', Limits())\n"
        "print({'matplotlib', 'numpy', 'PIL', 'jsonschema_rs', 'csv'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "set()"
