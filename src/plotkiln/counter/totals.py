"""Totals: what a counter has counted, and what it remembers of each hit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

__all__ = ["Counted", "Total", "Totals"]


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """What one subject has come to in one generation."""

    subject: str
    #: 1 at first; a reset begins the next.
    generation: int = 1
    total: int = 0


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What one hit came to."""

    #: The total right after this hit, in its generation.
    total: int
    generation: int
    #: Whether it had been counted before: then nothing changed.
    duplicate: bool = False


class Totals(Protocol):
    """The totals of any number of subjects, shared by any number of processes.

    Every act is atomic. What a method has returned survives the death of the process; what the
    death of the store may take with it, each implementation says.
    """

    async def add(
        self,
        subject: str,
        source: str,
        id: str,  # noqa: A002 -- CloudEvents' name
        *,
        time: datetime | None,
    ) -> Counted:
        """Count a hit, once for each `source` and `id` within the dedupe window.

        A duplicate is answered with what was recorded with the first, also after a reset. Raises
        `RuleError` when `time` is out of the window, `StoreUnavailable` when it is not certain
        that the hit was counted: add it again.
        """

    async def read(self, subject: str) -> Total:
        """Return the total of the newest generation; 0 of the first where nothing was counted."""

    async def reset(self, subject: str) -> Total:
        """Close the generation and begin the next at 0; return the closed one."""

    async def history(self, subject: str) -> Sequence[Total]:
        """Return every generation, the newest, which is still counted, last."""

    async def subjects(self) -> Sequence[str]:
        """Return every subject that was ever counted or reset, in order."""
