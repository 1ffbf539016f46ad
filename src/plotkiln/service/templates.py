"""Which templates there are, and what a picture by one of them depends on."""

import asyncio
import logging
from pathlib import Path

import msgspec

from plotkiln.errors import Fault, NotFoundError, RuleError, TemplatesChanged
from plotkiln.identity import Principal
from plotkiln.spec.templated import NotYetKnownError
from plotkiln.templates.catalogue import Catalogue, KnownTemplate, TemplateList
from plotkiln.templates.descriptions import (
    DescribedTemplate,
    SourceDescription,
    keep_descriptions,
    kept_descriptions,
)
from plotkiln.templates.sources import Source, TemplateSources
from plotkiln.workers import Pool, Templates

__all__ = ["SHIPPED_DESCRIPTIONS", "TRIES", "TemplateService", "TemplateUse", "shipped_templates"]

log = logging.getLogger("plotkiln.templates")

#: What the templates are that come with plotkiln; made by tools/describe_shipped_templates.py.
SHIPPED_DESCRIPTIONS = Path(__file__).parents[1] / "templates" / "shipped.json"

#: How often code is looked at anew that changes while it is loaded, or before it draws.
TRIES = 5


def shipped_templates() -> list[DescribedTemplate]:
    """Return the templates that come with plotkiln."""
    sources = kept_descriptions(SHIPPED_DESCRIPTIONS).values()
    return [template for source in sources for template in source.templates]


class TemplateUse(msgspec.Struct, frozen=True, kw_only=True):
    """A template, by the code that it has now."""

    name: str
    #: The name of its source among all sources.
    source: str
    #: Digest of the source's code.
    code: str
    #: Digest of all that its pictures depend on, but for their parameters.
    key: str
    #: Whether it is the code of others.
    foreign: bool


class TemplateService:
    """The templates of all sources; the web process never loads one.

    Descriptions are kept by what they describe: only code that nobody has seen yet waits for a
    render process to describe it.
    """

    def __init__(self, sources: TemplateSources, pool: Pool, *, keep: Path) -> None:
        self._sources = sources
        self._pool = pool
        #: The file that descriptions are kept in.
        self._keep = keep
        self._descriptions: dict[str, SourceDescription] | None = None
        self._catalogue: tuple[tuple[Source, ...], Catalogue] | None = None
        self._describing = asyncio.Lock()

    async def list(self, _principal: Principal) -> TemplateList:
        """Return every template, and what could not be loaded."""
        return (await self.catalogue()).list()

    async def get(self, _principal: Principal, name: str) -> DescribedTemplate:
        """Return one template; raises `NotFoundError` with the nearest name."""
        found = (await self.catalogue()).find(name)
        if isinstance(found, str):
            raise NotFoundError(found)
        return found.described

    def find(self, name: str) -> KnownTemplate | str:
        """Return a template, or say why there is none; raises `NotYetKnownError`."""
        known = self.known
        if known is None:
            raise NotYetKnownError
        return known.find(name)

    async def use(self, name: str) -> TemplateUse:
        """Return a template as it is now; raises `RuleError` for one that a spec may not name."""
        found = (await self.catalogue()).find(name)
        if isinstance(found, str):
            raise RuleError(faults=[Fault("template", found)])
        source = found.source
        return TemplateUse(
            name=name,
            source=source.id,
            code=source.code,
            key=source.key,
            foreign=source.kind != "shipped",
        )

    @property
    def known(self) -> Catalogue | None:
        """All templates as they are now; None while some code is not described."""
        sources = self._sources.current()
        if self._catalogue is None or self._catalogue[0] != sources:
            described = [self._known_descriptions.get(source.key) for source in sources]
            whole = [one for one in described if one is not None]
            if len(whole) < len(sources):
                return None
            self._catalogue = sources, Catalogue(zip(sources, whole, strict=True))
        return self._catalogue[1]

    async def catalogue(self) -> Catalogue:
        """Return all templates as they are now, described by a render process where need be.

        Raises `WorkersUnavailable` when there is none, `TemplatesChanged` when code never rests.
        """
        if (known := self.known) is not None:
            return known
        async with self._describing:
            await self._pool.wake()  # which takes long: what is read after it is newest
            self.refresh()
            for _ in range(TRIES):
                if (known := self.known) is not None:
                    return known
                try:
                    await self._describe()
                except TemplatesChanged:
                    self.refresh()
        raise TemplatesChanged

    def refresh(self) -> None:
        """Look at the code again, now."""
        self._sources.refresh()

    def load(self) -> Templates:
        """Return what a render process loads: all code as it is now, less what would end it."""
        sources = self._sources.current()
        known = [self._known_descriptions.get(source.key) for source in sources]
        broken = [one for found in known if found for one in found.broken]
        return Templates(sources, {one.target: one.message for one in broken if one.fatal})

    async def _describe(self) -> None:
        described = await self._pool.describe(self.load())
        self._known_descriptions.update({found.key: found for found in described})
        for found in described:
            for broken in found.broken:
                log.warning("template %s: %s", broken.target or broken.source, broken.message)
        try:
            keep_descriptions(self._keep, described)
        except OSError as error:
            log.warning("%s: %s", self._keep, error.strerror)

    @property
    def _known_descriptions(self) -> dict[str, SourceDescription]:
        if self._descriptions is None:
            kept = kept_descriptions(self._keep)
            self._descriptions = {**kept, **kept_descriptions(SHIPPED_DESCRIPTIONS)}
        return self._descriptions
