"""What a process is like now, for whoever scrapes it; nothing of this is kept."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Protocol

from plotkiln.artifacts import RecentRenderings
from plotkiln.errors import PlotkilnError
from plotkiln.jobs import JobStore
from plotkiln.service.health import StyleHealth
from plotkiln.style.looks import KnownStyle
from plotkiln.workers import Pool
from plotkiln.workers.memory import memory_limit, shared_memory

__all__ = [
    "Reading",
    "Styles",
    "Vitals",
    "job_readings",
    "memory_readings",
    "pool_readings",
    "recent_readings",
    "style_readings",
]

log = logging.getLogger("plotkiln.metrics")

#: The name of a metric, its label values, and its value.
Reading = tuple[str, tuple[str, ...], float]

#: Seconds that a scrape waits for a store.
_PATIENCE = 1.0


class Styles(StyleHealth, Protocol):
    """What is known of the styles."""

    def known(self) -> Mapping[str, KnownStyle]:
        """Return the last good document of every style."""


class Vitals:
    """Readings of this process: what it knows itself, and what it must ask stores for."""

    def __init__(
        self,
        known: Sequence[Callable[[], Iterable[Reading]]] = (),
        asked: Sequence[Callable[[], Awaitable[Iterable[Reading]]]] = (),
    ) -> None:
        self._known = known
        self._asked = asked

    async def now(self) -> list[Reading]:
        """Read everything; what a store does not tell within a second is left out."""
        answers = await asyncio.gather(*map(_told, self._asked))
        own = [reading for read in self._known for reading in read()]
        return [*own, *(reading for answer in answers for reading in answer)]


async def _told(ask: Callable[[], Awaitable[Iterable[Reading]]]) -> Iterable[Reading]:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await ask()
    except (PlotkilnError, TimeoutError) as error:
        log.info("a metric is left out: %s", error or "its store takes too long")
        return ()


def pool_readings(pool: Pool) -> Iterable[Reading]:
    """Read the render processes and the queue before them."""
    pids, admission = pool.pids, pool.admission
    busy = pool.busy.seconds
    return (
        ("renders_in_flight", (), admission.taken),
        ("render_places", (), admission.places),
        ("processes", (), sum(map(len, pids.values()))),
        ("workers", ("busy",), len(pids["busy"])),
        ("workers", ("idle",), len(pids["idle"])),
        ("worker_seconds", ("busy",), busy),
        ("worker_seconds", ("idle",), max(0.0, pool.alive.seconds - busy)),
    )


def style_readings(styles: Styles) -> Iterable[Reading]:
    """Read what is known of the styles."""
    return (
        ("styles_reachable", (), styles.reachable),
        ("styles_age_seconds", (), styles.age),
        *(("style_faults", (name,), 1) for name, style in styles.known().items() if style.fault),
    )


def recent_readings(recent: RecentRenderings) -> Iterable[Reading]:
    """Read the pictures that are kept in memory."""
    return ("recent_bytes", (), recent.size), ("recent_pictures", (), len(recent))


async def memory_readings(pool: Pool) -> Iterable[Reading]:
    """Read the memory of all processes, and its bound.

    The kernel walks their pages for it, in a thread here.
    """
    pids = pool.pids
    roles: dict[str, list[int | str]] = {
        "web": ["self"],
        "zygote": [*pids["zygote"], *pids["branch"]],
        "worker": [*pids["idle"], *pids["busy"]],
    }
    limit = memory_limit()
    return [
        *(() if limit is None else [("memory_limit_bytes", (), limit)]),
        *[
            ("memory_bytes", (role,), await asyncio.to_thread(shared_memory, members))
            for role, members in roles.items()
        ],
    ]


async def job_readings(store: JobStore) -> Iterable[Reading]:
    """Read how many jobs wait or run, and for how long the first has waited."""
    counts, oldest = await store.counts(), await store.oldest()
    waited = 0.0 if oldest is None else max(0.0, time.time() - oldest)
    states = [("jobs", (state,), float(number)) for state, number in counts.items()]
    return (*states, ("job_oldest_queued_seconds", (), waited))
