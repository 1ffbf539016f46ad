"""What is signed opens, however a client writes it."""

from base64 import b64encode
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.errors import RuleError
from plotkiln.identity.signatures import Signatures, read_ring
from plotkiln.service.addresses import checked_address, signed

RING = Signatures(read_ring(f"k:{b64encode(bytes(32)).decode()}"))
UNTIL = 4_000_000_000
PICTURE = f"/charts/{'a' * 26}"

#: Whatever may stand in a query of ASCII.
QUERIES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#"))


def opens(address: str) -> bool:
    """Say whether somebody is let in by an address."""
    return RING.principal(address, is_safe=True) is not None


def as_browsers_send(address: str) -> str:
    """Return an address as the URL standard has it sent (the special-query percent-encode set)."""
    return quote(address, safe="".join(set(map(chr, range(0x21, 0x7F))) - set("\"#<>'")))


@given(QUERIES, st.sampled_from(["png", "svg", "pdf", "webp", "jpeg", "jpg"]))
def test_what_is_signed_opens(query: str, end: str) -> None:
    """Whatever its query: as it is, as a browser sends it, and as a library does."""
    try:
        picture = checked_address(f"{PICTURE}.{end}?{query}")[0]
    except RuleError:
        assert {part.partition("=")[0] for part in query.split("&")} & {
            "expires",
            "key",
            "signature",
        }
        return
    address = signed(RING, picture, expires=UNTIL).address
    assert opens(address)
    assert as_browsers_send(address) == address
    assert httpx.URL(f"http://here{address}").raw_path.decode() == address


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("title=why?", "title=why?"),
        ("title='a'", "title=%27a%27"),
        ("title=<b>", "title=%3Cb%3E"),
        ("title=5%", "title=5%25"),
        ("title=%C3%BC", "title=%C3%BC"),
    ],
)
def test_an_address_is_signed_as_it_will_be_sent(asked: str, sent: str) -> None:
    """What browsers encode is encoded before it is signed, and no escape twice."""
    assert checked_address(f"{PICTURE}.png?{asked}")[0] == f"{PICTURE}.png?{sent}"
