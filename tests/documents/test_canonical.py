import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.documents import canonical_json, sha256_hex

DOUBLES = st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | DOUBLES | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def test_members_are_sorted_and_numbers_are_short() -> None:
    """RFC 8785: no spaces, members by name, 1.0 as 1."""
    assert canonical_json({"b": 1.0, "a": [1e21, "é"]}) == '{"a":[1e+21,"é"],"b":1}'.encode()


def test_integers_past_the_exact_ones_become_doubles() -> None:
    """An integer that no double holds exactly is written as the nearest double."""
    assert canonical_json([2**53 + 1, True]) == b"[9007199254740992,true]"


@pytest.mark.parametrize("number", [float("inf"), float("nan"), 10**400, -(10**400)])
def test_what_no_double_holds_has_no_canonical_form(number: float) -> None:
    """NaN, infinities and integers beyond a double are refused."""
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical_json([number])


@given(VALUES)
def test_the_canonical_form_is_a_fixed_point(value: Any) -> None:
    """What is read from canonical JSON has the same canonical JSON."""
    once = canonical_json(value)
    assert canonical_json(json.loads(once)) == once


def test_the_digest_is_sha_256_in_hexadecimal() -> None:
    """The digest of nothing is the well-known one."""
    assert sha256_hex(b"").startswith("e3b0c44298fc1c14")
    assert len(sha256_hex(b"")) == 64
