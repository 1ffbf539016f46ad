"""From plans to renderings: found in memory or in the store, or drawn once for all who ask."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, TypeVar

import msgspec

from plotkiln.artifacts import RecentRenderings, Renderings, StoredRendering
from plotkiln.errors import (
    DeadlineExceeded,
    Fault,
    LimitReached,
    RuleError,
    SlowDrawing,
    StoreUnavailable,
    UnavailableError,
)
from plotkiln.service.flights import Flights
from plotkiln.service.limits import UNLIMITED, RenderTurns
from plotkiln.service.metrics import Metrics
from plotkiln.service.plans import Errand, Plan
from plotkiln.service.starts import has_reached, reach
from plotkiln.service.templates import TemplateService, TemplateUse
from plotkiln.spec import FullSpec, Limits, ParsedSpec
from plotkiln.spec.models import Format
from plotkiln.style.models import Style
from plotkiln.style.sizes import picture_size
from plotkiln.traces import span
from plotkiln.workers import Order, Pool, Progress, Rendered, TemplateOrder

__all__ = ["Drawings", "Drawn", "Expectations", "NoExpectations", "check_pixels"]

log = logging.getLogger("plotkiln.renders")

T = TypeVar("T")

#: Seconds that somebody waits at most for a store that they can do without.
_PATIENCE = 5.0


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A rendering, and how it came about."""

    rendering: StoredRendering
    #: memory, store, drawn, or joined with a render that was under way.
    source: str
    #: Milliseconds per stage.
    stages: Mapping[str, float] = {}
    #: Whether it was found in the store.
    stored: bool = False


class Expectations(Protocol):
    """What drawings are thought to take, and what they took."""

    def seconds(self, plan: Plan, full: FullSpec) -> float:
        """Return how long a drawing is thought to take; 0 where nobody can tell."""

    def took(self, plan: Plan, full: FullSpec, seconds: float) -> None:
        """Note how long one took."""

    def spent(self, plan: Plan, budget: float) -> None:
        """Note that one was ended after so many seconds."""


class NoExpectations:
    """Thinks nothing of drawings, and notes nothing."""

    def seconds(self, _plan: Plan, _full: FullSpec) -> float:
        """Return 0."""
        return 0.0

    def took(self, plan: Plan, full: FullSpec, seconds: float) -> None:
        """Note nothing."""

    def spent(self, plan: Plan, budget: float) -> None:
        """Note nothing."""


