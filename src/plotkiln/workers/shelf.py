"""The templates that a render process has at hand. Zygotes and workers alone import this."""

from collections.abc import Callable, Iterable, Mapping
from typing import Self

from plotkiln.errors import DrawingFailed
from plotkiln.templates.descriptions import SourceDescription
from plotkiln.templates.loading import LoadedSource, LoadedTemplate, load_source
from plotkiln.templates.sources import Source, shipped_source
from plotkiln.workers.messages import TemplateOrder

__all__ = ["Shelf"]


class Shelf:
    """Loaded templates by source; those that come with plotkiln are loaded when first asked for."""

    def __init__(self, loaded: Mapping[str, LoadedSource] | None = None) -> None:
        self._loaded = dict(loaded or {})

    @classmethod
    def of(
        cls,
        sources: Iterable[Source],
        *,
        skip: Mapping[str, str],
        announce: Callable[[str], None],
    ) -> Self:
        """Load every source; see `load_source`."""
        return cls(
            {source.id: load_source(source, skip=skip, announce=announce) for source in sources}
        )

    @property
    def descriptions(self) -> list[SourceDescription]:
        """What was loaded, source by source."""
        return [loaded.description for loaded in self._loaded.values()]

    @property
    def codes(self) -> dict[str, str]:
        """The digest of each source's code as it was loaded."""
        return {source: loaded.code for source, loaded in self._loaded.items()}

    def load_shipped(self) -> None:
        """Load the templates that come with plotkiln, unless they are loaded already."""
        source = shipped_source()
        if source.id not in self._loaded:
            self._loaded[source.id] = load_source(source)

    def find(self, wanted: TemplateOrder) -> LoadedTemplate:
        """Return the template of an order; raises `DrawingFailed` where it is not at hand."""
        if not wanted.foreign:
            self.load_shipped()
        source = self._loaded.get(wanted.source)
        found = source.templates.get(wanted.name) if source else None
        if found is None:
            raise DrawingFailed(f"The template {wanted.name} cannot be loaded.")
        return found
