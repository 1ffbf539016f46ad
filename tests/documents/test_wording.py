from typing import Any

import jsonschema_rs
import pytest

from plotkiln.documents import nearest, path_of, shown
from plotkiln.documents.wording import explain


def told(schema: dict[str, Any], value: Any) -> list[str]:
    """Return what is wrong with a value, in words."""
    errors = jsonschema_rs.validator_for(schema).iter_errors(value)
    return [str(fault) for error in errors for fault in explain(error, schema, value)]


@pytest.mark.parametrize(
    ("schema", "value", "words"),
    [
        ({"type": "integer"}, 1.5, "expected a whole number, got 1.5"),
        ({"type": ["string", "null"]}, 1, "expected text or null, got 1"),
        ({"enum": ["a", None]}, "b", 'expected one of a, got "b"'),
        ({"const": 1}, 2, "expected 1, got 2"),
        ({"required": ["a"]}, {}, "the member a is missing"),
        ({"minimum": 1}, 0, "0 is below the least allowed value, 1"),
        ({"maximum": 1}, 2, "2 is above the greatest allowed value, 1"),
        ({"exclusiveMinimum": 1}, 1, "1 must be more than 1"),
        ({"exclusiveMaximum": 1}, 1, "1 must be less than 1"),
        ({"multipleOf": 2}, 3, "3 is no multiple of 2"),
        ({"minLength": 1}, "", "expected at least 1 character, got 0"),
        ({"maxLength": 2}, "abc", "expected at most 2 characters, got 3"),
        ({"minItems": 2}, [1], "expected at least 2 items, got 1"),
        ({"maxItems": 1}, [1, 2], "expected at most 1 item, got 2"),
        ({"uniqueItems": True}, [1, 1], "holds an item twice"),
        ({"minProperties": 1}, {}, "expected at least 1 member, got 0"),
        ({"maxProperties": 0}, {"a": 1}, "expected at most 0 members, got 1"),
        ({"pattern": "^a$"}, "b", '"b" does not have the form ^a$'),
    ],
)
def test_each_keyword_has_words(schema: dict[str, Any], value: Any, words: str) -> None:
    """What breaks a keyword is said in one sentence."""
    assert told(schema, value) == [words]


def test_the_alternative_of_the_right_type_is_explained() -> None:
    """A number out of bounds is told its bounds, not that words would do as well."""
    schema = {"anyOf": [{"type": "number", "minimum": 1}, {"enum": ["a"]}, {"type": "null"}]}
    assert told(schema, 0) == ["0 is below the least allowed value, 1"]
    assert told(schema, True) == ["expected a number or one of a, got true"]


def test_unknown_members_come_one_by_one_with_the_nearest_name() -> None:
    """Each unknown member is a fault of its own path."""
    schema = {"properties": {"color": {}}, "additionalProperties": False}
    assert told(schema, {"Colour": 1, "x": 1}) == [
        "Colour: unknown member (did you mean color?): remove it or mend its name",
        "x: unknown member: remove it or mend its name",
    ]


def test_paths_join_names_and_places() -> None:
    """Names are joined by dots, places stand in brackets, hostile names are cut."""
    assert path_of(["series", 1, "y", 7]) == "series[1].y[7]"
    assert path_of([]) == ""
    assert len(path_of(["x" * 1000])) == 60


def test_nearest_passes_over_case_and_over_long_names() -> None:
    """Case does not matter; a name far too long to be a slip gets no guess."""
    assert nearest("FaceColour", ["edgecolor", "facecolor"]) == " (did you mean facecolor?)"
    assert nearest("nothing like it", ["edgecolor"]) == ""
    assert nearest("a" * 100_000, ["a" * 100_000]) == ""


def test_values_are_shown_in_short() -> None:
    """Long values are cut, large ones counted."""
    assert shown("a" * 100) == '"' + "a" * 58 + "…"
    assert shown([0] * 21) == "a list of 21 items"
    assert shown({str(number): 0 for number in range(21)}) == "an object of 21 members"
