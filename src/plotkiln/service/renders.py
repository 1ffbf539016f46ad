"""Render a spec: find the rendering, or draw it once for everybody who asks."""

import asyncio
from collections.abc import Callable
from typing import Protocol

import msgspec

from plotkiln.artifacts import RecentRenderings, Renderings, StoredRendering
from plotkiln.documents import canonical_json, sha256_hex
from plotkiln.errors import Fault, NotFoundError, RuleError, TemplatesChanged
from plotkiln.identity import Principal
from plotkiln.service.drawings import Drawings, Drawn, Expectations, NoExpectations
from plotkiln.service.limits import UNLIMITED, RenderTurns
from plotkiln.service.metrics import Metrics
from plotkiln.service.plans import Errand, Hurry, Picture, Plan
from plotkiln.service.templates import TRIES, TemplateService, TemplateUse
from plotkiln.spec import Limits, ParsedSpec, parse_spec
from plotkiln.spec.models import Format
from plotkiln.spec.templated import NotYetKnownError
from plotkiln.style.looks import DEFAULT, Look
from plotkiln.traces import note, span
from plotkiln.workers import Lane, Pool, Progress, Renderer

__all__ = ["Looks", "Picture", "Plan", "RenderService"]

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
        expectations: Expectations | None = None,
        turns: RenderTurns = UNLIMITED,
        served: Callable[[str], None] = lambda _source: None,
    ) -> None:
        self._looks = looks
        self._pins = pins
        self._templates = templates
        self._renderer_key = renderer.key
        self._limits = limits
        self._budget = budget
        self._drawings = Drawings(
            read=self.read,
            templates=templates,
            pool=pool,
            versions=renderer.versions,
            recent=recent,
            renderings=renderings,
            limits=limits,
            metrics=metrics,
            expectations=expectations or NoExpectations(),
            turns=turns,
            served=served,
        )

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
            style=style or parsed.spec.style,
        )

    def plan_known(
        self,
        principal: Principal,
        data: bytes,
        *,
        spec_digest: str,
        format: Format,  # noqa: A002 -- the field's word
        look: Look,
        template: TemplateUse | None = None,
        parsed: ParsedSpec | None = None,
        style: str | None = None,
    ) -> Plan:
        """Plan a spec whose digest is known, without reading it; `style` is what was asked for."""
        digest = self._digest(spec_digest, look.digest, format, template)
        note(style=f"{look.name}@{look.version}", digest=digest)
        return Plan(
            digest=digest,
            format=format,
            look=look,
            spec_digest=spec_digest,
            data=data,
            parsed=parsed,
            template=template,
            style=style or DEFAULT,
            asked_by=f"{principal.name} {digest}" if principal.is_signed else principal.name,
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
        with span("style", {"plotkiln.style": wanted}):
            return await self._look(wanted, override=override)

    async def _look(self, wanted: str, *, override: str | None) -> Look:
        try:
            if "@" in wanted:
                return await self._pins.look(wanted)
            await self._looks.settled()
            return self._looks.look(wanted)
        except NotFoundError as error:
            if override:
                raise
            raise RuleError(faults=[Fault("style", str(error))]) from error

    def check(self, plan: Plan, parsed: ParsedSpec) -> None:
        """Raise `RuleError` for what no worker need be asked: a picture that would be too large."""
        self._drawings.check(plan, parsed.full)

    def expected(self, plan: Plan, parsed: ParsedSpec) -> float:
        """Return how many seconds a plan is thought to take to draw; 0 where nobody can tell."""
        return self._drawings.expected(plan, parsed.full)

    async def picture(
        self,
        plan: Plan,
        *,
        budget: float | None = None,
        progress: Callable[[Progress], None] | None = None,
        lane: Lane = "request",
        must_store: bool = False,
        drawn: Callable[[str, StoredRendering], None] | None = None,
        hurried: Hurry | None = None,
    ) -> Picture:
        """Return the rendering of a plan: from memory, from the store, or drawn.

        `budget` is the seconds that the drawing may take, None for those of a synchronous render.
        A job's `lane` waits for a worker of its own and takes no place from requests; what it
        `must_store` is in the store afterwards, and stays in memory for the next attempt where
        that fails; `drawn` is told as soon as it was drawn for this call, before it is stored.
        Cancelling ends the drawing at once, unless somebody else waits for it, too. Who is
        `hurried` has what is expected to take longer than its budget, also by others, refused
        (`SlowDrawing`).

        Where a template changes meanwhile, the picture is by the new code, and so is its plan.
        Raises what `Drawings.rendering` raises.
        """
        budget = self._budget if budget is None else budget
        errand = Errand(
            budget=budget,
            lane=lane,
            progress=progress,
            must_store=must_store,
            drawn=drawn,
            hurried=hurried,
        )
        for _ in range(TRIES):
            try:
                return _picture(plan, await self._drawings.rendering(plan, errand))
            except TemplatesChanged:
                self._templates.refresh()
            plan = await self._planned_anew(plan)
        return _picture(plan, await self._drawings.rendering(plan, errand))

    async def kept(self, digest: str, format: Format) -> StoredRendering | None:  # noqa: A002
        """Return a rendering by its digest, None where nobody keeps it: nothing is drawn."""
        return await self._drawings.kept(digest, format)

    async def _planned_anew(self, plan: Plan) -> Plan:
        parsed = await self.read(plan.data)
        template = await self.template(parsed.spec.template)
        digest = self._digest(plan.spec_digest, plan.look.digest, plan.format, template)
        return msgspec.structs.replace(plan, digest=digest, parsed=parsed, template=template)

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


def _picture(plan: Plan, drawn: Drawn) -> Picture:
    warnings = (*plan.look.warnings, *drawn.rendering.warnings)
    data, source, stages = drawn.rendering.data, drawn.source, drawn.stages
    return Picture(plan=plan, data=data, warnings=warnings, source=source, stages=stages)
