"""Redraw pictures because an event came that a rule wants."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from plotkiln.artifacts import Artifact, Drawing
from plotkiln.errors import InputError, PlotkilnError, UnavailableError
from plotkiln.events.event import CloudEvent
from plotkiln.events.rules import Rule
from plotkiln.identity import ANONYMOUS
from plotkiln.service.artifacts import ArtifactService, Newest

__all__ = ["Current", "Redraws"]

log = logging.getLogger("plotkiln.redraws")

#: Returns the data that an event of this moment would have, by subject; None where there is none.
Current = Callable[[str], Awaitable[Mapping[str, Any] | None]]


class Redraws:
    """What rules make of events."""

    def __init__(
        self,
        rules: Sequence[Rule],
        artifacts: ArtifactService,
        *,
        current: Mapping[str, Current] | None = None,
    ) -> None:
        """Take the rules; `current` knows, by type of event, what one of now would say.

        It is asked before each drawing, so that an event that was lost is healed by the next.
        """
        self._rules = {rule.name: rule for rule in rules}
        self._artifacts = artifacts
        self._current = current or {}

    async def handle(self, event: CloudEvent) -> None:
        """Redraw what an event changes, by every rule that it matches; twice changes nothing more.

        That a picture was redrawn does not redraw that picture.

        Raises `InputError` or `RenderError` when a redelivery would not help any rule, else
        `UnavailableError` when it may.
        """
        wanted = [
            (rule, drawing)
            for rule in self._rules.values()
            if rule.matches(event) and not rule.caused(event, drawing := rule.drawing(event))
        ]
        failures: list[PlotkilnError] = []
        for rule, drawing in wanted:
            try:
                newest = self._newest(rule, event, drawing.name)
                await self._artifacts.update(ANONYMOUS, drawing, newest=newest)
            except PlotkilnError as error:
                failures.append(error)
        if failures:
            raise max(failures, key=lambda error: isinstance(error, UnavailableError))

    async def refresh(self, record: Artifact) -> None:
        """Redraw what is recorded where its style, or its number, has changed since."""
        drawing = await self._by_now(record)
        newest = drawing if drawing and drawing.order > record.order else record.drawing
        await self._artifacts.update(ANONYMOUS, newest)

    def _newest(self, rule: Rule, event: CloudEvent, name: str) -> Newest | None:
        if event.type not in self._current or event.subject is None:
            return None

        async def newest() -> Drawing | None:
            drawing = await self._drawn_now(rule, event)
            return drawing if drawing is not None and drawing.name == name else None

        return newest

    async def _by_now(self, record: Artifact) -> Drawing | None:
        """Return what a record's rule draws of an event as it would be now."""
        cause = record.cause
        rule = self._rules.get(cause.rule) if cause else None
        if cause is None or rule is None:
            return None
        event = CloudEvent(id="now", source="/", type=cause.type, subject=cause.subject)
        newest = self._newest(rule, event, record.name)
        return await newest() if newest else None

    async def _drawn_now(self, rule: Rule, event: CloudEvent) -> Drawing | None:
        data = await self._current[event.type](event.subject or "")
        if data is None:
            return None
        now = msgspec.structs.replace(
            event, data=msgspec.json.encode(data), datacontenttype="application/json"
        )
        try:
            return rule.drawing(now)
        except InputError as error:
            log.warning("%s of %s draws nothing by now: %s", event.type, event.subject, error)
            return None
