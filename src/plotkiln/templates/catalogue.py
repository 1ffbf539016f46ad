"""Every template by name: what the web process knows, without having loaded any."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import msgspec

from plotkiln.documents import Validator, nearest
from plotkiln.errors import Fault
from plotkiln.templates.declaration import below_params
from plotkiln.templates.descriptions import BrokenTemplate, DescribedTemplate, SourceDescription
from plotkiln.templates.sources import Source

__all__ = ["Catalogue", "KnownTemplate", "TemplateList"]


class TemplateList(msgspec.Struct, frozen=True):
    """All templates, and what could not be loaded."""

    templates: list[DescribedTemplate]
    broken: list[BrokenTemplate]


class KnownTemplate:
    """One template: its description, its source, and its contract."""

    def __init__(self, described: DescribedTemplate, source: Source) -> None:
        self.described = described
        self.source = source

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height, in pixels, where a spec names none."""
        if self.described.size is None:
            return None
        width, height = self.described.size
        return width, height

    @property
    def names(self) -> list[str]:
        """The parameters' names."""
        return list(self.described.params.get("properties", {}))

    def faults(self, params: dict[str, Any]) -> list[Fault]:
        """Return every way in which parameters break the contract; paths begin with `params`."""
        if self._validator.is_valid(params):
            return []
        return [below_params(fault) for fault in self._validator.faults(params)]

    @cached_property
    def _validator(self) -> Validator:
        return Validator(self.described.params, formats=True)


class Catalogue:
    """The templates of some sources; of equal names the first counts, the others are broken."""

    def __init__(self, described: Iterable[tuple[Source, SourceDescription]]) -> None:
        #: By name.
        self.templates: dict[str, KnownTemplate] = {}
        self.broken: list[BrokenTemplate] = []
        for source, description in described:
            self.broken += description.broken
            for found in description.templates:
                self._add(found, source)

    def list(self) -> TemplateList:
        """Return every description, by name."""
        known = [self.templates[name].described for name in sorted(self.templates)]
        return TemplateList(known, self.broken)

    def find(self, name: str) -> KnownTemplate | str:
        """Return a template, or say why there is none of that name."""
        return self.templates.get(name) or self._missing(name)

    def _missing(self, name: str) -> str:
        for broken in self.broken:
            if broken.target.partition(".py")[0] == name:
                return f"{broken.target} is broken: {broken.message}"
        listed = "GET /templates lists them" if self.templates else "there are none"
        return f"{name} is no template{nearest(name, self.templates)}: {listed}"

    def _add(self, found: DescribedTemplate, source: Source) -> None:
        first = self.templates.get(found.name)
        if first is None:
            self.templates[found.name] = KnownTemplate(found, source)
            return
        message = f"the name {found.name} is taken by {' '.join(_place(first.described))}"
        self.broken.append(BrokenTemplate(source=found.source, target=found.file, message=message))


def _place(described: DescribedTemplate) -> Iterator[str]:
    yield described.file
    yield f"of {described.source}"
