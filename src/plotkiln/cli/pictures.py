"""Named pictures: what draws them by which rules, and where the public finds them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import msgspec

from plotkiln.artifacts import open_published
from plotkiln.cli.eventing import Eventing
from plotkiln.cli.places import renderings_url
from plotkiln.cli.shared import SharedStores
from plotkiln.cli.workshop import Workshop
from plotkiln.counter.counting import HITS, NEW_HIT, Counting
from plotkiln.counter.rules import HIT_RULES
from plotkiln.events.event import CloudEvent
from plotkiln.events.filters import Filter
from plotkiln.events.rules import load_rules, read_rules, rules_digest
from plotkiln.events.subscribers import Handler
from plotkiln.service.artifacts import ArtifactService
from plotkiln.service.public_keys import PublicKeys
from plotkiln.service.redraws import Redraws
from plotkiln.service.restyles import Restyles
from plotkiln.settings import Settings

__all__ = ["Pictures", "artifact_service", "open_pictures"]


class Pictures(msgspec.Struct, frozen=True):
    """Named pictures, and who handles events that concern them."""

    artifacts: ArtifactService
    counting: Counting
    redraws: Redraws
    #: What the rules of a file want beside the built-in ones, which have Triggers of their own.
    drawn: Sequence[Filter]
    #: Changes with what is done because of an event.
    scope: str

    @property
    def programs(self) -> dict[str, Handler]:
        """The programs that Triggers may name."""
        draw = self.redraws.handle
        return {"hit-counter": self.counting.handle, "hit-picture": draw, "render": draw}

    async def handle(self, event: CloudEvent) -> CloudEvent | None:
        """Do with an event what all programs do; each passes over what is not its own."""
        reply = await self.counting.handle(event) if event.type == NEW_HIT else None
        await self.redraws.handle(event)
        return reply


@asynccontextmanager
async def open_pictures(
    settings: Settings, workshop: Workshop, shared: SharedStores, eventing: Eventing
) -> AsyncIterator[Pictures]:
    """Yield named pictures, which follow their styles meanwhile.

    Raises `SettingsError` with every fault of the rules.
    """
    rules = load_rules(settings.rules, HIT_RULES)
    counting = Counting(shared.totals, count=workshop.metrics.count)
    artifacts = artifact_service(settings, workshop, shared, eventing)
    redraws = Redraws(rules, artifacts, current={HITS: counting.current})
    async with Restyles(shared.artifacts, redraws, workshop.live):
        built_in = [rule.filter for rule in read_rules(HIT_RULES)]
        drawn = [rule.filter for rule in rules if rule.filter not in built_in]
        yield Pictures(artifacts, counting, redraws, drawn, f"render {rules_digest(rules)}")


def artifact_service(
    settings: Settings, workshop: Workshop, shared: SharedStores, eventing: Eventing
) -> ArtifactService:
    """Return what draws named pictures and shows them."""
    public = None
    if settings.artifacts_public_url:
        published = open_published(renderings_url(settings))
        public = PublicKeys(published, shared.artifacts, workshop.renders)
    return ArtifactService(
        shared.artifacts,
        workshop.renders,
        styles_known=lambda: workshop.live.reachable,
        metrics=workshop.metrics,
        public=public,
        publish=eventing.tell_artifact,
        job_budget=settings.job_budget,
    )
