"""The dedupe window: for how long a hit is remembered, so that it counts once."""

import hashlib
import math
from datetime import UTC, datetime

import msgspec

from plotkiln.errors import Fault, RuleError

__all__ = ["SLACK", "SLICE", "Window", "fingerprint"]

#: Seconds by which the clocks of those who say hits and those who count them may differ.
SLACK = 3600.0

#: Seconds of one slice, which is forgotten as a whole: long, since each hit is looked up in all of
#: a window; short, since what is remembered outlives the window by one. It is the same for every
#: window: whoever changes the window finds what was remembered under the other.
SLICE = 86400.0

#: 112 bits: among 10¹² hits of a window no two are alike, but for a chance of 10⁻¹⁰.
_FINGERPRINT = 14


class Window(msgspec.Struct, frozen=True):
    """How old a hit may be, and which slices of time may remember it.

    A hit is remembered in the slice in which it was counted. Whatever its age, until it is too old
    to be counted it is found again in one of `slices`.
    """

    hours: float = 24.0 * 7

    @property
    def seconds(self) -> float:
        """The age from which on a hit is refused."""
        return self.hours * 3600

    @property
    def needed(self) -> int:
        """Seconds for which a slice must be kept once its last hit was counted."""
        return math.ceil(self.seconds + 2 * SLACK)

    @property
    def kept(self) -> int:
        """Seconds for which a slice is kept once its first hit was counted."""
        return math.ceil(SLICE) + self.needed

    def slice_at(self, now: float) -> int:
        """Return the slice in which a hit is remembered that is counted now."""
        return math.floor(now / SLICE)

    def slices(self, now: float) -> list[int]:
        """Return every slice that may remember a hit which is young enough now, newest first."""
        oldest = self.slice_at(now - self.seconds - SLACK)
        return list(range(self.slice_at(now + SLACK), oldest - 1, -1))

    def check(self, time: datetime | None, now: float) -> None:
        """Raise `RuleError` for a hit of this time which may have been counted and forgotten.

        One from the future would be forgotten too early: it is refused, too. Without a time a hit
        counts as one of now.
        """
        if time is None:
            return
        age = now - time.timestamp()
        if age > self.seconds:
            raise _refusal(time, f"is older than {self.hours:g} hours: it may have been counted")
        if age < -SLACK:
            raise _refusal(time, "lies in the future: set the sender's clock right")


def fingerprint(subject: str, source: str, id: str) -> bytes:  # noqa: A002 -- CloudEvents' name
    """Return what a hit is remembered by."""
    told = msgspec.json.encode((subject, source, id))
    return hashlib.sha256(told).digest()[:_FINGERPRINT]


def _refusal(time: datetime, why: str) -> RuleError:
    shown = time.astimezone(UTC).isoformat(timespec="seconds")
    return RuleError(faults=[Fault("time", f"{shown} {why}")])
