import msgspec

from plotkiln.documents import json_schema
from plotkiln.documents.comments import commented_members, structs_of
from plotkiln.spec.models import Axis, Spec


class Inner(msgspec.Struct):
    """What the outer one holds."""

    #: How deep,
    #: in metres.
    depth: float


class Outer(msgspec.Struct):
    """A struct with some comments."""

    #: The first.
    first: int
    plain: int = 0
    #: The nested ones.
    nested: list[Inner] | None = None


def test_comments_belong_to_the_member_below() -> None:
    """The lines above a member are its description; a member without any has none."""
    assert commented_members(Outer) == {"first": "The first.", "nested": "The nested ones."}
    assert commented_members(Inner) == {"depth": "How deep, in metres."}


def test_a_struct_without_source_has_no_comments() -> None:
    """A struct that was made at run time is published without descriptions."""
    assert commented_members(msgspec.defstruct("Made", ["a"])) == {}


def test_structs_are_found_at_any_depth() -> None:
    """Structs inside lists, unions and annotations are found."""
    assert structs_of(Outer) == {"Outer": Outer, "Inner": Inner}
    assert structs_of(Spec)["Axis"] is Axis


def test_the_schema_describes_members() -> None:
    """A published schema says of each member what its comment says."""
    schema = json_schema(Outer, title="outer", description="A test.")
    assert schema["properties"]["first"]["description"] == "The first."
    assert "description" not in schema["properties"]["plain"]
    assert schema["$defs"]["Inner"]["properties"]["depth"]["description"] == "How deep, in metres."
