"""Probes of jobs: whether they are kept, accepted, and looked after."""

import time
from collections.abc import Callable

from plotkiln.jobs import JobStore, attention_at
from plotkiln.service.doctor import Finding

__all__ = ["find_jobs"]

#: Seconds after which a job that is due shows that no sweep comes.
_LATE = 300.0

#: Jobs that are due and are counted; there may be more.
_COUNTED = 100


async def find_jobs(
    store: JobStore, *, broker: bool, clock: Callable[[], float] = time.time
) -> Finding:
    """Count the jobs under way, and those that nobody looks after.

    Without a `broker` none is accepted. Raises `StoreUnavailable`.
    """
    counts = await store.counts()
    detail = f"{counts['queued']} wait, {counts['running']} run"
    late = await store.attention(clock() - _LATE, limit=_COUNTED)
    if late:
        minutes = (clock() - attention_at(late[0])) / 60
        many = f"{len(late)}{' or more' if len(late) == _COUNTED else ''}"
        swept = f"{detail}; {many} should have been swept, the first {minutes:.0f} minutes ago"
        mend = "Run a server, or `plotkiln sweep` every few minutes (a CronJob)."
        return Finding(swept, "warning", mend)
    if not broker:
        mend = "Set K_SINK to a Broker: in a cluster, by a SinkBinding."
        return Finding(f"{detail}; none is accepted, since there is no broker", "warning", mend)
    return Finding(detail)
