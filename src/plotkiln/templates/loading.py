"""Loads templates: runs their code, and describes what it declares. Render processes alone do."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

import msgspec

from plotkiln.templates.declaration import Template
from plotkiln.templates.descriptions import BrokenTemplate, DescribedTemplate, SourceDescription
from plotkiln.templates.files import TooManyFilesError, code_digest
from plotkiln.templates.imports import make_importable, module_of_file
from plotkiln.templates.places import place_of, told
from plotkiln.templates.sources import Source

__all__ = ["LoadedSource", "LoadedTemplate", "load_source"]


class LoadedTemplate(msgspec.Struct, frozen=True):
    """A template that can draw in this process."""

    template: Template[...]
    #: The folder or the file that its code lies in.
    root: str


class LoadedSource(msgspec.Struct, frozen=True):
    """What one source holds in this process."""

    description: SourceDescription
    #: By name.
    templates: Mapping[str, LoadedTemplate]
    #: Digest of the code that was loaded; empty where it changed meanwhile.
    code: str


def load_source(
    source: Source,
    *,
    skip: Mapping[str, str] | None = None,
    announce: Callable[[str], None] = lambda _target: None,
) -> LoadedSource:
    """Load every target of a source; one that fails is described as broken, and harms no other.

    `skip` names targets that are known to end the process, and says why; `announce` is told of each
    target before its code runs.
    """
    before = _code_now(source)
    templates: dict[str, LoadedTemplate] = {}
    described: dict[str, DescribedTemplate] = {}
    broken = [_broken_source(source)] if source.fault else []
    if source.kind == "folder":
        make_importable(Path(source.root))
    for target in source.targets:
        if skip and target in skip:
            broken.append(_broken(source, target, skip[target], fatal=True))
            continue
        announce(target)
        try:
            for template in _templates(source, target):
                _add(template, source, templates, described)
        except BaseException as error:  # noqa: BLE001 -- the process boundary: anything
            broken.append(_broken_by(error, source, target))
    description = SourceDescription(
        key=source.key, templates=list(described.values()), broken=broken
    )
    return LoadedSource(description, templates, before if before == _code_now(source) else "")


def _add(
    template: Template[...],
    source: Source,
    templates: dict[str, LoadedTemplate],
    described: dict[str, DescribedTemplate],
) -> None:
    """Take one template in; raises `ValueError` where its name is taken."""
    name, file = template.name, _file_of(template, source)
    if name in described:
        if described[name].file == file:
            return  # a file that imports another's templates
        raise ValueError(f"the name {name} is taken by {described[name].file}")
    templates[name] = LoadedTemplate(template, source.root)
    described[name] = DescribedTemplate(
        name=name,
        title=template.title,
        description=template.description,
        source=source.name,
        file=file,
        params=template.schema,
        size=template.size,
    )


def _templates(source: Source, target: str) -> Iterator[Template[...]]:
    """Import a target and yield the templates that it declares."""
    if source.kind == "folder":
        yield from _declared(module_of_file(Path(source.root, target)))
        return
    module_name, _, attribute = target.partition(":")
    found: object = importlib.import_module(module_name.strip())
    for part in filter(None, attribute.strip().split(".")):
        found = getattr(found, part)
    if isinstance(found, ModuleType):
        yield from _declared(found)
    elif isinstance(found, Template):
        yield found
    else:
        raise TypeError(f"{target} is no template and no module: decorate a function by @template")


def _declared(module: ModuleType) -> Iterator[Template[...]]:
    found = {id(value): value for value in vars(module).values() if isinstance(value, Template)}
    yield from found.values()


def _file_of(template: Template[...], source: Source) -> str:
    code = getattr(template.function, "__code__", None)
    file = Path(code.co_filename) if code else Path()
    root = Path(source.root)
    return str(file.relative_to(root)) if file.is_relative_to(root) and file != root else file.name


def _code_now(source: Source) -> str:
    try:
        return code_digest(Path(source.root)) if source.code else ""
    except TooManyFilesError:
        return ""


def _broken_by(error: BaseException, source: Source, target: str) -> BrokenTemplate:
    place = place_of(error, source.root)
    return BrokenTemplate(
        source=source.name,
        target=target,
        message=told(error, source.root),
        file=place.file if place else "",
        line=place.line if place else None,
    )


def _broken_source(source: Source) -> BrokenTemplate:
    return _broken(source, "", source.fault, fatal=False)


def _broken(source: Source, target: str, message: str, *, fatal: bool) -> BrokenTemplate:
    return BrokenTemplate(source=source.name, target=target, message=message, fatal=fatal)
