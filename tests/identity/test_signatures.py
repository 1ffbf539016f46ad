"""A signed address is good for that address, until its time, by a key that is on the ring."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counters import Clock
from plotkiln.errors import CredentialError, NotOffered, SettingsError
from plotkiln.identity import Scope
from plotkiln.identity.signatures import Signatures, read_ring

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
UNTIL = 1_800_000_100
PLAIN = "/charts/ld7ytlcdjr4trfz3soa2g2aati.png"
ADDRESSES = (
    PLAIN,
    f"{PLAIN}?style=report@7",
    "/artifacts/hits.png",
    "/plot/eJyrVqpUslKI.svg?x=%2F",
)


def ring(**keys: bytes) -> Signatures:
    """Return signatures by these keys, under a clock that stands still."""
    return Signatures(keys, now=Clock())


SIGNED = ring(new=NEW, old=OLD)


def refused(address: str, signatures: Signatures = SIGNED, *, is_safe: bool = True) -> None:
    """Require that an address is no good."""
    with pytest.raises(CredentialError) as found:
        signatures.principal(address, is_safe=is_safe)
    assert found.value.reason == "signed address"


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_was_signed_is_good(address: str) -> None:
    """Who has a signed address may look, at that address, until its time."""
    found = SIGNED.principal(SIGNED.sign(address, UNTIL), is_safe=True)
    assert found is not None
    assert found.name == "signed:new"
    assert found.scopes == {Scope.RENDER}
    assert found.is_signed
    assert found.expires == UNTIL


@pytest.mark.parametrize("address", [*ADDRESSES, "/", "/styles?signatures=1", ""])
def test_what_is_not_signed_is_nobodys(address: str) -> None:
    """An address without a signature says nothing of who asks."""
    assert SIGNED.principal(address, is_safe=True) is None


def test_every_byte_counts() -> None:
    """No character of a signed address can be another one, nor be left out, nor be doubled."""
    good = SIGNED.sign(ADDRESSES[1], UNTIL)
    for place, letter in enumerate(good):
        for other in (chr(ord(letter) ^ 1), "", letter * 2):
            changed = good[:place] + other + good[place + 1 :]
            _never_good(changed)


def _never_good(address: str) -> None:
    try:
        found = SIGNED.principal(address, is_safe=True)
    except CredentialError:
        return
    assert found is None, address


@pytest.mark.parametrize(
    "added", ["&style=dark", "&signature=A", "#", "&expires=9999999999", "%20"]
)
def test_nothing_follows_the_signature(added: str) -> None:
    """What somebody adds at the end was not signed."""
    refused(SIGNED.sign(PLAIN, UNTIL) + added)


@pytest.mark.parametrize("doubled", ["expires=1", "key=old", "signature=x"])
def test_nothing_is_said_twice(doubled: str) -> None:
    """A parameter of the signature that was there before is refused, though it was signed, too."""
    refused(SIGNED.sign(f"{PLAIN}?{doubled}", UNTIL))


def test_the_order_is_fixed() -> None:
    """The same parameters in another order are another address."""
    path, _, query = SIGNED.sign(PLAIN, UNTIL).partition("?")
    expires, key, signature = query.split("&")
    refused(f"{path}?{key}&{expires}&{signature}")
    refused(f"{path}?{signature}&{expires}&{key}")


def test_it_is_over_at_its_time() -> None:
    """From the second that it names on it is no good."""
    clock = Clock(UNTIL - 1)
    signatures = Signatures({"new": NEW}, now=clock)
    address = signatures.sign(PLAIN, UNTIL)
    assert signatures.principal(address, is_safe=True)
    clock.now += 1
    refused(address, signatures)


def test_keys_rotate() -> None:
    """What an older key signed is good while the key is on the ring."""
    by_old = ring(old=OLD).sign(PLAIN, UNTIL)
    assert SIGNED.principal(by_old, is_safe=True)
    refused(by_old, ring(new=NEW))
    refused(by_old, ring(old=NEW))
    refused(by_old.replace("key=old", "key=new"))
    refused(by_old, ring())


def test_it_is_for_looking_alone() -> None:
    """A signed address writes nothing."""
    refused(SIGNED.sign(PLAIN, UNTIL), is_safe=False)


@pytest.mark.parametrize("path", ["/styles", "/charts", "/jobs/a", "/live", "/artifactsx/a.png"])
def test_it_is_for_pictures_alone(path: str) -> None:
    """Other addresses need more than a signature, whoever has signed them."""
    refused(SIGNED.sign(path, UNTIL))


def test_without_keys_nothing_is_signed() -> None:
    """A server without keys says which setting is missing."""
    assert SIGNED.can_sign
    assert not ring().can_sign
    with pytest.raises(NotOffered, match="PLOTKILN_SIGNING_KEYS"):
        ring().sign(PLAIN, UNTIL)


@given(st.text())
def test_whatever_is_asked_for_is_answered(text: str) -> None:
    """No address breaks the reader, and none is good by chance."""
    _never_good(f"/charts/{text}")
    _never_good(f"/charts/a.png?{text}&signature={text}")


def test_a_ring_is_read() -> None:
    """Keys come by commas or lines, in either alphabet of base64, padded or not."""
    plain = base64.b64encode(OLD).decode()
    url = base64.urlsafe_b64encode(b"\xfb\xff" * 16).decode().rstrip("=")
    read = read_ring(f" new:{plain},\n\nold-1:{url}\n")
    assert list(read.items()) == [("new", OLD), ("old-1", b"\xfb\xff" * 16)]
    assert read_ring("") == {}


@pytest.mark.parametrize(
    "text", ["new", "new:", "new:c2hvcnQ=", "a b:AAAA", f"new:{'!' * 44}", ":x", f"new:{'ä' * 44}"]
)
def test_a_ring_that_is_none_is_refused(text: str) -> None:
    """What is missing is told, and how such a key is made; never the key."""
    with pytest.raises(SettingsError, match="openssl rand") as found:
        read_ring(text)
    secret = text.partition(":")[2]
    assert not secret or secret not in str(found.value)


def test_an_id_is_one_keys() -> None:
    """Two keys of one id are a mistake."""
    key = base64.b64encode(OLD).decode()
    with pytest.raises(SettingsError, match=re.escape("the id of each key is its own")):
        read_ring(f"a:{key},a:{key}")
