from typing import Annotated, Any, Literal

import jsonschema_rs
import msgspec
import pytest
from msgspec import Meta

from plotkiln.documents import Contract, json_schema
from plotkiln.spec.models import Spec
from plotkiln.style.documents import STYLE_CONTRACT
from plotkiln.style.models import Style


class Leaf(msgspec.Struct):
    """A leaf."""

    name: str | None = None


class Tree(msgspec.Struct):
    """A tree."""

    leaves: list[Leaf] = []
    crown: Leaf | None = None
    size: (
        Annotated[
            Annotated[float, Meta(ge=0)] | Literal["small", "large"], Meta(description="How large.")
        ]
        | None
    ) = None


SCHEMA = json_schema(
    Tree, title="tree", description="Any tree.", identifier="/schemas/tree", examples=[{}]
)
SPEC_SCHEMA = Contract(Spec, title="spec", description="A spec.").schema


def parts_of(schema: Any) -> list[dict[str, Any]]:
    """Return a schema and all schemas within it."""
    if isinstance(schema, list):
        return [part for item in schema for part in parts_of(item)]
    if not isinstance(schema, dict):
        return []
    return [schema, *(part for value in schema.values() for part in parts_of(value))]


@pytest.mark.parametrize("schema", [SCHEMA, SPEC_SCHEMA, STYLE_CONTRACT.schema])
def test_published_schemas_keep_the_metaschema(schema: dict[str, Any]) -> None:
    """What is published is itself valid JSON Schema 2020-12."""
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(schema)


@pytest.mark.parametrize("schema", [SPEC_SCHEMA, STYLE_CONTRACT.schema])
def test_published_objects_are_closed(schema: dict[str, Any]) -> None:
    """Every object with named members refuses others, also where structs pass over them."""
    named = [part for part in parts_of(schema) if isinstance(part.get("properties"), dict)]
    named = [part for part in named if "type" in part and part["type"] != "null"]
    assert named
    assert all(part["additionalProperties"] is False for part in named)


def test_examples_keep_the_schema_that_shows_them() -> None:
    """Each published example of a style is a valid style."""
    for example in STYLE_CONTRACT.schema["examples"]:
        jsonschema_rs.validate(STYLE_CONTRACT.schema, example)


def test_the_identifier_and_the_examples_are_published() -> None:
    """`$id`, title, description and examples stand at the root."""
    assert SCHEMA["$id"] == "/schemas/tree"
    assert (SCHEMA["title"], SCHEMA["description"]) == ("tree", "Any tree.")
    assert SCHEMA["examples"] == [{}]


def test_nullable_structs_become_one_schema() -> None:
    """A struct or null is one object schema that also allows null."""
    assert SCHEMA["properties"]["crown"]["type"] == ["object", "null"]


def test_numbers_or_words_stay_alternatives_with_one_description() -> None:
    """A number or a word cannot be merged; the description of both stays."""
    size = SCHEMA["properties"]["size"]
    assert size["description"] == "How large."
    assert [part.get("type", "enum") for part in size["anyOf"]] == ["number", "enum", "null"]


def test_only_definitions_in_use_are_published() -> None:
    """A definition that was merged into its only use is not repeated."""
    assert list(SCHEMA["$defs"]) == ["Leaf"]
    assert "$defs" not in STYLE_CONTRACT.schema


def test_what_says_nothing_is_left_out() -> None:
    """Null defaults and empty lists of required members are not published."""
    for part in parts_of(STYLE_CONTRACT.schema):
        assert "default" not in part
        assert part.get("required") != []


def test_members_of_styles_are_described() -> None:
    """The members that need words have them."""
    properties = json_schema(Style, title="style", description="A style.")["properties"]
    for name in ("extends", "palette", "rc", "figure", "watermark"):
        assert properties[name]["description"]
