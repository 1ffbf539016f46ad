from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
import pytest
from matplotlib.figure import Figure
from msgspec import Meta

from plotkiln.errors import RuleError
from plotkiln.templates import Template, template


class Mark(msgspec.Struct):
    """A record of a template's own."""

    at: float
    text: str = ""


@dataclass
class Span:
    """A record of the standard library's kind."""

    low: float
    high: float


@template("all-kinds", title="All kinds", size=(320, 200))
def all_kinds(
    figure: Figure,
    *,
    #: What is shown,
    #: in metres.
    value: float,
    count: Annotated[int, Meta(ge=1, description="How many.")] = 3,
    unit: Literal["m", "ft"] = "m",
    limits: Annotated[list[float], Meta(min_length=2)] = [0, 200],  # noqa: B006 -- tested
    marks: list[Mark] = [],  # noqa: B006 -- tested
    span: Span | None = None,
    names: dict[str, int] = {},  # noqa: B006 -- tested
    on: bool = False,
) -> None:
    """Take parameters of all kinds.

    This paragraph is for those who read the code.
    """
    figure.text(0, 0, f"{value} {count} {unit} {limits} {marks} {span} {names} {on}")


def test_the_signature_is_the_schema() -> None:
    """Types, defaults, bounds and comments of parameters are members of the JSON Schema."""
    members = all_kinds.schema["properties"]
    assert members["value"] == {"type": "number", "description": "What is shown, in metres."}
    assert members["count"] == {
        "type": "integer",
        "minimum": 1,
        "description": "How many.",
        "default": 3,
    }
    assert members["unit"] == {"enum": ["ft", "m"], "default": "m"}
    assert members["limits"]["minItems"] == 2
    assert members["limits"]["default"] == [0, 200]
    assert all_kinds.schema["required"] == ["value"]
    assert all_kinds.schema["additionalProperties"] is False
    assert all_kinds.schema["$defs"]["Mark"]["required"] == ["at"]


def test_words_come_from_name_and_docstring() -> None:
    """The description is the docstring's first paragraph, the title the name, unless given."""
    assert all_kinds.description == "Take parameters of all kinds."

    @template("speed-o.meter_2")
    def bare(figure: Figure) -> None:
        """Draw nothing."""

    assert bare.title == "Speed o meter 2"
    assert bare.schema["properties"] == {}
    assert bare.size is None


def test_arguments_are_of_the_declared_types() -> None:
    """JSON becomes what the annotations say, and what is missing is the default."""
    found = all_kinds.arguments({"value": 3, "marks": [{"at": 1}], "span": {"low": 0, "high": 1}})
    assert found == {
        "value": 3.0,
        "count": 3,
        "unit": "m",
        "limits": [0.0, 200.0],
        "marks": [Mark(1.0)],
        "span": Span(0.0, 1.0),
        "names": {},
        "on": False,
    }
    assert isinstance(found["value"], float)


def test_a_default_is_new_each_time() -> None:
    """Changing a list that came as a default changes no other call's."""
    all_kinds.arguments({"value": 1})["limits"].append(7)
    assert all_kinds.arguments({"value": 1})["limits"] == [0.0, 200.0]


def test_every_fault_is_told_with_its_place() -> None:
    """All faults of parameters are found at once; paths begin with `params`."""
    with pytest.raises(RuleError) as caught:
        all_kinds.arguments(
            {"valu": 1, "count": 0, "unit": "yd", "limits": [1], "marks": [{"at": "x", "by": 1}]}
        )
    paths = {fault.path for fault in caught.value.faults}
    assert paths == {
        "params", "params.valu", "params.count", "params.unit", "params.limits",
        "params.marks[0].at", "params.marks[0].by",
    }  # fmt: skip
    assert "did you mean value?" in str(caught.value)


def test_a_template_is_called_like_its_function() -> None:
    """A decorated function can be called on a figure, as in a test of its author's."""
    figure = Figure()
    all_kinds(figure, value=2.0)
    assert figure.texts[0].get_text().startswith("2.0 3 m")


def test_annotations_may_be_texts() -> None:
    """Types written as texts are read where the function stands; the figure's is not needed."""
    namespace: dict[str, Any] = {}
    code = (
        "from __future__ import annotations\n"
        "from plotkiln.templates import template\n"
        "@template('late')\n"
        "def late(figure: NotImported, *, value: int | None = None): ...\n"
    )
    exec(code, namespace)  # noqa: S102 -- our own code
    late: Template[...] = namespace["late"]
    assert late.arguments({"value": 3}) == {"value": 3}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("@template('t')\ndef f(): ...", "takes no figure"),
        ("@template('t')\ndef f(*, figure): ...", "takes no figure"),
        ("@template('t')\ndef f(figure, value): ...", "the parameter value has no type"),
        ("@template('t')\ndef f(figure, *values: int): ...", "values: int has no name of its own"),
        ("@template('t')\ndef f(figure, **values: int): ...", "has no name of its own"),
        ("@template('t')\ndef f(figure, value: int = 'x'): ...", "the default of value"),
        ("@template('t')\ndef f(figure, value: complex): ...", "complex"),
        ("@template('no good')\ndef f(figure): ...", "'no good' is no template's name"),
        ("@template('')\ndef f(figure): ...", "is no template's name"),
        ("@template('t', size=(300, 10))\ndef f(figure): ...", "size (300, 10) is too small"),
    ],
)
def test_a_signature_without_a_contract_is_refused(code: str, words: str) -> None:
    """What cannot be a template says why, where it is decorated."""
    with pytest.raises((TypeError, ValueError)) as caught:
        exec(f"from plotkiln.templates import template\n{code}", {})  # noqa: S102 -- our own code
    assert words in str(caught.value)
