import re

from hypothesis import given
from hypothesis import strategies as st

from plotkiln.documents import ID_BYTES, ID_PATTERN, id_text


@given(st.binary(min_size=ID_BYTES, max_size=ID_BYTES))
def test_ids_match_their_pattern(bits: bytes) -> None:
    """Whatever the bits, an id is what addresses take."""
    assert re.fullmatch(ID_PATTERN, id_text(bits))


@given(st.sets(st.binary(min_size=ID_BYTES, max_size=ID_BYTES)))
def test_no_two_share_an_id(many: set[bytes]) -> None:
    """Other bits are another id."""
    assert len(set(map(id_text, many))) == len(many)
