"""The sweep: what is too old or too much goes."""

import logging
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


class SweepService:
    """Keeps the stores of renderings and charts, and the history of styles, within their bounds."""

    def __init__(
        self,
        renderings: Renderings,
        charts: Charts,
        history: StyleHistory,
        *,
        max_age: timedelta,
        max_size: int,
    ) -> None:
        self._renderings = renderings
        self._charts = charts
        self._history = history
        self._max_age = max_age
        #: Bytes of all renderings together.
        self._max_size = max_size

    async def sweep(self) -> Swept:
        """Remove expired charts, aged renderings, and what is beyond size and retention.

        A store that fails is left for the next sweep.
        """
        try:
            charts = await self._charts.sweep()
            renderings = await self._renderings.sweep(
                max_age=self._max_age, max_size=self._max_size
            )
        except StoreUnavailable as error:
            log.warning("the sweep was cut short: %s", error)
            return Swept()
        return Swept(renderings=renderings, charts=charts, history=await self._prune())

    async def _prune(self) -> int:
        try:
            return await self._history.prune()
        except AccessDenied:  # a token that only reads leaves the history to others
            return 0
        except StoreUnavailable as error:
            log.warning("the history of styles was not swept: %s", error)
            return 0