class Drawings:
    """Finds renderings, and draws those that nobody has."""

    def __init__(
        self,
        *,
        read: Callable[[bytes], Awaitable[ParsedSpec]],
        templates: TemplateService,
        pool: Pool,
        versions: dict[str, str],
        recent: RecentRenderings,
        renderings: Renderings,
        limits: Limits,
        metrics: Metrics,
        expectations: Expectations,
        turns: RenderTurns = UNLIMITED,
        served: Callable[[str], None] = lambda _source: None,
    ) -> None:
        """Take what reads specs, what draws, and where renderings are kept."""
        self._read = read
        self._templates = templates
        self._pool = pool
        #: Of the renderer, which files tell of their origin.
        self._versions = versions
        self._recent = recent
        self._renderings = renderings
        self._limits = limits
        self._metrics = metrics
        self._expectations = expectations
        self._turns = turns
        self._served = served
        self._flights: Flights[Drawn] = Flights()

    async def kept(self, digest: str, format: Format) -> StoredRendering | None:  # noqa: A002
        """Return a rendering by its digest, None where nobody keeps it: nothing is drawn."""
        return self._recent.get(digest) or await self._unless_unavailable(
            lambda: self._renderings.get(digest, format)
        )

    def check(self, plan: Plan, full: FullSpec) -> None:
        """Raise `RuleError` when the picture would be too large to be drawn."""
        check_pixels(full, plan.look.style, self._limits.pixels)

    def expected(self, plan: Plan, full: FullSpec) -> float:
        """Return how many seconds a drawing is thought to take; 0 where nobody can tell."""
        return self._expectations.seconds(plan, full)

    async def rendering(self, plan: Plan, errand: Errand) -> Drawn:
        """Return the rendering of a plan: from memory, from the store, or drawn.

        Equal plans in flight are drawn once, with the budget of who asked first. Each lane has
        flights of its own; yet a job joins a request's, and a request joins a job's for as long as
        its own budget. Either draws by itself where what it joined fails for want of room, the job
        for want of time, too.
        Raises `RuleError` when the picture would be too large, what `Pool.render` raises, and
        `StoreUnavailable` where it must be stored and cannot be. It is in memory then.
        """
        drawn = await self._found_or_drawn(plan, errand)
        if errand.must_store and not drawn.stored:
            await self._renderings.put(plan.digest, plan.format, drawn.rendering, create=True)
        self._served(drawn.source)
        self._metrics.count("pictures", drawn.source)
        self._metrics.count("styles_served", plan.look.state)
        return drawn

    async def _found_or_drawn(self, plan: Plan, errand: Errand) -> Drawn:
        found = self._remembered(plan) or await self._with_others(plan, errand)
        if found is not None:
            return found
        try:
            return await self._joined(f"{errand.lane} {plan.digest}", plan, errand)
        except SlowDrawing:
            if errand.hurried:
                raise
        return await self._joined(f"unhurried {plan.digest}", plan, errand)

    def _remembered(self, plan: Plan) -> Drawn | None:
        recent = self._recent.get(plan.digest)
        return None if recent is None else Drawn(rendering=recent, source="memory")

    async def _with_others(self, plan: Plan, errand: Errand) -> Drawn | None:
        """Return what is being drawn in the other lane; None where nothing is, or it fails."""
        request, job = f"request {plan.digest}", f"job {plan.digest}"
        try:
            if errand.lane == "job" and request in self._flights:
                return await self._joined(request, plan, errand)
            if errand.lane == "request" and request not in self._flights and job in self._flights:
                return await self._with_job(job, plan, errand)
        except UnavailableError as error:
            log.info("a %s goes on without what it had joined: %s", errand.lane, error)
        except DeadlineExceeded as error:
            if errand.lane == "request":
                raise
            log.info("a job goes on without the request that it had joined: %s", error)
        return None

    async def _with_job(self, key: str, plan: Plan, errand: Errand) -> Drawn | None:
        """Join a job's drawing, for as long as a request may take; the job goes on."""
        await self._check_told(plan, errand)
        if key not in self._flights:  # it ended meanwhile
            return self._remembered(plan)
        try:
            async with asyncio.timeout(errand.budget):
                return await self._joined(key, plan, errand)
        except TimeoutError as error:
            raise DeadlineExceeded(
                f"A job is drawing the picture, and has not within {errand.budget:g} s."
            ) from error

    async def _joined(self, key: str, plan: Plan, errand: Errand) -> Drawn:
        def tell(progress: Progress) -> None:
            self._flights.tell(key, progress)

        begun = False

        async def work() -> Drawn:
            nonlocal begun
            begun = True
            return await self._find_or_draw(plan, errand, tell)

        try:
            drawn, joined = await self._flights.join(key, work, listen=errand.progress)
        except LimitReached:
            if begun:
                raise
            return await self._joined(key, plan, errand)  # that limit is somebody else's
        if joined:
            return msgspec.structs.replace(drawn, source="joined", stages={})
        return drawn

    async def _find_or_draw(
        self, plan: Plan, errand: Errand, tell: Callable[[Progress], None]
    ) -> Drawn:
        start = time.perf_counter()
        stored = await self._unless_unavailable(
            lambda: self._renderings.get(plan.digest, plan.format)
        )
        if stored is not None:
            self._recent.put(plan.digest, stored)
            stages = {"store": _milliseconds(start)}
            return Drawn(rendering=stored, source="store", stages=stages, stored=True)
        drawn = await self._draw(plan, errand, tell)
        self._recent.put(plan.digest, drawn.rendering)
        if not errand.must_store:
            await self._keep(plan, drawn.rendering)
        return drawn

    async def _draw(self, plan: Plan, errand: Errand, tell: Callable[[Progress], None]) -> Drawn:
        await self._check_told(plan, errand)
        parsed = plan.parsed or await self._read(plan.data)
        self.check(plan, parsed.full)
        self._check_expected(plan, parsed.full, errand)
        start, warm = time.perf_counter(), self._pool.warm
        with self._turn(plan, errand):
            rendered = await self._noted(plan, parsed.full, errand, tell)
        total = _milliseconds(start)
        self._measure(plan, total, rendered.stages, warm=warm)
        warnings = (*parsed.warnings, *rendered.warnings)
        stages = {**rendered.stages, "render": total}
        rendering = StoredRendering(rendered.data, warnings)
        if errand.drawn is not None:
            errand.drawn(plan.digest, rendering)
        return Drawn(rendering=rendering, source="drawn", stages=stages)

    def _turn(self, plan: Plan, errand: Errand) -> AbstractContextManager[None]:
        """Count a render against the limit of who asked for it; jobs have slots of their own."""
        return self._turns.turn(plan.asked_by) if errand.lane == "request" else nullcontext()

    def _measure(
        self, plan: Plan, total: float, stages: Mapping[str, float], *, warm: bool
    ) -> None:
        self._metrics.observe("render_seconds", total / 1000, plan.format)
        for stage, milliseconds in stages.items():
            self._metrics.observe("render_stage_seconds", milliseconds / 1000, stage)
        if not has_reached(self._metrics, "picture"):
            reach(self._metrics, "picture")
            self._metrics.count("first_pictures", "warm" if warm else "cold")

    async def _check_told(self, plan: Plan, errand: Errand) -> None:
        """Refuse who is hurried what others tell of; the spec need not be read for that."""
        if errand.hurried is not None:
            _check_seconds(await errand.hurried(plan), errand.budget)

    def _check_expected(self, plan: Plan, full: FullSpec, errand: Errand) -> None:
        if errand.hurried is not None:
            _check_seconds(self._expectations.seconds(plan, full), errand.budget)

    async def _noted(
        self, plan: Plan, full: FullSpec, errand: Errand, tell: Callable[[Progress], None]
    ) -> Rendered:
        """Draw, and note how long that took, less what it had no processor for."""
        try:
            rendered = await self._render(self._order(plan, full), errand, tell)
        except DeadlineExceeded as error:
            self._expectations.spent(plan, errand.budget - error.starved)
            raise
        seconds = sum(rendered.stages.values()) / 1000 - rendered.starved
        self._expectations.took(plan, full, max(0.0, seconds))
        return rendered

    async def _render(
        self, order: Order, errand: Errand, tell: Callable[[Progress], None]
    ) -> Rendered:
        attributes = {"plotkiln.digest": order.digest, "plotkiln.format": order.format}
        with span("render", attributes):
            return await self._rendered(order, errand, tell)

    async def _rendered(
        self, order: Order, errand: Errand, tell: Callable[[Progress], None]
    ) -> Rendered:
        try:
            foreign = order.template is not None and order.template.foreign
            templates = self._templates.load() if foreign else None
            return await self._pool.render(
                order, budget=errand.budget, templates=templates, lane=errand.lane, progress=tell
            )
        except UnavailableError as error:
            self._metrics.count("renders_refused", type(error).__name__)
            raise

    def _order(self, plan: Plan, full: FullSpec) -> Order:
        return Order(
            spec=full,
            style=plan.look.style,
            format=plan.format,
            spec_digest=plan.spec_digest,
            style_digest=plan.look.digest,
            digest=plan.digest,
            versions=self._versions,
            template=_template_order(plan.template) if plan.template else None,
        )

    async def _keep(self, plan: Plan, rendering: StoredRendering) -> None:
        await self._unless_unavailable(
            lambda: self._renderings.put(plan.digest, plan.format, rendering)
        )

    async def _unless_unavailable(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """Return the result, or None where the store fails: it is a cache, and we can draw."""
        try:
            async with asyncio.timeout(_PATIENCE):
                return await call()
        except StoreUnavailable as error:
            log.warning("%s", error)
        except TimeoutError:
            log.warning("The store of renderings did not answer for %g s.", _PATIENCE)
        self._metrics.count("store_failures", "renderings")
        return None


def _check_seconds(seconds: float, budget: float) -> None:
    """Raise `SlowDrawing` for more than the budget."""
    if seconds > budget:
        raise SlowDrawing(
            f"The drawing is expected to take {seconds:.3g} s, more than the {budget:g} s that"
            " somebody may wait for it."
        )


def check_pixels(full: FullSpec, style: Style, most: int) -> None:
    """Raise `RuleError` when spec and style together ask for more than `most` pixels."""
    width, height, _ = picture_size(full, style)
    if width * height > most:
        message = f"{width} × {height} pixels are more than the {most} that are drawn: ask for less"
        path = "size" if full.width or full.height or full.dpi else "style"
        raise RuleError(faults=[Fault(path, message)])


def _template_order(use: TemplateUse) -> TemplateOrder:
    return TemplateOrder(source=use.source, name=use.name, code=use.code, foreign=use.foreign)


def _milliseconds(start: float) -> float:
    return (time.perf_counter() - start) * 1000
