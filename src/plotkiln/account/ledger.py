"""The ledger: amounts by day, which outlive the processes that add them."""

import time
from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import msgspec

__all__ = ["KEPT_DAYS", "Entry", "Kind", "Ledger", "day_of"]

#: Days after which an amount is forgotten.
KEPT_DAYS = 400

#: busy: seconds of render workers at work, for a principal. idle: seconds of workers that waited,
#: in a service. pod: seconds of pods, of a service. pictures: pictures that a principal was given.
#: drawn: those among them that had to be drawn.
Kind = Literal["busy", "idle", "pod", "pictures", "drawn"]


class Entry(msgspec.Struct, frozen=True):
    """An amount of one day."""

    #: In UTC, `2026-03-01`.
    day: str
    kind: Kind
    #: A principal's name, or a service's.
    who: str
    amount: float


class Ledger(Protocol):
    """Amounts that add up, whoever adds them; every method raises `StoreUnavailable`."""

    async def add(self, batch: str, entries: Sequence[Entry]) -> None:
        """Add all of these amounts, or none; a batch that was added before, by its id, is not.

        The id is remembered for an hour: a batch whose answer was lost can be sent again.
        """

    async def read(self, since: str) -> Sequence[Entry]:
        """Return the amounts of every day from `since` on, each sum once, in no order."""

    async def started(self, service: str, at: float) -> None:
        """Note that a service ran at a time, in seconds since 1970; the first one is kept."""

    async def starts(self) -> Mapping[str, float]:
        """Return when each service was first known to run."""


def day_of(seconds: float) -> str:
    """Return the day of a time in seconds since 1970, in UTC."""
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))
