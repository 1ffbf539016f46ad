"""The probes that a running server answers at once: cheap, each within a second."""

from collections.abc import Awaitable, Callable, Iterator

from plotkiln.artifacts import Renderings
from plotkiln.service.doctor import Finding, Probe
from plotkiln.service.probes import (
    find_database,
    find_folder,
    find_memory,
    find_rendering_reads,
    find_styles,
)
from plotkiln.service.render_probes import find_processes
from plotkiln.settings import Settings
from plotkiln.state import Database
from plotkiln.style.stores import StyleStore
from plotkiln.workers import Pool
from plotkiln.workers.memory import free_memory

__all__ = ["readiness_probes"]

#: Seconds that one probe may take.
_LIMIT = 1.0

#: Where the mend of a fault is told at length.
_DOCTOR = "Run `plotkiln doctor` with this process's settings."


def readiness_probes(
    settings: Settings, *, pool: Pool, database: Database, store: StyleStore, renderings: Renderings
) -> Iterator[Probe]:
    """Yield what an operator may ask a running process; none of it starts or writes much."""
    reserve, render = settings.memory_reserve << 20, settings.worker_memory << 20
    looks: dict[str, Callable[[], Awaitable[Finding]]] = {
        "data folder": lambda: find_folder(settings.data),
        "state database": lambda: find_database(database),
        "style store": lambda: find_styles(store, strict=settings.style_strict),
        "renderings": lambda: find_rendering_reads(renderings),
        "memory": lambda: find_memory(free_memory, reserve=reserve, render=render),
        "render processes": lambda: find_processes(pool),
    }
    for name, look in looks.items():
        yield Probe(name=name, look=look, mend=_DOCTOR, limit=_LIMIT)
