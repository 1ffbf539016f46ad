from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.style.differences import differences


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (None, b"{}", ["created"]),
        (b"{}", None, ["removed"]),
        (None, None, []),
        (b"{}", b" {} ", []),
        (
            b'{"title": {"color": "#333333"}}',
            b'{"title": {"color": "#222222"}}',
            ["title.color #333333 → #222222"],
        ),
        (b"{}", b'{"legend": {"frameon": false}}', ["legend.frameon added: false"]),
        (
            b'{"watermark": {"text": "Internal Use", "x": 1}}',
            b'{"watermark": {"x": 1.0}}',
            ['watermark.text removed (was "Internal Use")'],
        ),
        (
            b'{"palette": ["red", "tan"]}',
            b'{"palette": ["red", "blue"]}',
            ["palette[1] tan → blue"],
        ),
        (b'{"palette": ["red"]}', b'{"palette": []}', ['palette ["red"] → []']),
        (b'{"rc": {"axes.grid": 1}}', b'{"rc": {"axes.grid": true}}', ["rc.axes.grid 1 → true"]),
        (b'{"font": {"size": 9}}', b'{"font": null}', ['font {"size":9} → null']),
        (b"{", b"{}", ["what is no style document → a document"]),
        (b"{", b"[1]", ["what is no style document → what is no style document"]),
        (
            b'{"title": {"color": "red"}, "extends": "a"}',
            b'{"title": {"color": "tan"}, "extends": "b"}',
            ["extends a → b", "title.color red → tan"],
        ),
    ],
)
def test_each_difference_is_a_line(
    before: bytes | None, after: bytes | None, lines: list[str]
) -> None:
    """Changed, added and removed members are told with their paths and values."""
    assert differences(before, after) == lines


def test_long_values_are_cut() -> None:
    """A line stays a line whatever the values are."""
    (line,) = differences(b'{"a": "%s"}' % (b"x" * 500), b'{"a": "\\n"}')
    assert len(line) < 100
    assert "\n" not in line


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=10,
)
DOCUMENTS = st.dictionaries(st.text(max_size=2), VALUES, max_size=4)


@given(one=DOCUMENTS, other=DOCUMENTS)
def test_there_is_a_line_where_there_is_a_difference(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    """Equal documents have no line, others at least one, however they are made."""
    encoded = msgspec.json.encode(one), msgspec.json.encode(other)
    assert bool(differences(*encoded)) == (_typed(one) != _typed(other))


def _typed(value: Any) -> Any:
    """Return a value in which booleans equal no numbers."""
    if isinstance(value, dict):
        return {name: _typed(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    return (type(value) is bool, value)
