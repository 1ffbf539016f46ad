"""The table of kinds."""

from typing import get_args

import pytest

from plotkiln.spec import KINDS, Spec
from plotkiln.spec.kinds import kinds_with, listed
from plotkiln.spec.models import Kind, Series


def test_every_kind_has_a_rule() -> None:
    """The table names each kind of the schema, in the same order."""
    assert tuple(KINDS) == get_args(Kind)
    assert all(rule.kind == kind for kind, rule in KINDS.items())


@pytest.mark.parametrize("kind", get_args(Kind))
def test_rules_speak_of_members(kind: Kind) -> None:
    """What a kind takes are members of a series, what it needs it takes, and words say how."""
    rule = KINDS[kind]
    assert set(rule.takes) <= set(Series.__struct_fields__)
    assert {member for options in rule.needs for member in options} <= set(rule.takes)
    assert rule.words.endswith(".")


def test_every_member_is_taken_by_some_kind() -> None:
    """A member of a series that no kind took could never be sent."""
    taken = {member for rule in KINDS.values() for member in rule.takes}
    assert taken | {"kind", "name"} == set(Series.__struct_fields__)
    assert {"x", "y", "z", "bins"} <= set(Spec.__struct_fields__)


def test_kinds_are_listed_as_in_speech() -> None:
    """Sentences name the kinds that take a member."""
    assert kinds_with("bins") == "a histogram"
    assert kinds_with("z") == "a scatter, a heatmap or a contour"
    assert listed(["a", "b", "c"]) == "a, b or c"
