"""Signed addresses: who has one sees that picture, until a time, and needs no token."""

import base64
import binascii
import hmac
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping

from plotkiln.errors import NotOffered, SettingsError
from plotkiln.identity.principals import Principal
from plotkiln.identity.refusals import refusal
from plotkiln.identity.scopes import Scope

__all__ = ["Signatures", "read_ring"]

#: Stands before what is signed: whatever else these keys may ever sign is no address.
_CONTEXT = b"plotkiln signed address 1\n"

_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")

#: Bytes of a key; HMAC-SHA256 is as strong as 32 of them.
_LEAST_KEY = 32

_SIGNED = re.compile(
    r"(?P<told>/(?:plot|charts|artifacts)/[^?]*\?(?P<own>.*&)?expires=(?P<expires>[0-9]{1,12})"
    r"&key=(?P<key>[A-Za-z0-9_-]{1,32}))&signature=(?P<signature>[A-Za-z0-9_-]{43})"
)

#: What a signature adds; once each, in this order, at the end.
_ADDED = ("expires", "key", "signature")


class Signatures:
    """The keys of signed addresses, by id; the first one signs, all are good."""

    def __init__(self, ring: Mapping[str, bytes], *, now: Callable[[], float] = time.time) -> None:
        self._ring = ring
        self._now = now

    @property
    def can_sign(self) -> bool:
        """Whether there is a key."""
        return bool(self._ring)

    def sign(self, address: str, expires: int) -> str:
        """Return path and query with a signature that is good until `expires`, in epoch seconds.

        Raises `NotOffered` where there are no keys.
        """
        if not self._ring:
            raise NotOffered("Addresses cannot be signed here: PLOTKILN_SIGNING_KEYS is not set.")
        key = next(iter(self._ring))
        told = f"{address}{'&' if '?' in address else '?'}expires={expires}&key={key}"
        return f"{told}&signature={_signature(self._ring[key], told)}"

    def principal(self, address: str, *, is_safe: bool) -> Principal | None:
        """Return on whose behalf a signed address is answered; None for one that is not signed.

        Raises `CredentialError` where its signature is no good here: for another address, by a key
        that is gone, of a time that is over, or for a request that is to change something.
        """
        if not _claims_to_be_signed(address):
            return None
        found = _SIGNED.fullmatch(address)
        if found is None or not is_safe or _names(found["own"] or "").intersection(_ADDED):
            raise refusal("signed address")
        # an unknown key costs as much time as a known one
        key = self._ring.get(found["key"], bytes(_LEAST_KEY))
        is_ours = hmac.compare_digest(_signature(key, found["told"]), found["signature"])
        expires = int(found["expires"])
        if not is_ours or found["key"] not in self._ring or expires <= self._now():
            raise refusal("signed address")
        return Principal(
            f"signed:{found['key']}", frozenset({Scope.RENDER}), is_signed=True, expires=expires
        )


def read_ring(text: str) -> dict[str, bytes]:
    """Read `id:base64` pairs, separated by commas or line ends; raises `SettingsError`."""
    ring: dict[str, bytes] = {}
    for pair in filter(None, (part.strip() for part in re.split(r"[,\n]", text))):
        name, _, encoded = pair.partition(":")
        if not _KEY_ID.fullmatch(name) or name in ring:
            raise _fault("the id of each key is its own, of up to 32 letters, digits, - and _")
        ring[name] = _key(encoded.strip())
    return ring


def _key(encoded: str) -> bytes:
    try:
        key = base64.b64decode(
            encoded.translate(_STANDARD) + "=" * (-len(encoded) % 4), validate=True
        )
    except (binascii.Error, ValueError):
        key = b""
    if len(key) < _LEAST_KEY:
        raise _fault(f"each key is base64 of {_LEAST_KEY} random bytes or more")
    return key


#: base64url is understood, too.
_STANDARD = str.maketrans("-_", "+/")


def _fault(what: str) -> SettingsError:
    return SettingsError(
        f"PLOTKILN_SIGNING_KEYS: {what}. Such a key: id:$(openssl rand -base64 {_LEAST_KEY})"
    )


def _signature(key: bytes, told: str) -> str:
    # surrogateescape: an address may hold bytes that are no text; whatever they are, they count
    data = _CONTEXT + told.encode("utf-8", "surrogateescape")
    return urlsafe_b64encode(hmac.digest(key, data, "sha256")).rstrip(b"=").decode()


def _claims_to_be_signed(address: str) -> bool:
    return "signature" in _names(address.partition("?")[2])


def _names(query: str) -> set[str]:
    return {part.partition("=")[0] for part in query.split("&")}
