"""Signed addresses: one picture, for whoever has its address, until a time."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from plotkiln.artifacts.names import NAME_PATTERN
from plotkiln.documents import ID_PATTERN
from plotkiln.errors import Fault, RuleError
from plotkiln.identity import Principal
from plotkiln.identity.signatures import Signatures
from plotkiln.service.artifacts import ArtifactService
from plotkiln.service.charts import ChartService

__all__ = ["LONGEST", "USUAL", "AddressService", "SignedAddress", "checked_address", "signed"]

#: Hours for which a signed address is good where nothing is said, and at most.
USUAL, LONGEST = 24 * 7, 24 * 366

#: Characters of an address; browsers, and what lies between, take no longer ones for sure.
_LONGEST_ADDRESS = 8000

_FORMAT = "(?:png|svg|pdf|webp|jpe?g)"

_SIGNED = re.compile(
    rf"/(?:plot/[A-Za-z0-9_-]+\.{_FORMAT}|charts/(?P<chart>{ID_PATTERN})\.{_FORMAT}"
    rf"|artifacts/(?P<artifact>{NAME_PATTERN.strip('^$')}))"
    r"(?:\?(?P<query>[!-\"$-~]*))?",
)

#: What not every client sends as it stands: browsers and libraries encode some of it, each other
#: characters, or what is no escape.
_UNSURE = re.compile(r"[\"'<>\[\\\]^`{|}]|%(?![0-9A-Fa-f]{2})")

#: What a signature adds to a query.
_RESERVED = frozenset({"expires", "key", "signature"})


class SignedAddress(msgspec.Struct, frozen=True):
    """A picture's address, and until when it is good."""

    address: str
    expires: datetime


class AddressService:
    """Signs addresses of pictures that the one who asks sees."""

    def __init__(
        self,
        signatures: Signatures,
        charts: ChartService,
        artifacts: ArtifactService,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._signatures = signatures
        self._charts = charts
        self._artifacts = artifacts
        self._now = now

    async def sign(self, principal: Principal, address: str, *, hours: float) -> SignedAddress:
        """Return an address that needs no token for some hours; path and query, to be asked as is.

        Raises `RuleError` for what is no picture's address, `NotFoundError` for a picture that they
        do not see, `NotOffered` where there are no keys to sign with.
        """
        found = checked_address(address)
        if chart := found["chart"]:
            await self._charts.get(principal, chart)
        if name := found["artifact"]:
            await self._artifacts.get(principal, name)
        return signed(self._signatures, found[0], expires=self._now() + hours * 3600)


def signed(signatures: Signatures, address: str, *, expires: float) -> SignedAddress:
    """Sign a checked address; raises `NotOffered` where there are no keys to sign with."""
    until = int(expires)
    return SignedAddress(signatures.sign(address, until), datetime.fromtimestamp(until, UTC))


def checked_address(address: str) -> re.Match[str]:
    """Return the parts of a picture's address, and as a whole (0) what every client sends for it.

    Raises `RuleError` where it is none.
    """
    encoded = _UNSURE.sub(lambda found: f"%{ord(found[0]):02X}", address)
    found = _SIGNED.fullmatch(encoded) if len(encoded) <= _LONGEST_ADDRESS else None
    if found is None:
        what = "is no address of a picture here, such as /charts/….png?style=report"
        raise RuleError(faults=[Fault("address", what)])
    named = {part.partition("=")[0] for part in (found["query"] or "").split("&")}
    if named & _RESERVED:
        raise RuleError(faults=[Fault("address", "is signed already: leave its signature out")])
    return found
