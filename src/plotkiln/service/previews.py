"""Draw a spec in a style that nobody has stored."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import msgspec

from plotkiln.documents import capped
from plotkiln.errors import (
    Fault,
    InputError,
    MalformedError,
    RuleError,
    SchemaError,
    TooLargeError,
)
from plotkiln.identity import Principal
from plotkiln.service.live_looks import LiveLooks
from plotkiln.service.renders import Picture, Plan, RenderService
from plotkiln.spec import ParsedSpec
from plotkiln.spec.models import Format
from plotkiln.style.documents import check_name, parse_written
from plotkiln.style.looks import KnownStyle, Look
from plotkiln.style.resolution import resolve

__all__ = ["PreviewService"]

#: Which refusal speaks for several: the first of these that is among them.
_GRAVEST = (MalformedError, TooLargeError, SchemaError, RuleError, InputError)


class PreviewService:
    """Pictures in a style as it would look, for whoever is about to write it."""

    def __init__(self, renders: RenderService, live: LiveLooks) -> None:
        self._renders = renders
        self._live = live

    async def plan(
        self, principal: Principal, name: str, style: bytes, spec: bytes, *, accepted: Format
    ) -> Plan:
        """Settle what a spec yields in the style `name`, were `style` its document.

        What the document extends comes from the live styles; the style that the spec names counts
        for nothing. Raises `InputError` with every fault of both, below `style` and `spec`.
        """
        check_name(name)
        refused: list[InputError] = []
        look, parsed = None, None
        async with _below("style", refused):
            look = await self._look(name, style)
        async with _below("spec", refused):
            parsed = await self._renders.read(spec)
        if look is None or parsed is None:
            raise _joined(refused)
        return await self._plan(principal, spec, parsed, look, accepted)

    async def picture(self, plan: Plan) -> Picture:
        """Return the picture of a plan; raises what `RenderService.picture` raises."""
        try:
            return await self._renders.picture(plan)
        except RuleError as error:  # what spec and style ask for together
            raise RuleError(faults=map(_of_both, error.faults)) from error

    async def _look(self, name: str, style: bytes) -> Look:
        await self._live.settled()
        document = parse_written(style).style
        written = KnownStyle(name=name, version=0, style=document, state="fresh")
        return resolve(name, {**self._live.known(), name: written})

    async def _plan(
        self, principal: Principal, spec: bytes, parsed: ParsedSpec, look: Look, accepted: Format
    ) -> Plan:
        refused: list[InputError] = []
        template = None
        async with _below("spec", refused):
            template = await self._renders.template(parsed.spec.template)
        if refused:
            raise _joined(refused)
        return self._renders.plan_known(
            principal,
            spec,
            spec_digest=parsed.digest,
            format=parsed.spec.format or accepted,
            look=look,
            template=template,
            parsed=parsed,
        )


@asynccontextmanager
async def _below(place: str, refused: list[InputError]) -> AsyncIterator[None]:
    """Put a refusal aside, each of its faults below `place`."""
    try:
        yield
    except InputError as error:
        message = None if error.faults else str(error)
        refused.append(type(error)(message, faults=_moved(error.faults, place)))


def _moved(faults: Iterable[Fault], place: str) -> list[Fault]:
    return [msgspec.structs.replace(fault, path=_joint(place, fault.path)) for fault in faults]


def _joint(place: str, path: str) -> str:
    return f"{place}.{path}" if path and not path.startswith("[") else place + path


def _joined(refused: list[InputError]) -> InputError:
    """Return one refusal with the faults of all; what cannot be read at all has none."""
    gravest = next(kind for kind in _GRAVEST if any(isinstance(one, kind) for one in refused))
    faults = capped(fault for one in refused for fault in one.faults)
    first = next(one for one in refused if isinstance(one, gravest))
    return gravest(faults=faults) if first.faults else first


def _of_both(fault: Fault) -> Fault:
    """Name the place of a fault that shows only once style and spec come together."""
    path = "style.figure" if fault.path == "style" else _joint("spec", fault.path)
    return msgspec.structs.replace(fault, path=path)
