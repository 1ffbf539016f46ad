"""Whether this process lives and takes work, and what an operator wants to know of it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import msgspec

from plotkiln.service.doctor import Check, Probe, State, check_all, masked, worst
from plotkiln.service.flights import Flights
from plotkiln.workers import Pool

__all__ = ["Health", "HealthService", "StyleHealth", "VerboseHealth"]


class StyleHealth(Protocol):
    """What is known of the style store."""

    @property
    def reachable(self) -> bool:
        """Whether the store answers."""

    @property
    def age(self) -> float:
        """Seconds since it last did."""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one process."""

    #: Renders that run or wait.
    renders: int
    #: Living render processes, the zygote included.
    processes: int
    styles_reachable: bool
    #: Seconds since the style store last answered.
    styles_age: float


class VerboseHealth(Health, frozen=True, kw_only=True):
    """The state of one process, and of everything that it needs."""

    #: The gravest state of all checks.
    state: State
    checks: Sequence[Check]


class HealthService:
    """Probes of this process."""

    def __init__(
        self,
        pool: Pool,
        styles: StyleHealth,
        probes: Callable[[], Iterable[Probe]] = tuple,
        hide: Callable[[str], str] = str,
    ) -> None:
        """Prepare; `probes` returns what an operator may ask for, `hide` takes out secrets."""
        self._pool = pool
        self._styles = styles
        self._probes = probes
        self._hide = hide
        self._flights: Flights[Sequence[Check]] = Flights()

    @property
    def serving(self) -> bool:
        """Whether this process takes work; one that drains does not."""
        return not self._pool.admission.closed

    def now(self) -> Health:
        """Describe this process; waits for neither a store nor a render."""
        return Health(**self._described())

    async def examined(self) -> VerboseHealth:
        """Look at everything within the probes' limits; who asks meanwhile gets the same answer."""
        checks, _ = await self._flights.join("", lambda: check_all(self._probes()))
        shown = [masked(one, self._hide) for one in checks]
        return VerboseHealth(**self._described(), state=worst(checks), checks=shown)

    def _described(self) -> dict[str, Any]:
        return {
            "renders": self._pool.admission.taken,
            "processes": sum(map(len, self._pool.pids.values())),
            "styles_reachable": self._styles.reachable,
            "styles_age": self._styles.age,
        }
