"""What stores find jobs by: values that they keep beside a record, all of them made of it."""

import base64
import binascii
import re
from typing import Final

import msgspec

from plotkiln.documents import ID_PATTERN
from plotkiln.errors import RuleError
from plotkiln.jobs.job import ENDED, Job, JobState, attention_at

__all__ = ["EVER", "Marks", "attention_place", "marks_of", "read_cursor", "write_cursor"]

#: A moment that does not come; JSON, Lua and SQL hold it exactly.
EVER: Final = 2.0**53

#: Microseconds since 1970 and an id.
_POSITION = re.compile(rf"[0-9]{{16}}\.{ID_PATTERN}")


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """How one job is found."""

    #: Orders jobs by age, as text; no two have the same.
    position: str
    state: JobState
    #: Whether it waits or runs.
    active: bool
    #: Until when an equal submission of its owner joins it.
    joinable: float
    #: Until when no other job of its digest may begin to run.
    busy: float
    #: When the sweep must look at it.
    attention: float


def marks_of(job: Job) -> Marks:
    """Return how a job is found."""
    return Marks(
        position=f"{round(job.created * 1e6):016d}.{job.id}",
        state=job.state,
        active=job.state not in ENDED,
        joinable=_joinable_until(job),
        busy=(job.lease or 0.0) if job.state == "running" else 0.0,
        attention=attention_at(job),
    )


def attention_place(job: Job | None) -> tuple[float, str]:
    """Return where a job stands among those that need attention; None stands before all."""
    return (-1.0, "") if job is None else (attention_at(job), job.id)


def write_cursor(job: Job) -> str:
    """Return what asks for the jobs before this one; it tells its reader nothing."""
    return base64.urlsafe_b64encode(marks_of(job).position.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> str:
    """Return the position that a cursor stands for; raises `RuleError` for any other text."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        position = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        position = ""
    if _POSITION.fullmatch(position) is None:
        raise RuleError("No page gave this cursor: pass `before` as an answer had it, or leave it.")
    return position


def _joinable_until(job: Job) -> float:
    """Return until when a job is worth joining.

    One that runs is, however long it takes. One that waits, or whose result is kept, is until it
    expires, whether or not the sweep has seen that.
    """
    if job.state == "running":
        return EVER
    return job.expires if job.state in {"queued", "succeeded"} else 0.0
