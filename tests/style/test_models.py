from typing import Any, get_args

import msgspec
import pytest

from plotkiln.style import models
from plotkiln.style.builtin import BUILTIN
from plotkiln.style.models import Color, Style

SECTIONS = [
    getattr(BUILTIN, name)
    for name in Style.__struct_fields__
    if isinstance(getattr(BUILTIN, name), msgspec.Struct)
]


def test_every_section_is_public() -> None:
    """The sections of a style are exported by name."""
    assert {type(section).__name__ for section in SECTIONS} | {"Style"} == set(models.__all__)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: type(section).__name__)
def test_a_member_is_a_colour_exactly_when_its_name_says_so(section: msgspec.Struct) -> None:
    """Colours are checked by the end of their names, so names must tell."""
    for field in msgspec.structs.fields(section):
        assert (Color in _alternatives(field.type)) == field.name.endswith("color")


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    return (annotation, *get_args(annotation))


def test_styles_compare_by_content() -> None:
    """Two styles with the same members are equal; none can be changed."""
    assert Style(palette=["red"]) == Style(palette=["red"])
    with pytest.raises(AttributeError):
        setattr(Style(), "palette", ["red"])  # noqa: B010 -- the type checker knows better


def test_only_what_is_set_is_written() -> None:
    """A style written back as JSON has the members that were set, no others."""
    assert msgspec.json.encode(Style(palette=["red"])) == b'{"palette":["red"]}'
