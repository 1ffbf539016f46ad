"""Store a spec once, show it under a short address in today's style."""

import asyncio
import logging

from plotkiln.artifacts import Chart, Charts
from plotkiln.errors import LimitReached, NotFoundError, StoreUnavailable
from plotkiln.identity import Principal
from plotkiln.service.renders import Plan, RenderService
from plotkiln.spec import ParsedSpec, chart_id
from plotkiln.spec.models import Format

__all__ = ["ChartService"]

log = logging.getLogger("plotkiln.charts")

#: Seconds that the address of a posted picture may take, whose bytes are there already.
_BESIDE = 1.0


class ChartService:
    """Charts: stored specs with short ids."""

    def __init__(
        self, charts: Charts, renders: RenderService, *, keep_posted: float, quota: int = 0
    ) -> None:
        self._charts = charts
        self._renders = renders
        #: Bytes of specs that one principal may keep at a time; 0: no bound.
        self._quota = quota
        #: Seconds for which a spec that was only posted for its picture is kept.
        self._keep_posted = keep_posted

    async def store(self, principal: Principal, data: bytes) -> Chart:
        """Keep a spec for good; the same spec of the same principal is the same chart.

        Raises `InputError` with every fault, `RuleError` for a style nobody knows, `LimitReached`
        where the principal keeps as much as it may.
        """
        parsed = await self._renders.read(data)
        await self._renders.look(parsed.spec.style)
        chart = _chart(principal, data, parsed)
        await self._charts.put(chart, keep=None, quota=self._quota)
        return chart

    async def keep_beside(
        self, principal: Principal, data: bytes, parsed: ParsedSpec
    ) -> Chart | None:
        """Keep the spec of a posted picture for a time, so that the picture has an address.

        None where the store fails, or hangs, or has no room for more of this principal: the picture
        is what was asked for.
        """
        chart = _chart(principal, data, parsed)
        try:
            async with asyncio.timeout(_BESIDE):
                await self._charts.put(chart, keep=self._keep_posted, quota=self._quota)
        except (TimeoutError, LimitReached, StoreUnavailable) as error:
            log.warning("a posted spec is not kept: %s", error or "its store does not answer")
            return None
        return chart

    async def get(self, principal: Principal, id: str) -> Chart:  # noqa: A002
        """Return a stored chart; raises `NotFoundError` where the principal sees none."""
        chart = await self._charts.get(id)
        if chart is None or not principal.sees(chart.owner):
            raise NotFoundError(f"There is no chart {id}.")
        return chart

    async def plan(
        self,
        principal: Principal,
        id: str,  # noqa: A002 -- the field's word
        *,
        format: Format,  # noqa: A002 -- the field's word
        style: str | None = None,
    ) -> Plan:
        """Plan the picture of a stored chart in `style`, else in its own, as it is now.

        Raises `NotFoundError` for an unknown chart and for an unknown `style`; `RuleError` when the
        style or the template that the chart itself names is gone.
        """
        chart = await self.get(principal, id)
        look = await self._renders.look(chart.style, override=style)
        return self._renders.plan_known(
            principal,
            chart.spec,
            spec_digest=chart.spec_digest,
            format=format,
            look=look,
            template=await self._renders.template(chart.template),
            style=style or chart.style,
        )


def _chart(principal: Principal, data: bytes, parsed: ParsedSpec) -> Chart:
    return Chart(
        id=chart_id(principal.name, parsed.digest),
        owner=principal.name,
        spec=data,
        spec_digest=parsed.digest,
        style=parsed.spec.style,
        format=parsed.spec.format,
        template=parsed.spec.template,
    )
