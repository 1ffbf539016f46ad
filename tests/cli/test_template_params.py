"""Parameters as flags: what a text becomes is what its schema takes."""

from typing import Any

import pytest

from plotkiln.cli.template_params import params_of, type_words
from plotkiln.errors import MalformedError, RuleError

RECORD = {"type": "object", "properties": {"at": {"type": "number"}}}
SCHEMA: dict[str, Any] = {
    "properties": {
        "value": {"type": "number"},
        "count": {"type": ["integer", "null"]},
        "on": {"type": "boolean"},
        "text": {"type": "string"},
        "either": {"type": ["string", "number"]},
        "unit": {"enum": ["km/h", "mph"]},
        "level": {"enum": [1, 2]},
        "limits": {"type": "array", "items": {"type": "number"}},
        "names": {"type": "array", "items": {"type": "string"}},
        "marks": {"type": "array", "items": {"$ref": "#/$defs/Mark"}},
        "table": {"type": ["object", "array"], "items": {"type": "object"}},
        "span": {"anyOf": [{"$ref": "#/$defs/Mark"}, {"type": "null"}]},
    },
    "$defs": {"Mark": RECORD},
}


@pytest.mark.parametrize(
    ("flags", "params"),
    [
        (["--value", "3"], {"value": 3}),
        (["--value=-3.5"], {"value": -3.5}),
        (["--value", "-2e3"], {"value": -2000.0}),
        (["--value", "many"], {"value": "many"}),
        (["--value", "1", "--value", "2"], {"value": 2}),
        (["--count", "7"], {"count": 7}),
        (["--count", "null"], {"count": None}),
        (["--on"], {"on": True}),
        (["--on", "--text", "x"], {"on": True, "text": "x"}),
        (["--on=false"], {"on": False}),
        (["--text", "3"], {"text": "3"}),
        (["--text", "{true}"], {"text": "{true}"}),
        (["--text", "a=b"], {"text": "a=b"}),
        (["--text="], {"text": ""}),
        (["--either", "3"], {"either": 3}),
        (["--unit", "mph"], {"unit": "mph"}),
        (["--level", "2"], {"level": 2}),
        (["--limits", "-10,10"], {"limits": [-10, 10]}),
        (["--limits", "1", "--limits", "2,3"], {"limits": [1, 2, 3]}),
        (["--limits", "[1, 2]"], {"limits": [1, 2]}),
        (["--names", "a,b"], {"names": ["a", "b"]}),
        (["--marks", '{"at": 1}', "--marks", '{"at": 2}'], {"marks": [{"at": 1}, {"at": 2}]}),
        (["--marks", '{"at": 1}'], {"marks": [{"at": 1}]}),
        (["--marks", '[{"at": 1}]'], {"marks": [{"at": 1}]}),
        (["--table", '{"x": [1]}'], {"table": {"x": [1]}}),
        (["--table", '[{"x": 1}]'], {"table": [{"x": 1}]}),
        (["--span", '{"at": 1}'], {"span": {"at": 1}}),
        (["--no-such", "x"], {"no_such": "x"}),
        ([], {}),
    ],
)
def test_flags_become_parameters(flags: list[str], params: dict[str, Any]) -> None:
    """Numbers, switches, texts, lists and JSON are what the schema takes; all else is text."""
    assert params_of(flags, SCHEMA) == params


def test_what_is_no_flag_is_told() -> None:
    """An argument without a flag before it is a fault."""
    with pytest.raises(RuleError, match="3: is no flag"):
        params_of(["3"], SCHEMA)
    with pytest.raises(RuleError, match="x: is no flag"):
        params_of(["--value", "3", "x"], SCHEMA)


def test_broken_json_is_told() -> None:
    """A record that is not JSON says what is wrong."""
    with pytest.raises(MalformedError, match="expected JSON"):
        params_of(["--marks", "{at: 1}"], SCHEMA)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("value", "number"),
        ("count", "whole number"),
        ("on", "true or false"),
        ("unit", "km/h, mph"),
        ("limits", "list of numbers"),
        ("names", "list of texts"),
        ("marks", "list of JSON"),
        ("span", "JSON"),
    ],
)
def test_types_in_words(name: str, words: str) -> None:
    """What a parameter takes is said in a few words."""
    assert type_words(SCHEMA["properties"][name], SCHEMA) == words
