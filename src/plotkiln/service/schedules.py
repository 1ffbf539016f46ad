"""What happens when a schedule is due: a picture under its name, and one more that stays."""

import logging
from datetime import datetime
from typing import Literal

import msgspec

from plotkiln.artifacts import Artifact, ArtifactOrder, Cause, Drawing
from plotkiln.errors import Fault, NotFoundError, RuleError
from plotkiln.identity import Principal
from plotkiln.service.artifacts import ArtifactService
from plotkiln.service.charts import ChartService
from plotkiln.service.metrics import Metrics
from plotkiln.service.turns import Turns

__all__ = ["DueDrawing", "ScheduleRun", "ScheduleService"]

log = logging.getLogger("plotkiln.schedules")


class DueDrawing(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be drawn because a schedule is due."""

    #: The schedule's name.
    schedule: str
    instant: datetime
    #: The name that shows the newest.
    artifact: str
    #: The name under which this one stays; None: under none.
    archive: str | None
    #: What to draw, as JSON; None where a chart is.
    spec: bytes | None
    #: The id of a stored chart.
    chart: str | None
    #: The type of the event that says that it is due.
    event: str


class ScheduleRun(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    #: `done`, now or before; `passed` over, because a later one of the same schedule is wanted.
    outcome: Literal["done", "passed"]
    #: What the newest's name shows now.
    artifact: Artifact | None = None
    archive: Artifact | None = None


class ScheduleService:
    """Draws what is due, once for each schedule and instant, however often it is told.

    One drawing of a schedule runs at a time. Of all that become due meanwhile only the latest is
    drawn. What is drawn late never replaces what came later: instants are the order.
    """

    def __init__(
        self,
        artifacts: ArtifactService,
        charts: ChartService,
        metrics: Metrics,
    ) -> None:
        """Take what draws, and where charts are."""
        self._artifacts = artifacts
        self._charts = charts
        self._metrics = metrics
        self._turns = Turns()

    async def draw(self, principal: Principal, due: DueDrawing) -> ScheduleRun:
        """Draw and record what is due, where that is not done yet.

        Raises `InputError` and `RenderError` for what cannot be drawn, `UnavailableError` for what
        can be later. It may be called again at any time.
        """
        drawing = _drawing(due, await self._spec(principal, due))
        async with self._turns.turn(drawing) as wanted:
            if wanted.order > drawing.order:
                self._metrics.count("schedules", "passed")
                log.warning(
                    "%s of %s is passed over: a later one is due", due.instant, due.schedule
                )
                return ScheduleRun(outcome="passed")
            return await self._record(principal, due, drawing)

    async def archived(
        self, principal: Principal, prefix: str, *, until: str | None = None
    ) -> list[str]:
        """Return the names that begin so, in their order; those after `until` are not looked at."""
        found = []
        async for name in self._artifacts.names(principal, prefix):
            if until is not None and name > until:
                break
            found.append(name)
        return found

    async def remove(self, principal: Principal, name: str) -> None:
        """Forget a picture that stayed long enough."""
        await self._artifacts.remove(principal, name)

    async def _record(self, principal: Principal, due: DueDrawing, drawing: Drawing) -> ScheduleRun:
        archive = None
        if due.archive is not None:  # first: what the name shows may be a later one by now
            own = msgspec.structs.replace(drawing, name=due.archive)
            archive = await self._artifacts.archive(principal, own)
        shown = await self._artifacts.update(principal, drawing)
        self._metrics.count("schedules", "done")
        return ScheduleRun(outcome="done", artifact=shown, archive=archive)

    async def _spec(self, principal: Principal, due: DueDrawing) -> bytes:
        if due.spec is not None:
            return due.spec
        try:
            return (await self._charts.get(principal, due.chart or "")).spec
        except NotFoundError as error:  # it will not come by itself: no second attempt
            raise RuleError(faults=[Fault("chart", str(error))]) from error


def _drawing(due: DueDrawing, spec: bytes) -> Drawing:
    return Drawing(
        name=due.artifact,
        order=ArtifactOrder(number=round(due.instant.timestamp())),
        spec=spec,
        patient=True,
        cause=Cause(rule=f"schedules/{due.schedule}", type=due.event, subject=due.schedule),
    )
