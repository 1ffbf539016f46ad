"""Specs within addresses."""

import base64
import contextlib
import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.errors import MalformedError, TooLargeError
from plotkiln.spec import decode_spec, encode_spec

SPEC = b'{"x":[1,2,3],"y":[4,1,7]}'


def in_address(data: bytes) -> str:
    """Write any bytes as unpadded base64url."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@given(st.binary(max_size=2000))
def test_what_is_encoded_is_decoded(data: bytes) -> None:
    """An address gives back the bytes that it was made of, and needs no escaping."""
    text = encode_spec(data)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", text)
    assert decode_spec(text, 2000) == data


def test_any_zlib_level_will_do() -> None:
    """Other encoders of RFC 1950 are understood."""
    for level in range(10):
        assert decode_spec(in_address(zlib.compress(SPEC, level)), 100) == SPEC


def test_the_bound_is_exact() -> None:
    """As many bytes as allowed pass, one more does not."""
    assert decode_spec(encode_spec(b"x" * 1000), 1000) == b"x" * 1000
    with pytest.raises(TooLargeError, match="larger than 999 bytes: POST it"):
        decode_spec(encode_spec(b"x" * 1000), 999)


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    """A hundred megabytes of zeros in a small address are too large."""
    bomb = in_address(zlib.compress(b"\0" * 100_000_000, 9))
    with pytest.raises(TooLargeError):
        decode_spec(bomb, 10_000)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cut off"),
        ("a", "base64url"),
        ("a+b/", "base64url"),
        ("ab==", "base64url"),
        ("ab cd", "base64url"),
        ("äöü", "base64url"),
        ("AB", "last bits"),
        (in_address(b"{}"), "no zlib stream"),
        (in_address(zlib.compress(SPEC)[:-1]), "cut off"),
        (in_address(zlib.compress(SPEC)[:-4] + b"abcd"), "no zlib stream"),
        (in_address(zlib.compress(SPEC) + b"x"), "Bytes follow"),
        (in_address(zlib.compress(SPEC)[2:-4]), "no zlib stream"),
    ],
)
def test_what_is_no_address_of_a_spec_is_malformed(text: str, words: str) -> None:
    """Other alphabets, padding, raw deflate, cut streams and trailing bytes are refused."""
    with pytest.raises(MalformedError, match=words):
        decode_spec(text, 10_000)


@given(st.text(max_size=40) | st.binary(max_size=40).map(in_address))
def test_nothing_else_is_raised(text: str) -> None:
    """Any text decodes or is refused as input."""
    with contextlib.suppress(MalformedError, TooLargeError):
        decode_spec(text, 100)
