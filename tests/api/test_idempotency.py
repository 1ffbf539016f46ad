import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from plotkiln.api.idempotency import idempotency_key
from plotkiln.errors import MalformedError

PRINTABLE = st.characters(min_codepoint=32, max_codepoint=126)
KEYS = st.text(PRINTABLE, min_size=1, max_size=255).filter(lambda key: key == key.strip(" "))


def key_of(*lines: str) -> str | None:
    """Return the key of a request with these headers."""
    headers = [(b"idempotency-key", line.encode("latin-1")) for line in lines]
    return idempotency_key(Request({"type": "http", "headers": headers}))


@given(KEYS)
def test_a_quoted_key_is_the_bare_one(key: str) -> None:
    """A string of structured fields, as the draft of the header has it, names what is in it."""
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    assert key_of(f'"{escaped}"') == key


@given(KEYS.filter(lambda key: not key.startswith('"')), st.sampled_from(["", " ", "\t "]))
def test_a_bare_key_is_taken_as_it_is(key: str, around: str) -> None:
    """A key needs no quotes; spaces around it are not its own."""
    assert key_of(f"{around}{key}{around}") == key


@given(st.lists(st.text(st.characters(max_codepoint=255), max_size=300), min_size=1, max_size=2))
def test_what_is_taken_is_a_key(lines: list[str]) -> None:
    """Whatever is sent, it is refused, or one key of printable ASCII in its bounds."""
    try:
        key = key_of(*lines)
    except MalformedError:
        return
    assert len(lines) == 1
    assert key is not None
    assert 1 <= len(key) <= 255
    assert key.isascii()
    assert key.isprintable()


def test_no_key_is_none() -> None:
    """A request without the header has no key; one with two of them is refused."""
    assert key_of() is None
    with pytest.raises(MalformedError):
        key_of("a", "a")
