from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from plotkiln.errors import Fault, RuleError, SchemaError
from plotkiln.spec import Limits, parse_spec
from plotkiln.spec.models import Spec
from plotkiln.spec.templated import NotYetKnownError, TemplateRules


class Dial:
    """The rules of a template that takes one parameter."""

    size: tuple[int, int] | None = (280, 64)
    names: Sequence[str] = ("value", "title")

    def faults(self, params: dict[str, Any]) -> Sequence[Fault]:
        """Refuse all but `value`."""
        return [Fault(f"params.{name}", "unknown") for name in params if name not in self.names]


class Dials:
    """Where there is one template."""

    def find(self, name: str) -> TemplateRules | str:
        """Return the dial."""
        if name == "later":
            raise NotYetKnownError
        return Dial() if name == "dial" else f"{name} is no template"


def parse(**spec: Any) -> Any:
    """Read a spec where there is a dial."""
    return parse_spec(msgspec.json.encode(spec), Limits(text=40, points=50, depth=8), Dials())


def faults_of(**spec: Any) -> dict[str, str]:
    """Return the faults of a spec by path."""
    with pytest.raises(RuleError) as caught:
        parse(**spec)
    return {fault.path: fault.message for fault in caught.value.faults}


def test_a_template_takes_the_place_of_series() -> None:
    """A spec with a template is its name, its parameters as sent, and what any picture has."""
    full = parse(
        template="dial", params={"value": 3}, alt="A dial", format="svg", style="dark"
    ).full
    assert (full.template, full.params, full.alt, full.series) == (
        "dial",
        {"value": 3},
        "A dial",
        [],
    )


@pytest.mark.parametrize(
    ("size", "pixels"),
    [
        ({}, (280, 64)),
        ({"width": 560}, (560, 128)),
        ({"height": 32}, (140, 32)),
        ({"width": 100, "height": 100}, (100, 100)),
        ({"dpi": 200}, (280, 64)),
    ],
)
def test_its_size_keeps_its_proportions(size: dict[str, int], pixels: tuple[int, int]) -> None:
    """A template's own size serves where the spec has none; one side alone keeps its shape."""
    full = parse(template="dial", size=size).full
    assert (full.width, full.height) == pixels


def test_the_digest_follows_the_parameters() -> None:
    """Other parameters are another spec; another format is not."""
    one = parse(template="dial", params={"value": 1}).digest
    assert parse(template="dial", params={"value": 1.0}, format="pdf").digest == one
    assert parse(template="dial", params={"value": 2}).digest != one


def test_all_faults_are_told_at_once() -> None:
    """Members beside a template, an unknown style and wrong parameters are told together."""
    found = faults_of(
        template="dial", params={"valeu": 1}, x=[1], title="T", legend=True, stack=True, style="/"
    )
    assert found.keys() == {"params.valeu", "x", "title", "legend", "stack", "style"}
    assert "did you mean params.title?" in found["title"]


def test_an_unknown_template_is_a_fault() -> None:
    """The fault is at `template`, with the catalogue's words."""
    assert faults_of(template="dail") == {"template": "dail is no template"}


def test_parameters_need_a_template() -> None:
    """`params` alone is told so."""
    assert list(faults_of(params={})) == ["params"]


def test_without_templates_there_are_none() -> None:
    """Where nobody hands any in, every template is unknown."""
    with pytest.raises(RuleError, match="dial is no template"):
        parse_spec(b'{"template": "dial"}', Limits())


def test_nobody_knows_yet() -> None:
    """Where templates are not described yet, whoever asks is told to ask again."""
    with pytest.raises(NotYetKnownError):
        parse(template="later")


def test_parameters_are_bounded() -> None:
    """Texts, values and depth within parameters have the bounds of any spec."""
    found = faults_of(template="dial", params={"value": ["a", {"b": "x" * 41}], "title": "\x00"})
    assert found.keys() == {"params.value[1].b", "params.title"}
    assert "at most 50 are drawn" in faults_of(template="dial", params={"value": [0] * 60})[""]
    deep: Any = 1
    for _ in range(10):
        deep = [deep]
    assert "flatten" in faults_of(template="dial", params={"value": deep})["params"]


def test_the_schema_knows_both_members() -> None:
    """A template's name is text, its parameters are an object."""
    with pytest.raises(SchemaError) as caught:
        parse(template=3, params=[])
    assert {fault.path for fault in caught.value.faults} == {"template", "params"}


def test_every_member_is_held_to_it() -> None:
    """Whatever members a spec gets, those that are not for templates are refused beside one."""
    allowed = {"template", "params", "size", "format", "style", "alt"}
    drawing = [name for name in Spec.__struct_fields__ if name not in allowed]
    values: dict[str, Any] = {
        "kind": "bar", "x": [1], "y": [1], "z": [1], "bins": 3, "series": [], "data": {},
        "title": "t", "subtitle": "s", "axes": {}, "annotations": [], "legend": True,
        "stack": True, "orientation": "horizontal", "hole": 0.5,
    }  # fmt: skip
    for name in drawing:
        if name in values:
            assert name in faults_of(template="dial", **{name: values[name]})
