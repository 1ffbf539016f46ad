"""Stored charts: specs under a short id."""

from typing import Protocol

import msgspec

__all__ = ["Chart", "Charts"]


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A stored spec."""

    #: First 128 bits of SHA-256 of owner and spec digest, in base32.
    id: str
    #: Name of the principal that stored it.
    owner: str
    #: The spec as sent.
    spec: bytes
    spec_digest: str
    #: The style, the format and the template that the spec names.
    style: str | None = None
    format: str | None = None
    template: str | None = None


class Charts(Protocol):
    """Charts by id, each kept for ever or until a time.

    Every method raises `StoreUnavailable` when the store fails.
    """

    async def get(self, id: str) -> Chart | None:  # noqa: A002 -- the field's word
        """Return one chart, None where there is none or it has expired."""

    async def put(self, chart: Chart, *, keep: float | None) -> None:
        """Store a chart for `keep` seconds from now, for ever if None; never shorten its time."""

    async def sweep(self) -> int:
        """Delete charts whose time is over, where the store does not by itself; return how many."""
