"""The sweep: what is too old or too much goes."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import msgspec

from plotkiln.artifacts import Charts, Renderings
from plotkiln.errors import AccessDenied, StoreUnavailable
from plotkiln.style.stores import StyleHistory

__all__ = ["SweepService", "Swept"]

log = logging.getLogger("plotkiln.sweep")


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """What one sweep removed."""

    renderings: int = 0
    charts: int = 0
    #: Entries of styles' histories.
    history: int = 0
    #: What else was removed, by what it was.
    others: Mapping[str, int] = {}


class SweepService:
    """Keeps the stores of renderings and charts, and the history of styles, within their bounds.

    And whatever else knows what of it is over.
    """

    def __init__(
        self,
        renderings: Renderings,
        charts: Charts,
        history: StyleHistory,
        *,
        max_age: timedelta,
        max_size: int,
        others: Mapping[str, Callable[[], Awaitable[int]]] | None = None,
    ) -> None:
        """Take the stores with their bounds, and further sweeps by what they remove.

        A bound of zero is none: a bucket's own rules remove what is old.
        """
        self._renderings = renderings
        self._charts = charts
        self._history = history
        self._max_age = max_age or None
        #: Bytes of all renderings together.
        self._max_size = max_size or None
        self._others = others or {}

    async def sweep(self) -> Swept:
        """Remove expired charts, aged renderings, and what is beyond size and retention.

        A store that fails is left for the next sweep.
        """
        others = {what: await self._sweep(what, act) for what, act in self._others.items()}
        try:
            charts = await self._charts.sweep()
            renderings = await self._renderings.sweep(
                max_age=self._max_age, max_size=self._max_size
            )
        except StoreUnavailable as error:
            log.warning("the sweep was cut short: %s", error)
            return Swept(others=others)
        history = await self._prune()
        return Swept(renderings=renderings, charts=charts, history=history, others=others)

    async def _sweep(self, what: str, act: Callable[[], Awaitable[int]]) -> int:
        try:
            return await act()
        except StoreUnavailable as error:
            log.warning("%s were not swept: %s", what, error)
            return 0

    async def _prune(self) -> int:
        try:
            return await self._history.prune()
        except AccessDenied:  # a token that only reads leaves the history to others
            return 0
        except StoreUnavailable as error:
            log.warning("the history of styles was not swept: %s", error)
            return 0
