"""Render a spec: find the rendering, or draw it once for everybody who asks."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, TypeVar

import msgspec

from plotkiln.artifacts import RecentRenderings, Renderings, StoredRendering
from plotkiln.documents import canonical_json, sha256_hex
from plotkiln.errors import (
    Fault,
    NotFoundError,
    RuleError,
    StoreUnavailable,
    TemplatesChanged,
    UnavailableError,
)
from plotkiln.identity import Principal
from plotkiln.service.flights import Flights
from plotkiln.service.metrics import Metrics
from plotkiln.service.templates import TRIES, TemplateService, TemplateUse
from plotkiln.spec import FullSpec, Limits, ParsedSpec, parse_spec
from plotkiln.spec.models import Format
from plotkiln.spec.templated import NotYetKnownError
from plotkiln.style.looks import DEFAULT, Look
from plotkiln.style.models import Style
from plotkiln.style.sizes import picture_size
from plotkiln.workers import Order, Pool, Rendered, Renderer, TemplateOrder

__all__ = ["Looks", "Picture", "Plan", "RenderService"]

log = logging.getLogger("plotkiln.renders")

T = TypeVar("T")

#: Bytes of a spec from which it is read in a thread, so that others do not wait meanwhile.
_LARGE_SPEC = 128 << 10


class Looks(Protocol):
    """Where looks come from; `look` never waits."""

    async def settled(self) -> None:
        """Wait, for a short time at most, until the stored styles were read once."""

    def look(self, name: str = DEFAULT) -> Look:
        """Return a look; raises `NotFoundError` for a name nobody knows."""


class Pins(Protocol):
    """Where looks of the past come from."""

    async def look(self, text: str) -> Look:
        """Return the look that a pin names; raises `NotFoundError` when there is none."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One rendering that is asked for; its digest is known, its bytes may not be."""

    digest: str
    format: Format
    look: Look
    spec_digest: str
    #: The spec as sent.
    data: bytes
    #: Read already, or None: a stored chart is read only when it must be drawn.
    parsed: ParsedSpec | None = None
    #: The template that draws, if the spec names one.
    template: TemplateUse | None = None


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A rendering, and how it came about."""

    plan: Plan
    data: bytes
    warnings: tuple[str, ...]
    #: memory, store, drawn, or joined with a render that was under way.
    source: str
    #: Milliseconds per stage.
    stages: Mapping[str, float]


class _Drawn(msgspec.Struct, frozen=True):
    rendering: StoredRendering
    stages: Mapping[str, float]
    source: str


class RenderService:
    """From specs to pictures."""

    def __init__(
        self,
        *,
        looks: Looks,
        pins: Pins,
        templates: TemplateService,
        pool: Pool,
        renderer: Renderer,
        recent: RecentRenderings,
        renderings: Renderings,
        limits: Limits,
        budget: float,
        metrics: Metrics,
    ) -> None:
        self._looks = looks
        self._pins = pins
        self._templates = templates
        self._pool = pool
        self._renderer = renderer
        self._renderer_key = renderer.key
        self._recent = recent
        self._renderings = renderings
        self._limits = limits
        self._budget = budget
        self._metrics = metrics
        self._flights: Flights[_Drawn] = Flights()

    async def read(self, data: bytes) -> ParsedSpec:
        """Read a spec; raises `InputError` with every fault."""
        try:
            return await self._parse(data)
        except NotYetKnownError:
            await self._templates.catalogue()
        return await self._parse(data)

    async def _parse(self, data: bytes) -> ParsedSpec:
        if len(data) < _LARGE_SPEC:
            return parse_spec(data, self._limits, self._templates)
        return await asyncio.to_thread(parse_spec, data, self._limits, self._templates)

    async def plan(
        self,
        principal: Principal,
        data: bytes,
        parsed: ParsedSpec,
        *,
        format: Format | None = None,  # noqa: A002 -- the field's word
        style: str | None = None,
    ) -> Plan:
        """Settle what a spec yields now: `format` and `style` override the spec's own.

        Raises `RuleError` for a style that the spec names and nobody knows, `NotFoundError` for one
        that `style` names.
        """
        look = await self.look(parsed.spec.style, override=style)
        return self.plan_known(
            principal,
            data,
            spec_digest=parsed.digest,
            format=format or parsed.spec.format or "png",
            look=look,
            template=await self.template(parsed.spec.template),
            parsed=parsed,
        )

    def plan_known(
        self,
        _principal: Principal,
        data: bytes,
        *,
        spec_digest: str,
        format: Format,  # noqa: A002 -- the field's word
        look: Look,
        template: TemplateUse | None = None,
        parsed: ParsedSpec | None = None,
    ) -> Plan:
        """Plan a spec whose digest is known, without reading it."""
        return Plan(
            digest=self._digest(spec_digest, look.digest, format, template),
            format=format,
            look=look,
            spec_digest=spec_digest,
            data=data,
            parsed=parsed,
            template=template,
        )

    async def template(self, name: str | None) -> TemplateUse | None:
        """Return the template that a spec names, by its code as it is now; None for none.

        Raises `RuleError` for one that is not there.
        """
        return None if name is None else await self._templates.use(name)

    async def look(self, name: str | None, *, override: str | None = None) -> Look:
        """Return the look a spec is drawn in; a name in a URL overrides the spec's own.

        What is pinned may wait for the store (`StoreUnavailable`), all else does not.
        """
        wanted = override or name or DEFAULT
        try:
            if "@" in wanted:
                return await self._pins.look(wanted)
            await self._looks.settled()
            return self._looks.look(wanted)
        except NotFoundError as error:
            if override:
                raise
            raise RuleError(faults=[Fault("style", str(error))]) from error

    async def picture(self, plan: Plan) -> Picture:
        """Return the rendering of a plan: from memory, from the store, or drawn.

        Where a template changes meanwhile, the picture is by the new code, and so is its plan.
        Raises `RuleError` when the picture would be too large, and what `Pool.render` raises.
        """
        for _ in range(TRIES):
            try:
                return await self._picture(plan)
            except TemplatesChanged:
                self._templates.refresh()
            plan = await self._planned_anew(plan)
        return await self._picture(plan)

    async def kept(self, digest: str, format: Format) -> StoredRendering | None:  # noqa: A002
        """Return a rendering by its digest, None where nobody keeps it: nothing is drawn."""
        return self._recent.get(digest) or await self._unless_unavailable(
            lambda: self._renderings.get(digest, format)
        )

    async def _planned_anew(self, plan: Plan) -> Plan:
        parsed = await self.read(plan.data)
        template = await self.template(parsed.spec.template)
        digest = self._digest(plan.spec_digest, plan.look.digest, plan.format, template)
        return msgspec.structs.replace(plan, digest=digest, parsed=parsed, template=template)

    async def _picture(self, plan: Plan) -> Picture:
        kept = self._recent.get(plan.digest)
        if kept is not None:
            self._metrics.count("pictures", "memory")
            return _picture(plan, kept, "memory", {})
        drawn, joined = await self._flights.join(plan.digest, lambda: self._find_or_draw(plan))
        source = "joined" if joined else drawn.source
        self._metrics.count("pictures", source)
        return _picture(plan, drawn.rendering, source, {} if joined else drawn.stages)

    async def _find_or_draw(self, plan: Plan) -> _Drawn:
        start = time.perf_counter()
        stored = await self._stored(plan)
        if stored is not None:
            self._recent.put(plan.digest, stored)
            return _Drawn(stored, {"store": _milliseconds(start)}, "store")
        drawn = await self._draw(plan)
        self._recent.put(plan.digest, drawn.rendering)
        await self._keep(plan, drawn.rendering)
        return drawn

    async def _draw(self, plan: Plan) -> _Drawn:
        parsed = plan.parsed or await self.read(plan.data)
        check_pixels(parsed.full, plan.look.style, self._limits.pixels)
        start = time.perf_counter()
        rendered = await self._render(self._order(plan, parsed.full))
        total = _milliseconds(start)
        self._metrics.observe("render_seconds", total / 1000, plan.format)
        warnings = (*parsed.warnings, *rendered.warnings)
        stages = {**rendered.stages, "render": total}
        return _Drawn(StoredRendering(rendered.data, warnings), stages, "drawn")

    async def _render(self, order: Order) -> Rendered:
        try:
            foreign = order.template is not None and order.template.foreign
            templates = self._templates.load() if foreign else None
            return await self._pool.render(order, budget=self._budget, templates=templates)
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
            versions=self._renderer.versions,
            template=_template_order(plan.template) if plan.template else None,
        )

    async def _stored(self, plan: Plan) -> StoredRendering | None:
        return await self._unless_unavailable(
            lambda: self._renderings.get(plan.digest, plan.format)
        )

    async def _keep(self, plan: Plan, rendering: StoredRendering) -> None:
        await self._unless_unavailable(
            lambda: self._renderings.put(plan.digest, plan.format, rendering)
        )

    async def _unless_unavailable(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """Return the result, or None where the store fails: it is a cache, and we can draw."""
        try:
            return await call()
        except StoreUnavailable as error:
            self._metrics.count("store_failures", "renderings")
            log.warning("%s", error)
            return None

    def _digest(
        self,
        spec_digest: str,
        style_digest: str,
        format: Format,  # noqa: A002 -- the field's word
        template: TemplateUse | None,
    ) -> str:
        everything = {
            "format": format,
            "renderer": self._renderer_key,
            "spec": spec_digest,
            "style": style_digest,
            **({"template": template.key} if template else {}),
        }
        return sha256_hex(canonical_json(everything))


def check_pixels(full: FullSpec, style: Style, most: int) -> None:
    """Raise `RuleError` when spec and style together ask for more than `most` pixels."""
    width, height, _ = picture_size(full, style)
    if width * height > most:
        message = f"{width} × {height} pixels are more than the {most} that are drawn: ask for less"
        path = "size" if full.width or full.height or full.dpi else "style"
        raise RuleError(faults=[Fault(path, message)])


def _picture(
    plan: Plan, rendering: StoredRendering, source: str, stages: Mapping[str, float]
) -> Picture:
    warnings = (*plan.look.warnings, *rendering.warnings)
    return Picture(plan=plan, data=rendering.data, warnings=warnings, source=source, stages=stages)


def _template_order(use: TemplateUse) -> TemplateOrder:
    return TemplateOrder(source=use.source, name=use.name, code=use.code, foreign=use.foreign)


def _milliseconds(start: float) -> float:
    return (time.perf_counter() - start) * 1000
