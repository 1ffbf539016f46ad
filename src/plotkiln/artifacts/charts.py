"""Stored charts: specs under a short id."""

import math
from typing import Protocol

import msgspec

from plotkiln.errors import LimitReached

__all__ = ["LATEST", "Chart", "Charts", "quota_reached"]

#: Seconds after which another try is told at the latest.
LATEST = 86_400.0


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

    async def put(self, chart: Chart, *, keep: float | None, quota: int = 0) -> None:
        """Store a chart for `keep` seconds from now, for ever if None; never shorten its time.

        Raises `LimitReached` where all charts of its owner would be more than `quota` bytes (0: no
        bound), told and stored in one step. A chart that is there already takes no more.
        """

    async def usage(self, owner: str) -> int:
        """Return the bytes of an owner's charts, as the quota counts them."""

    async def sweep(self) -> int:
        """Delete charts whose time is over, where the store does not by itself; return how many."""


def quota_reached(quota: int, wait: float | None) -> LimitReached:
    """Return the refusal of one chart too many; `wait`: seconds until there is room, None: never.

    Nobody is told to wait for more than a day.
    """
    told = f"Your charts take the {quota / 1048576:g} MiB that one principal may store. "
    told += _NEVER if wait is None else _LATER
    later = max(1, math.ceil(min(LATEST, LATEST if wait is None else wait)))
    return LimitReached(told, reason="quota", retry_after=later)


_LATER = "There is room again when posted ones among them expire."
_NEVER = "All of them are kept for good: whoever runs this server may raise PLOTKILN_CHART_QUOTA."
