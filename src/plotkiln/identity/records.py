"""What is kept of secrets: a record for each, under a digest of the secret."""

import logging
from hashlib import sha256
from typing import Any, Literal, Protocol, TypeVar

import msgspec

from plotkiln.identity.scopes import Scope
from plotkiln.identity.unreadable import UNREADABLE

__all__ = ["Kind", "Records", "read_record", "record_name"]

log = logging.getLogger("plotkiln.identity")

T = TypeVar("T")

#: What a record is of; the kinds share one store, never their names.
Kind = Literal["key", "key-name", "key-use", "session", "ticket", "sign-in", "key-set"]


class Records(Protocol):
    """Records by kind and name, each kept for good or until a time.

    A name is `record_name` of something, and no record holds a secret that lets anybody in: whoever
    reads the store cannot sign in by what is there.
    Every method raises `StoreUnavailable` when the store fails.
    """

    async def get(self, kind: Kind, name: str) -> bytes | None:
        """Return one record, None where there is none or its time is over."""

    async def put(self, kind: Kind, name: str, value: bytes, *, expires: float | None) -> None:
        """Keep a record until `expires`, in epoch seconds, for good if None; replace an older."""

    async def add(self, kind: Kind, name: str, value: bytes, *, expires: float | None) -> bool:
        """Keep a record where there is none, in one step; say whether there was none."""

    async def change(self, kind: Kind, name: str, value: bytes, *, expires: float | None) -> bool:
        """Replace a record where there is one, in one step; say whether there was one."""

    async def take(self, kind: Kind, name: str) -> bytes | None:
        """Read and remove one record in one step: of several takers one gets it, the rest None."""

    async def remove(self, kind: Kind, name: str) -> bool:
        """Remove one record; say whether it was there."""

    async def names(self, kind: Kind) -> list[str]:
        """Return the names of all records of a kind whose time is not over, sorted."""

    async def sweep(self) -> int:
        """Delete what is over, where the store does not by itself; return how many that were."""


def record_name(secret: str) -> str:
    """Return what a secret's record is found by: SHA-256, in hex.

    No salt and no work factor: secrets here are 32 random bytes, which nobody guesses.
    """
    return sha256(secret.encode()).hexdigest()


def read_record(value: bytes | None, of: type[T]) -> T | None:
    """Return what a record holds; None where there is none, or it cannot be read.

    Another release may have written it: scopes that it has beyond ours let nobody do anything here.
    """
    if value is None:
        return None
    try:
        return msgspec.json.decode(value, type=of)
    except UNREADABLE:
        pass
    try:
        return msgspec.convert(_with_our_scopes(msgspec.json.decode(value, type=dict)), of)
    except UNREADABLE as error:
        log.warning("a record of another release is passed over: %s", error)
        return None


def _with_our_scopes(members: dict[str, Any]) -> dict[str, Any]:
    told = members.get("scopes")
    if not isinstance(told, list):
        return members
    return {**members, "scopes": [scope for scope in Scope if scope in told]}
