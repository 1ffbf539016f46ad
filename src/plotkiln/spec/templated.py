"""A spec that names a template: which members go with it, and whether its parameters fit."""

from collections.abc import Sequence
from typing import Any, Protocol

from plotkiln.documents import nearest
from plotkiln.errors import Fault
from plotkiln.spec.faults import Faults
from plotkiln.spec.full import FullSpec
from plotkiln.spec.models import Size, Spec

__all__ = [
    "NO_TEMPLATES",
    "NotYetKnownError",
    "TemplateRules",
    "Templates",
    "template_spec",
]

#: Members that say something of every picture, a template's too.
_ALWAYS = frozenset({"template", "params", "size", "format", "style", "alt"})


class NotYetKnownError(Exception):
    """Which templates there are is not known yet: ask again when it is."""


class TemplateRules(Protocol):
    """What a spec must keep to when it names one template."""

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height, in pixels, where a spec names none."""

    @property
    def names(self) -> Sequence[str]:
        """The parameters' names."""

    def faults(self, params: dict[str, Any]) -> Sequence[Fault]:
        """Return every fault of parameters; paths begin with `params`."""


class Templates(Protocol):
    """The templates that there are."""

    def find(self, name: str) -> TemplateRules | str:
        """Return one, or say why there is none; may raise `NotYetKnownError`."""


class _NoTemplates:
    def find(self, name: str) -> str:
        return f"{name} is no template: there are none here"


#: Where nobody has any.
NO_TEMPLATES: Templates = _NoTemplates()


def template_spec(spec: Spec, templates: Templates, faults: Faults) -> FullSpec | None:
    """Write a spec with a template out in full; note every fault, and return None for some.

    A template that has a size keeps its proportions where a spec names one side alone.
    """
    if spec.template is None:
        faults.add("params", "is given without a template that takes it: name one, or remove it")
        return None
    found = templates.find(spec.template)
    rules = None if isinstance(found, str) else found
    for member in _beside(spec):
        faults.add(member, _out_of_place(member, rules))
    if isinstance(found, str):
        faults.add("template", found)
        return None
    params = spec.params or {}
    for fault in found.faults(params):
        faults.add(fault.path, fault.message)
    size = spec.size or Size()
    width, height = _sides(size, found.size)
    return FullSpec(
        template=spec.template,
        params=params,
        width=width,
        height=height,
        dpi=size.dpi,
        alt=spec.alt,
    )


def _beside(spec: Spec) -> list[str]:
    """Return the members that say what a template says itself."""
    bare = Spec()
    return [
        name
        for name in spec.__struct_fields__
        if name not in _ALWAYS and getattr(spec, name) != getattr(bare, name)
    ]


def _out_of_place(member: str, rules: TemplateRules | None) -> str:
    hint = nearest(member, rules.names).replace("mean ", "mean params.") if rules else ""
    return f"does not go with a template, which draws everything itself{hint}: remove it"


def _sides(size: Size, own: tuple[int, int] | None) -> tuple[int | None, int | None]:
    if own is None or (size.width and size.height):
        return size.width, size.height
    if size.width:
        return size.width, max(round(size.width * own[1] / own[0]), 1)
    if size.height:
        return max(round(size.height * own[0] / own[1]), 1), size.height
    return own
