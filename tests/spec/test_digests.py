"""Names made of content: digests of specs, and chart ids."""

import hashlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.documents import canonical_json
from plotkiln.spec import Limits, chart_id, parse_spec
from plotkiln.spec.digests import spec_digest

NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text()
COLUMNS = st.lists(st.none() | NUMBERS) | st.lists(st.none() | st.text())
JSON = st.recursive(
    SCALARS | COLUMNS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


def digest(text: str) -> str:
    """Return the digest of a spec that is sent as this text."""
    return parse_spec(text.encode(), Limits()).digest


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_the_fast_way_equals_rfc_8785(value: dict[str, Any]) -> None:
    """The digest is that of the library's canonical JSON, whatever the document."""
    value.pop("format", None)
    decoded = msgspec.json.decode(msgspec.json.encode(value))
    assert spec_digest(decoded) == hashlib.sha256(canonical_json(decoded)).hexdigest()


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_columns_of_floats_equal_rfc_8785(values: list[float]) -> None:
    """Every double is written as the library writes it."""
    expected = hashlib.sha256(canonical_json({"y": values})).hexdigest()
    assert spec_digest({"y": values}) == expected


@pytest.mark.parametrize(
    "number",
    [0.0, -0.0, 1e-6, 1e-7, 1.5e-7, 1e15, 1e16, 1e20, 1e21, 5e-324, 1.7976931348623157e308,
     2**53 - 1, 2**53, -(2**53), 2**70, 123456789012345680, 0.1, 1 / 3, 9007199254740993.0],
)  # fmt: skip
@pytest.mark.parametrize("companion", [[], [None], [1], [1e-9], [0.5, -0.0]])
def test_awkward_numbers_equal_rfc_8785(number: float, companion: list[float | None]) -> None:
    """Zeros, exponents and integers past 2^53 take the library's form in any company."""
    value = {"y": [number, *companion, -number]}
    assert spec_digest(value) == hashlib.sha256(canonical_json(value)).hexdigest()


@pytest.mark.parametrize(
    "same",
    [
        '{"y":[1,2.5,100],"x":["a","b","c"]}',
        '{ "y" : [1.0, 25e-1, 1e2],\n "x" : ["a", "\\u0062", "c"] }',
        '{"x":["a","b","c"],"y":[1,2.5,100],"format":"pdf"}',
    ],
)
def test_the_digest_ignores_how_a_spec_is_written(same: str) -> None:
    """Key order, white space, the spelling of numbers and texts, and format change nothing."""
    assert digest(same) == digest('{"x":["a","b","c"],"y":[1,2.5,100]}')


BASE: dict[str, Any] = {"kind": "bar", "series": [{"x": ["a", "b"], "y": [1, 2], "name": "s"}]}


@pytest.mark.parametrize(
    "change",
    [
        {"title": "t"},
        {"subtitle": "t"},
        {"kind": "line"},
        {"stack": True},
        {"stack": False},
        {"orientation": "horizontal"},
        {"axes": {"y": {"label": "l"}}},
        {"annotations": [{"type": "line", "y": 1}]},
        {"legend": True},
        {"size": {"width": 100}},
        {"style": "dark"},
        {"alt": "a"},
        {"title": None},
        {"series": [{"x": ["a", "b"], "y": [1, 2.0000001], "name": "s"}]},
        {"series": [{"x": ["b", "a"], "y": [1, 2], "name": "s"}]},
    ],
)
def test_the_digest_changes_with_any_other_member(change: dict[str, Any]) -> None:
    """Whatever is sent beside format is in the digest, defaults and nulls too."""
    assert digest(json.dumps(BASE | change)) != digest(json.dumps(BASE))


def test_the_digest_is_that_of_the_canonical_text() -> None:
    """The digest can be computed elsewhere: SHA-256 of the RFC 8785 form."""
    expected = hashlib.sha256(b'{"x":[1,2],"y":[3,4.5]}').hexdigest()
    assert digest('{"y": [3.0, 4.5], "x": [1, 2], "format": "svg"}') == expected


def test_a_chart_id_is_26_characters_of_base32() -> None:
    """The id is the first 128 bits of SHA-256(owner, NUL, digest)."""
    spec = "0" * 64
    hashed = hashlib.sha256(b"anonymous\x00" + spec.encode()).digest()
    found = chart_id("anonymous", spec)
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    bits = sum(alphabet.index(letter) << 5 * (25 - at) for at, letter in enumerate(found))
    assert len(found) == 26
    assert bits >> 2 == int.from_bytes(hashed[:16], "big")


def test_owners_and_specs_have_charts_of_their_own() -> None:
    """Another owner or another spec gives another id; the same pair always the same."""
    ids = [chart_id(owner, mark * 64) for owner in ("a", "b") for mark in "01"]
    assert len(set(ids)) == 4
    assert chart_id("a", "0" * 64) == ids[0]
